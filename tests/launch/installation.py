"""A copy of the project in a folder of its own, run by an ordinary user with nothing but Python."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What any small system has. No Node, no PostgreSQL, no pip of the system is in reach.
PLAIN_TOOLS = ("env", "sh", "cp", "cat", "ls", "mkdir", "rm", "uname", "dirname", "sed")


class Installation:
    def __init__(self) -> None:
        # Readable for the ordinary user, unlike pytest's own folders; the name has a space on purpose.
        self.home = Path(tempfile.mkdtemp(prefix="crm launch "))
        self.folder = self.home / "tide well"
        self.user = "nobody" if os.geteuid() == 0 else None
        self._copy_working_tree()
        self.path = self._tools()
        if self.user:
            subprocess.run(["chown", "-R", "nobody", self.home], check=True)
        self._runs: list[Run] = []

    def run(self, *arguments: str, **settings: str) -> "Run":
        run = Run(self, arguments, settings)
        self._runs.append(run)
        return run

    def python(self, *arguments: str) -> str:
        """`.venv/bin/python …` as that user; its output."""
        command = [str(self.folder / ".venv" / "bin" / "python"), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, **self.circumstances())
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def circumstances(self, **settings: str) -> dict:
        env = {"PATH": self.path, "HOME": str(self.home), "LANG": "C.UTF-8", **settings}
        kept = ("SSL_", "PIP_", "NODE_", "http_", "https_", "HTTP_", "HTTPS_", "no_proxy", "NO_PROXY")
        env |= {name: value for name, value in os.environ.items() if name.startswith(kept)}
        return {"cwd": self.folder, "env": env, "user": self.user, "extra_groups": [] if self.user else None}

    def pids(self) -> dict[str, int]:
        facts = json.loads((self.folder / ".local/data/memory.json").read_text())
        return {name: pid for name, (pid, _mark) in facts["processes"].items()}

    def processes(self) -> list[str]:
        """Every process that works in this folder, however it was started."""
        found = []
        for entry in Path("/proc").iterdir():
            try:
                here = Path(os.readlink(entry / "cwd")).is_relative_to(self.folder)
                if entry.name.isdigit() and here:
                    found.append((entry / "cmdline").read_text().replace("\0", " ") or entry.name)
            except OSError:
                continue
        return found

    def wait_until_empty(self, seconds: float = 40) -> None:
        deadline = time.monotonic() + seconds
        while left := self.processes():
            assert time.monotonic() < deadline, f"still there: {left}"
            time.sleep(0.2)

    def remove(self) -> None:
        for run in self._runs:
            run.kill()
        shutil.rmtree(self.home, ignore_errors=True)

    def _copy_working_tree(self) -> None:
        names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        for name in names.splitlines():
            if (ROOT / name).is_file():
                target = self.folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, target)
        self.home.chmod(0o755)

    def _tools(self) -> str:
        tools = self.home / "tools"
        tools.mkdir()
        for tool in PLAIN_TOOLS:
            if found := shutil.which(tool):
                (tools / tool).symlink_to(found)
        (tools / "python3").symlink_to(plain_python())
        return str(tools)


class Run:
    """One `bin/run`."""

    def __init__(self, installation: Installation, arguments: tuple[str, ...], settings: dict[str, str]) -> None:
        self._log = installation.home / "run.log"
        self._installation = installation
        with self._log.open("w") as out:
            self.process = subprocess.Popen(
                [str(installation.folder / "bin" / "run"), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                **installation.circumstances(**settings),
            )

    @property
    def output(self) -> str:
        return self._log.read_text()

    def address(self, seconds: float = 400) -> str:
        """Wait until it is ready; where it answers."""
        deadline = time.monotonic() + seconds
        while not (found := re.search(r"Ready at (http://\S+)", self.output)):
            assert self.process.poll() is None and time.monotonic() < deadline, self._whole_story()
            time.sleep(0.1)
        return found[1]

    def fetch(self, path: str, seconds: float = 60) -> str:
        """The body of a page; a server that is just coming back is given time."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                return urllib.request.urlopen(self.address() + path, timeout=10).read().decode()
            except OSError:
                if time.monotonic() > deadline:
                    raise AssertionError(self._whole_story()) from None
                time.sleep(0.3)

    def end(self, number: int = signal.SIGINT, seconds: float = 60) -> int:
        self.process.send_signal(number)
        return self.process.wait(seconds)

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def _whole_story(self) -> str:
        logs = sorted((self._installation.folder / ".local" / "logs").glob("*.log"))
        tails = [f"--- {log.name}\n{log.read_text(errors='replace')[-1500:]}" for log in logs]
        return "\n".join([self.output, *tails])


def plain_python() -> str:
    """A Python that an ordinary user may start: the system's, or the one below this environment."""
    for candidate in ("/usr/bin/python3", "/usr/local/bin/python3", os.path.realpath(sys.executable)):
        ask = [candidate, "-c", "import sys, ensurepip; sys.exit(sys.version_info < (3, 11))"]
        if Path(candidate).exists() and subprocess.run(ask, capture_output=True).returncode == 0:
            return candidate
    raise RuntimeError("no Python 3.11 with ensurepip was found")
