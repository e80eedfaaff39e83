"""What proves who asks: an API key, the static token of the settings, an issuer's token, or a session."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool

from mdm.access import Principal, everything
from mdm.access.keys import KEY, principal_of_key, principal_of_key_id
from mdm.app.sessions import Sessions
from mdm.app.tokens import TokenIssuer
from mdm.hub import Hub


class Proofs:
    """Turns what a request carries into a principal; None for whatever proves nothing.

    Keys are looked up for each request, also those that a session began with, so that a revocation takes
    effect at once.
    """

    def __init__(self, hub: Hub, *, token: str, sessions: Sessions, issuer: TokenIssuer | None) -> None:
        self._hub = hub
        self._token = token
        self.sessions = sessions
        self.issuer = issuer

    async def bearer(self, given: str) -> Principal | None:
        """Who a bearer token or key belongs to."""
        if KEY.fullmatch(given):
            return await run_in_threadpool(self.key, given)
        if self.is_static_token(given):
            return self.static()
        return await self.issuer.principal(given) if self.issuer else None

    def is_static_token(self, given: str) -> bool:
        """Whether this is the token of the settings."""
        from mdm.app.access import token_matches

        return bool(self._token) and token_matches(given, self._token)

    @staticmethod
    def static(name: str = "api") -> Principal:
        """An administrator, who gives their name themselves."""
        return everything(name, audited=True)

    def key(self, given: str) -> Principal | None:
        """Who holds an API key."""
        with self._hub.read() as session:
            return principal_of_key(session, given, self._hub.clock(), self._hub.settings.auth)

    def session(self, given: str, *, seen: bool = True) -> Principal | None:
        """Who signed in and has neither left nor lost the key they came with.

        Args:
            seen: they did something just now, so that their session does not end by silence.
        """
        found = self.sessions.find(given, seen=seen)
        if found is None or not found.principal.key_id:
            return found.principal if found else None
        with self._hub.read() as session:
            now, auth = self._hub.clock(), self._hub.settings.auth
            return principal_of_key_id(session, found.principal.key_id, now, auth)
