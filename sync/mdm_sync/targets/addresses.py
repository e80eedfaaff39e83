"""Which addresses outbound requests may reach: global ones, and ranges that the deployment names."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from mdm.errors import AddressRefusedError, SettingsError
from mdm.settings import NetworkSettings

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolve = Callable[[str, int], Awaitable[list[str]]]

LOOPBACK: tuple[Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
# Translators (RFC 6052, RFC 8215) put an IPv4 address into the last four bytes.
NAT64: tuple[IPv6Network, ...] = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
# Special purposes of the IANA registries that older Pythons take for global.
SPECIAL: tuple[Network, ...] = tuple(
    ip_network(text) for text in ("192.0.0.0/24", "192.88.99.0/24", "fec0::/10", "3fff::/20", "5f00::/16")
)
# IPv4-compatible addresses are long gone, yet some systems still connect them to the IPv4 address inside.
COMPATIBLE = IPv6Network("::/96")


@dataclass(frozen=True)
class AddressGuard:
    """Decides about addresses, not about names: a name is resolved once, and that address is connected to.

    Attributes:
        allowed: ranges that may be reached though they are not global, also without encryption.
    """

    allowed: tuple[Network, ...] = ()

    def is_allowed(self, address: Address) -> bool:
        """Whether the deployment names the address."""
        return any(address in network for network in self.allowed if network.version == address.version)

    def may_reach(self, address: Address) -> bool:
        """Whether a request may go there; an IPv6 address that carries an IPv4 address must pass as both."""
        if self.is_allowed(address):
            return True
        inner = _inner(address)
        if inner is not None:
            return self.is_allowed(inner) or _is_public(inner)
        return _is_public(address)

    def choose(self, host: str, addresses: Sequence[str], *, encrypted: bool) -> Address:
        """The first address of a host that may be reached.

        Raises:
            AddressRefusedError: none may be.
        """
        parsed = [ip_address(text.partition("%")[0]) for text in addresses]
        for address in parsed:
            if self.may_reach(address) and (encrypted or self.is_allowed(address)):
                return address
        first = parsed[0]
        if self.may_reach(first):
            raise AddressRefusedError(host, str(first), "and http is for allowed addresses only (use https)")
        raise AddressRefusedError(host, str(first), "which is no address of the public internet")


def guard_of(network: NetworkSettings, *, dev: bool = False) -> AddressGuard:
    """The guard of a deployment.

    Args:
        dev: this machine may be reached too.

    Raises:
        SettingsError: an allowed range cannot be read.
    """
    ranges: list[Network] = []
    for text in network.allow:
        try:
            ranges.append(ip_network(text))
        except ValueError as exc:
            raise SettingsError(
                f"network.allow: {text!r} is no address range ({exc}); write one such as 10.0.0.0/8."
            ) from exc
    return AddressGuard((*ranges, *(LOOPBACK if dev else ())))


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, in the order the system prefers.

    Raises:
        OSError: the name cannot be resolved.
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _is_public(address: Address) -> bool:
    special = any(address in network for network in SPECIAL if network.version == address.version)
    return address.is_global and not address.is_multicast and not special


def _inner(address: Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for."""
    if isinstance(address, IPv4Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if any(address in network for network in NAT64) or (address in COMPATIBLE and int(address) > 1):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None
