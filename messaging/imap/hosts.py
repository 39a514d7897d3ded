"""Which servers we speak to: none in our own network, unless MAIL_PRIVATE_HOSTS allows it."""

import ipaddress
import socket
from typing import Any

from django.conf import settings

from messaging.states import Problem


class MailboxProblem(Exception):
    """``problem``: a code of Problem; ``detail``: what the server said."""

    def __init__(self, problem: str, detail: str = "") -> None:
        super().__init__(str(Problem(problem).label))
        self.problem, self.detail = problem, " ".join(detail.replace("\x00", "").split())[:200]


def address_of(host: str, port: int) -> tuple[str, int]:
    """Where to connect. The name is resolved once, here, so that it cannot mean another machine a moment later."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise MailboxProblem(Problem.UNKNOWN_HOST, str(error)) from error
    addresses = [str(info[4][0]) for info in found]
    if not settings.MAIL_PRIVATE_HOSTS and not all(map(is_public, addresses)):
        raise MailboxProblem(Problem.PRIVATE_HOST)
    return addresses[0], port


def is_public(address: str) -> bool:
    try:
        number: Any = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    number = getattr(number, "ipv4_mapped", None) or number
    return number.is_global and not number.is_multicast
