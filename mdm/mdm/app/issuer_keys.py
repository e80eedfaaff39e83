"""The keys and addresses that an issuer publishes, fetched once and kept; an unknown key fetches anew."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx2
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey

from mdm.errors import MdmError

if TYPE_CHECKING:
    from mdm.settings import OidcSettings

SECONDS = 5.0
"""For one answer of the issuer."""

LARGEST = 256 * 1024
"""Bytes of an answer."""

PAUSE = 10.0
"""Seconds between two fetches for unknown keys; else anybody could make us ask the issuer all day."""

Key = RSAKey | ECKey | OKPKey


class IssuerUnreachableError(MdmError):
    """The issuer's keys cannot be fetched now."""


class IssuerKeys:
    """What one issuer publishes.

    Args:
        transport: what requests go through; in production the guarded one.
        clock: seconds that only grow.
    """

    def __init__(
        self,
        settings: OidcSettings,
        transport: httpx2.AsyncBaseTransport,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._transport = transport
        self._clock = clock
        self._lock = asyncio.Lock()
        self._keys: list[Key] = []
        self._metadata: dict[str, Any] = {}
        self._fetched = float("-inf")

    async def fitting(self, kid: str) -> list[Key]:
        """The keys that may have signed a token with this key's name; all of them if it names none.

        Raises:
            IssuerUnreachableError: there are no keys yet, and none can be fetched.
            ValueError: the issuer has no such key.
        """
        await self._refresh(older_than=self._settings.keys_seconds)
        found = self._named(kid)
        if not found:
            await self._refresh(older_than=PAUSE)
            found = self._named(kid)
        if not found:
            raise ValueError("the issuer has no key of this name")
        return found

    async def endpoint(self, name: str) -> str:
        """An address from the issuer's discovery document, such as `token_endpoint`.

        Raises:
            IssuerUnreachableError: the issuer does not answer, or does not say.
        """
        await self._refresh(older_than=self._settings.keys_seconds)
        found = self._metadata.get(name)
        if not isinstance(found, str) or not found.startswith(("https://", self._settings.issuer)):
            raise IssuerUnreachableError(f"The issuer {self._settings.issuer} names no {name}.")
        return found

    async def post(self, address: str, form: dict[str, str]) -> dict[str, Any]:
        """Send a form; returns the JSON object of the answer.

        Raises:
            IssuerUnreachableError: there was no such answer.
        """
        return await self._ask("POST", address, form)

    def _named(self, kid: str) -> list[Key]:
        return [key for key in self._keys if not kid or key.kid == kid]

    async def _refresh(self, *, older_than: float) -> None:
        if self._clock() - self._fetched < older_than:
            return
        async with self._lock:
            if self._clock() - self._fetched < older_than:
                return
            try:
                await self._fetch()
            except IssuerUnreachableError:
                if not self._keys:
                    raise
                # Old keys serve until the issuer answers again; asking is paused.
                self._fetched = self._clock() - self._settings.keys_seconds + PAUSE

    async def _fetch(self) -> None:
        issuer = self._settings.issuer
        metadata = await self._ask("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if metadata.get("issuer") != issuer:
            raise IssuerUnreachableError(
                f"{issuer} calls itself {metadata.get('issuer')!r}; correct the issuer."
            )
        try:
            published = KeySet.import_key_set(
                {
                    "keys": [
                        k for k in (await self._ask("GET", str(metadata["jwks_uri"])))["keys"] if _signs(k)
                    ]
                }
            )
        except (JoseError, KeyError, TypeError, ValueError) as exc:
            raise IssuerUnreachableError(f"{issuer} publishes keys that cannot be read.") from exc
        self._keys = [key for key in published.keys if isinstance(key, Key)]
        self._metadata, self._fetched = metadata, self._clock()

    async def _ask(self, method: str, address: str, form: dict[str, str] | None = None) -> dict[str, Any]:
        try:
            # The transport outlives the client: it is the application's.
            async with httpx2.AsyncClient(transport=_Shared(self._transport), timeout=SECONDS) as client:
                answer = await client.request(method, address, data=form)
                answer.raise_for_status()
                document = answer.json() if len(answer.content) <= LARGEST else None
        except (httpx2.HTTPError, httpx2.InvalidURL, MdmError, ValueError) as exc:
            raise IssuerUnreachableError(f"{address} does not answer ({type(exc).__name__}).") from exc
        if not isinstance(document, dict):
            raise IssuerUnreachableError(f"{address} answers with something else than a JSON object.")
        return document


class _Shared(httpx2.AsyncBaseTransport):
    def __init__(self, inner: httpx2.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        return await self._inner.handle_async_request(request)


def _signs(key: Any) -> bool:
    """Whether a published key is a public one for signatures."""
    return isinstance(key, dict) and key.get("kty") in {"RSA", "EC", "OKP"} and key.get("use", "sig") == "sig"
