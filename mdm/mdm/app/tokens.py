"""Access tokens of an OpenID Connect issuer: signed JWTs, checked against the issuer's own keys.

What is pinned in the settings decides: issuer, audience and algorithms. What a token says of itself (`alg`,
`jku`, `jwk`, `x5u`, `kid`) never chooses a key from elsewhere, and only ever narrows the choice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import structlog
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from mdm.access.grants import principal_of
from mdm.access.principal import Principal
from mdm.app.issuer_keys import IssuerKeys, IssuerUnreachableError

if TYPE_CHECKING:
    from mdm.settings import AuthSettings, OidcSettings

LONGEST = 8192
"""Characters of a token; a longer one is none."""

TYPES = frozenset({"jwt", "at+jwt", "application/at+jwt", ""})
ID_TOKEN_CLAIMS = frozenset({"nonce", "at_hash", "c_hash"})
"""Only ID tokens carry them; such a token says who signed in elsewhere, not what may be done here."""

HEADER = frozenset({"alg", "kid", "typ"})
"""All that a header may hold: `crit`, `b64`, `zip` and keys within the token are refused."""

logger = structlog.get_logger("mdm.app")


class TokenIssuer:
    """The issuer whose tokens are taken."""

    def __init__(self, auth: AuthSettings, keys: IssuerKeys, clock: Callable[[], float] = time.time) -> None:
        if auth.oidc is None:
            raise ValueError("the settings name no issuer")
        self.settings: OidcSettings = auth.oidc
        self.keys = keys
        self._auth = auth
        self._clock = clock

    async def principal(self, token: str) -> Principal | None:
        """Who the token belongs to; None for every token that is not whole, ours, in time and mapped."""
        claims = await self.claims(token, audience=self.settings.audience)
        if claims is None or ID_TOKEN_CLAIMS & claims.keys():
            return None
        return self.mapped(claims)

    def mapped(self, claims: Mapping[str, Any]) -> Principal | None:
        """The principal of checked claims; None if no word of the claim is mapped to a grant."""
        name = claims.get(self.settings.name_claim)
        grants = [self.settings.map[word] for word in self._words(claims) if word in self.settings.map]
        if not grants or not isinstance(name, str) or not name.strip():
            return None
        return principal_of(name.strip()[:200], grants, self._auth)

    async def claims(self, token: str, *, audience: str) -> dict[str, Any] | None:
        """The claims of a token for this audience; None if anything about it is wrong."""
        if len(token) > LONGEST or token.count(".") != 2 or not token.isascii():
            return None
        try:
            header = _header(token)
            keys = await self.keys.fitting(str(header.get("kid", "")))
            decoded = jwt.decode(token, KeySet(list(keys)), algorithms=list(self.settings.algorithms))
            self._check(decoded.claims, audience)
        except (JoseError, ValueError, TypeError, KeyError) as exc:
            logger.info("token refused", reason=type(exc).__name__)
            return None
        except IssuerUnreachableError as exc:
            logger.warning("issuer unreachable", reason=str(exc))
            return None
        return decoded.claims

    def _check(self, claims: Mapping[str, Any], audience: str) -> None:
        registry = jwt.JWTClaimsRegistry(
            now=int(self._clock()),
            leeway=self.settings.leeway_seconds,
            iss={"essential": True, "value": self.settings.issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
        )
        registry.validate(dict(claims))

    def _words(self, claims: Mapping[str, Any]) -> list[str]:
        """The words of the mapped claim, a text or a list of texts at the end of a dotted path."""
        found: Any = claims
        for step in self.settings.claim.split("."):
            found = found.get(step) if isinstance(found, Mapping) else None
        words = found.split() if isinstance(found, str) else found
        return [word for word in words if isinstance(word, str)] if isinstance(words, list) else []


def _header(token: str) -> dict[str, Any]:
    """The header, if it holds nothing but an algorithm, a key's name and a type that we know."""
    from joserfc.jws import extract_compact

    header = extract_compact(token.encode()).headers()
    if header.keys() - HEADER or str(header.get("typ", "")).lower() not in TYPES:
        raise ValueError("the token's header holds what no access token needs")
    return dict(header)
