"""An HTTP transport that resolves each host once, asks the guard, and connects to just that address."""

from __future__ import annotations

import httpx2

from mdm_sync.targets.addresses import AddressGuard, Resolve, resolve


class GuardedTransport(httpx2.AsyncBaseTransport):
    """Sends requests to the address that the guard chose; certificates and the Host header keep the name.

    No proxy of the environment is used: it would resolve the name once more, out of the guard's sight.
    """

    def __init__(self, guard: AddressGuard, *, lanes: int, resolver: Resolve = resolve) -> None:
        self._guard = guard
        self._resolve = resolver
        limits = httpx2.Limits(max_connections=lanes, max_keepalive_connections=lanes)
        self._inner = httpx2.AsyncHTTPTransport(trust_env=False, limits=limits)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request.

        Raises:
            AddressRefusedError: the host leads nowhere that may be reached.
            httpx2.TransportError: the network failed.
        """
        url = request.url
        port = url.port or (443 if url.scheme == "https" else 80)
        try:
            addresses = await self._resolve(url.host, port)
        except (OSError, UnicodeError) as exc:
            raise httpx2.ConnectError(f"{url.host} cannot be resolved: {exc}", request=request) from exc
        address = self._guard.choose(url.host, addresses, encrypted=url.scheme == "https")
        direct = httpx2.Request(
            request.method,
            url.copy_with(host=str(address)),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": url.host},
        )
        return await self._inner.handle_async_request(direct)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._inner.aclose()
