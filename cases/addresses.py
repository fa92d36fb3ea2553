"""Addresses that are called from here: which of them may be.

A tenant says where to call, and the installation stands inside a network that is not the tenant's. So an address is
taken only if it is public, all its forms considered, and what was looked up is what is connected to. Sources: IANA's
registries of special-purpose addresses, as `ipaddress` knows them; RFC 6052 (NAT64), 3056 (6to4), 4380 (Teredo).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import urlsplit

PORTS: Final = {"https": 443, "http": 80}
_HOST: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*")
_NAT64: Final = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
_SECRETS: Final = frozenset({"fd00:ec2::254", "100.100.100.200"})
"""Where clouds tell their servers secrets, but for those on the link."""
_INSIDE: Final = (".localhost", ".local", ".internal", ".home.arpa")
"""What ends the names of machines that are near (RFC 6761, RFC 6762, RFC 8375)."""
_NUMERIC: Final = re.compile(r"(0x[0-9a-f]*|\d+)")


class Refusable(ValueError):
    """An address that is not called; the text says why."""


@dataclass(frozen=True)
class Place:
    """An address taken apart. `host` is a name in lower case or an IP address."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """What the request says for its host."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return shown if self.port == PORTS[self.scheme] else f"{shown}:{self.port}"

    def at(self, address: str) -> str:
        """The URL that connects to `address` without asking anybody for the host again."""
        shown = f"[{address}]" if ":" in address else address
        return f"{self.scheme}://{shown}:{self.port}{self.target}"


def place_of(url: str, *, private: bool = False) -> Place:
    """The place that a URL names; `private` ones may be plain HTTP and at any port.

    Raises Refusable for anything but a plain HTTPS address of a host at port 443 or 8443, and for an IP address that
    could not be connected to; where a name leads is not known yet.
    """
    if not url.isascii() or any(character <= " " or character in '\\"<>^`{|}' for character in url) or len(url) > 2000:
        raise Refusable("This is no address.")
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        raise Refusable("This is no address.") from None
    if parts.scheme not in PORTS or (parts.scheme == "http" and not private):
        raise Refusable("An address begins with https://.")
    if parts.username is not None or parts.password is not None or "@" in parts.netloc:
        raise Refusable("An address has no user and no password.")
    if parts.fragment or "#" in url:
        raise Refusable("An address has no fragment.")
    if port not in (None, 443, 8443) and not (private and port):
        raise Refusable("The port is 443 or 8443.")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    plain = _host(host)
    if _is_ip(plain):
        connectable((plain,), private=private)
    elif not private and f".{plain}".endswith(_INSIDE):
        raise Refusable("The host is not public.")
    return Place(parts.scheme, plain, port or PORTS[parts.scheme], target)


def _host(host: str) -> str:
    """A name that is looked up as it is written, or an IP address in its one plain form."""
    if ":" in host and "%" not in host:
        try:
            return str(ip_address(host))
        except ValueError:
            raise Refusable("This is no host.") from None
    last = host.rstrip(".").rpartition(".")[2]
    if _NUMERIC.fullmatch(last):  # it would be read as a number: only the one plain form is meant as one
        try:
            return str(IPv4Address(host))
        except ValueError:
            raise Refusable("This is no host.") from None
    if not _HOST.fullmatch(host) or len(host) > 253:
        raise Refusable("This is no host.")
    return host


def _carries_ipv4(address: IPv6Address) -> bool:
    """Whether a translator or a tunnel would make an IPv4 address of it, whichever that is."""
    if address.sixtofour or address.teredo or any(address in network for network in _NAT64):
        return True
    # IPv4-compatible, long deprecated
    return int(address) >> 32 == 0 and not address.is_loopback and not address.is_unspecified


def _is_ip(host: str) -> bool:
    return ":" in host or _NUMERIC.fullmatch(host.rpartition(".")[2]) is not None


def is_public(address: str) -> bool:
    """Whether an IP address is of everybody's internet: no other network, and no way into one, stands behind it."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if "%" in address:
        return False
    if isinstance(found, IPv6Address) and (found.ipv4_mapped or _carries_ipv4(found)):
        return False
    return found.is_global and not found.is_multicast and not found.is_reserved


def is_inside(address: str) -> bool:
    """Whether an address may be called where private ones may: any of a host, but none of the link.

    On the link there are the machines that tell a cloud's servers their secrets (169.254.169.254); some are elsewhere.
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and _carries_ipv4(found):
        return False
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return str(mapped or found) not in _SECRETS and not any(
        (one.is_link_local or one.is_multicast or one.is_unspecified) for one in (found, mapped) if one
    )


def connectable(addresses: Iterable[str], *, private: bool) -> str:
    """The address to connect to, of those that a host has.

    Raises Refusable if there is none, or if one of them is not public and `private` does not allow that: a name that
    leads outside and inside is a trap.
    """
    found = list(addresses)
    if not found:
        raise Refusable("The host has no address.")
    if not all(map(is_inside if private else is_public, found)):
        raise Refusable("The host is not one to be called." if private else "The host is not public.")
    return found[0]
