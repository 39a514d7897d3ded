"""From where somebody asks who is not signed in."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

# One household has a whole network of these.
_IPV6_NETWORK = 64


def address_of(request: HttpRequest) -> str:
    """The visitor's address; a network in IPv6. "" when it cannot be read.

    Each of our proxies adds the address that it saw at the end of X-Forwarded-For: what stands before those was written
    by the visitor and proves nothing.
    """
    seen = request.META.get("REMOTE_ADDR", "")
    if settings.PROXIES:
        parts = request.headers.get("X-Forwarded-For", "").split(",")
        seen = parts[-settings.PROXIES] if len(parts) >= settings.PROXIES else parts[0]
    try:
        address = ipaddress.ip_address(seen.strip())
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, _IPV6_NETWORK), strict=False))
    return str(address)


def key_of(address: str, *, salt: str) -> str:
    """Tells two of one address without telling the address; only who has the secret key could try all of them."""
    return salted_hmac(salt, address, algorithm="sha256").hexdigest()[:32] if address else ""
