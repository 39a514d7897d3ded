"""A small IMAP server on this machine: the few words that a poll speaks, over real sockets."""

import re
import socketserver
import threading
from contextlib import contextmanager
from typing import Any

PASSWORD = "quiet harbour"


class Letters:
    """What lies in the folder: number → bytes. ``broken`` numbers are named and not given; ``seen``: what was said."""

    def __init__(self) -> None:
        self.messages: dict[int, bytes] = {}
        self.validity, self.broken, self.seen = 7, set(), []
        self.claimed: dict[int, int] = {}  # sizes that are told, where they differ

    def put(self, *raws: bytes) -> None:
        for raw in raws:
            self.messages[max(self.messages, default=0) + 1] = raw


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    letters: Letters


@contextmanager
def serving(letters: Letters) -> Any:
    """The port on 127.0.0.1, until the block ends."""
    server = _Server(("127.0.0.1", 0), _Talk)
    server.letters = letters
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class _Talk(socketserver.StreamRequestHandler):
    timeout = 20

    def handle(self) -> None:
        self.letters: Letters = self.server.letters  # type: ignore[attr-defined]
        self._say(b"* OK ready")
        while line := self.rfile.readline():
            tag, _space, words = line.strip().partition(b" ")
            self.letters.seen.append(words.decode())
            name = words.split()[0].upper().decode()
            if not getattr(self, f"_{name.lower()}")(tag, words):
                return

    def _say(self, *parts: bytes) -> None:
        self.wfile.write(b"".join(parts) + b"\r\n")

    def _capability(self, tag: bytes, _words: bytes) -> bool:
        self._say(b"* CAPABILITY IMAP4rev1")
        self._say(tag, b" OK done")
        return True

    def _login(self, tag: bytes, words: bytes) -> bool:
        right = PASSWORD.encode() in words
        self._say(tag, b" OK signed in" if right else b" NO wrong user or password")
        return True

    def _examine(self, tag: bytes, words: bytes) -> bool:
        if b"INBOX" not in words:
            self._say(tag, b" NO no such folder")
            return True
        self._say(b"* %d EXISTS" % len(self.letters.messages))
        self._say(b"* OK [UIDVALIDITY %d] fine" % self.letters.validity)
        self._say(tag, b" OK [READ-ONLY] done")
        return True

    def _uid(self, tag: bytes, words: bytes) -> bool:
        if words.upper().startswith(b"UID SEARCH"):
            low = int(re.search(rb"UID (\d+):\*", words[10:])[1])  # type: ignore[index]
            numbers = [n for n in self.letters.messages if n >= low]
            # As servers do: the last message answers to any "n:*".
            numbers = numbers or list(self.letters.messages)[-1:]
            self._say(b"* SEARCH ", b" ".join(b"%d" % n for n in numbers))
            self._say(tag, b" OK done")
            return True
        return self._fetch(tag, words)

    def _fetch(self, tag: bytes, words: bytes) -> bool:
        asked = [int(n) for n in words.split()[2].split(b",")]
        for number in asked:
            raw = self.letters.messages.get(number)
            if raw is None:
                continue
            if b"RFC822.SIZE" in words:
                size = self.letters.claimed.get(number, len(raw))
                self._say(b"* %d FETCH (UID %d RFC822.SIZE %d)" % (number, number, size))
                continue
            if number in self.letters.broken:
                self._say(tag, b" NO this message cannot be read")
                return True
            if b"HEADER" in words:
                raw = raw.partition(b"\n\n")[0] + b"\r\n\r\n"
            self._say(b"* %d FETCH (UID %d BODY[] {%d}" % (number, number, len(raw)))
            self.wfile.write(raw)
            self._say(b")")
        self._say(tag, b" OK done")
        return True

    def _logout(self, tag: bytes, _words: bytes) -> bool:
        self._say(b"* BYE")
        self._say(tag, b" OK done")
        return False
