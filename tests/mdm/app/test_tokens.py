"""Access tokens of an issuer: one that is whole, ours and in time opens; eighty bad ones do not."""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from mdm.access import Principal, Role
from mdm.app.issuer_keys import IssuerKeys
from mdm.app.tokens import TokenIssuer
from mdm.settings import AuthSettings

ISSUER, AUDIENCE, NOW = "https://issuer.example", "mdm-hub", 1_800_000_000
OURS = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"})
NEXT = RSAKey.generate_key(2048, {"kid": "k2", "use": "sig"})
THEIRS = RSAKey.generate_key(2048, {"kid": "k1"})
CURVE = ECKey.generate_key("P-256", {"kid": "k3"})
GOOD = {
    "iss": ISSUER,
    "aud": AUDIENCE,
    "sub": "ada",
    "iat": NOW - 10,
    "exp": NOW + 300,
    "roles": ["stewards"],
}
AUTH = AuthSettings.model_validate(
    {
        "oidc": {
            "issuer": ISSUER,
            "audience": AUDIENCE,
            "client_id": "console",
            "map": {"stewards": {"roles": ["steward"], "domains": ["client"]}},
        }
    }
)


class Published:
    """An issuer that answers from memory, and counts."""

    def __init__(self) -> None:
        self.keys: list[Any] = [OURS]
        self.asked = 0
        self.down = False

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked += 1
        if self.down:
            raise httpx2.ConnectError("down", request=request)
        if request.url.path.endswith("openid-configuration"):
            return httpx2.Response(200, json={"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys"})
        return httpx2.Response(200, json={"keys": [key.as_dict(private=False) for key in self.keys]})


@pytest.fixture
def published() -> Published:
    return Published()


@pytest.fixture
def issuer(published: Published) -> TokenIssuer:
    assert AUTH.oidc is not None
    keys = IssuerKeys(
        AUTH.oidc, httpx2.MockTransport(published), clock=lambda: float(published.asked) * 0 + CLOCK[0]
    )
    return TokenIssuer(AUTH, keys, clock=lambda: NOW)


CLOCK = [0.0]


@pytest.fixture(autouse=True)
def _clock() -> None:
    CLOCK[0] = 0.0


def who(issuer: TokenIssuer, token: str) -> Principal | None:
    return asyncio.run(issuer.principal(token))


def signed(claims: dict[str, Any], key: Any = OURS, **header: Any) -> str:
    return jwt.encode(
        {"alg": "RS256", "kid": "k1", **header}, claims, key, algorithms=["RS256", "ES256", "RS512"]
    )


def b64(document: Any) -> str:
    raw = document if isinstance(document, bytes) else json.dumps(document).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def unsigned(header: Any, claims: Any = GOOD, signature: bytes = b"") -> str:
    return f"{b64(header)}.{b64(claims)}.{b64(signature)}"


def hmac_signed(claims: dict[str, Any], secret: bytes, **header: Any) -> str:
    # By hand: the library refuses to take a public key for a secret, and an attacker does not ask it.
    signing = f"{b64({'alg': 'HS256', **header})}.{b64(claims)}"
    return f"{signing}.{b64(hmac.digest(secret, signing.encode(), 'sha256'))}"


HEADERS: dict[str, Any] = {
    "jku": "https://evil.example/keys",
    "x5u": "https://evil.example/cert",
    "jwk": THEIRS.as_dict(private=False),
    "x5c": ["MIIB"],
    "x5t": "AAAA",
    "crit": ["b64"],
    "b64": False,
    "zip": "DEF",
    "cty": "JWT",
    "url": "x",
}
SIGNABLE = {"jku", "cty", "x5u"}
KIDS = (
    "../../etc/passwd",
    "' OR 1=1 --",
    "/dev/null",
    "k1\x00",
    "K1",
    "k1 ",
    "https://evil.example",
    "x" * 500,
)
CLAIMS: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://evil.example"},
    "issuer with a slash": {"iss": f"{ISSUER}/"},
    "issuer in a list": {"iss": [ISSUER]},
    "another audience": {"aud": "other"},
    "audience of the console": {"aud": "console"},
    "audience beginning so": {"aud": f"{AUDIENCE}-2"},
    "no audience": {"aud": []},
    "expired": {"exp": NOW - 31},
    "expired long ago": {"exp": 1},
    "expiry as a text": {"exp": "never"},
    "expiry null": {"exp": None},
    "not yet": {"nbf": NOW + 61},
    "issued in the future": {"iat": NOW + 61},
    "no subject": {"sub": ""},
    "subject that is none": {"sub": None},
    "an ID token by nonce": {"nonce": "n"},
    "an ID token by at_hash": {"at_hash": "x"},
    "no role": {"roles": []},
    "a role not mapped": {"roles": ["owners"]},
    "roles as an object": {"roles": {"stewards": True}},
}


def _bad() -> Iterator[tuple[str, str]]:
    good = signed(GOOD)
    head, body, end = good.split(".")
    for alg in ("none", "None", "NONE", "nOnE", "", "HS256", "hs256", "RS256 ", "RSA", "null"):
        yield f"alg {alg!r} without signature", unsigned({"alg": alg, "kid": "k1"})
        yield f"alg {alg!r} with ours", unsigned({"alg": alg, "kid": "k1"}, GOOD, b"x" * 256)
    yield "no alg", unsigned({"kid": "k1"})
    public = OURS.as_pem(private=False)
    for name, secret in (
        ("PEM", public),
        ("PEM without end", public.strip()),
        ("DER", OURS.as_der(private=False)),
    ):
        yield f"HMAC with our public key as {name}", hmac_signed(GOOD, secret, kid="k1")
    yield "HMAC with an empty-like secret", hmac_signed(GOOD, b"0" * 32, kid="k1")
    yield "signed by another key of the same name", signed(GOOD, THEIRS)
    yield "signed by a key nobody knows", signed(GOOD, NEXT, kid="k2")
    yield "another algorithm of ours", signed(GOOD, OURS, alg="RS512")
    yield "a curve that is not pinned", signed(GOOD, CURVE, alg="ES256", kid="k3")
    for name, value in HEADERS.items():
        header = {"alg": "RS256", "kid": "k1", name: value}
        yield f"header {name}", unsigned(header, GOOD, b"x" * 256)
        if name in SIGNABLE:
            yield f"header {name}, signed by us", signed(GOOD, OURS, **{name: value})
    for kid in KIDS:
        yield f"kid {kid[:20]!r}", unsigned({"alg": "RS256", "kid": kid}, GOOD, b"x" * 256)
    for name, changes in CLAIMS.items():
        yield name, signed({**GOOD, **changes})
    for name in ("iss", "aud", "exp", "iat", "sub", "roles"):
        yield f"without {name}", signed({k: v for k, v in GOOD.items() if k != name})
    yield "another type", signed(GOOD, OURS, typ="dpop+jwt")
    yield "a logout token", signed(GOOD, OURS, typ="logout+jwt")
    yield "changed body", f"{head}.{b64({**GOOD, 'sub': 'eve'})}.{end}"
    yield "cut signature", f"{head}.{body}.{end[:-4]}"
    yield "no signature", f"{head}.{body}."
    yield "two parts", f"{head}.{body}"
    yield "four parts", f"{good}.x"
    yield "signature of another token", f"{head}.{body}.{signed({**GOOD, 'sub': 'eve'}).split('.')[2]}"
    yield "body that is no object", unsigned({"alg": "RS256", "kid": "k1"}, [1, 2], b"x" * 256)
    yield "body that is no JSON", unsigned({"alg": "RS256", "kid": "k1"}, b"\xff\xfe", b"x" * 256)
    yield "header that is no JSON", f"{b64(b'{')}.{body}.{end}"
    twice = b'{"sub": "ada", "sub": "eve"}'
    yield "duplicate claims", f"{head}.{b64(twice)}.{end}"
    yield "too long", signed({**GOOD, "more": "x" * 9000})
    yield "not base64", "?.?.?"
    yield "not ASCII", good.replace("e", "é", 1)
    costly = {"alg": "PBES2-HS256+A128KW", "enc": "A128CBC-HS256", "p2c": 10**7, "p2s": "AAAA"}
    yield "an encrypted token of ten million rounds", ".".join((b64(costly), *(b64(b"x" * 16),) * 4))


BAD = dict(_bad())


def test_a_good_token_is_who_the_settings_map_it_to(issuer: TokenIssuer) -> None:
    found = who(issuer, signed(GOOD))

    assert found is not None
    assert (found.name, found.roles, found.domains) == ("ada", {Role.steward}, {"client"})


def test_there_are_eighty_bad_ones() -> None:
    assert len(BAD) >= 80


@pytest.mark.parametrize("name", BAD)
def test_a_bad_token_opens_nothing(issuer: TokenIssuer, name: str) -> None:
    assert who(issuer, BAD[name]) is None


def test_eighty_bad_tokens_cost_little(issuer: TokenIssuer) -> None:
    who(issuer, signed(GOOD))
    began = time.process_time()
    for token in BAD.values():
        who(issuer, token)

    assert (time.process_time() - began) / len(BAD) <= 0.02


def test_keys_change_without_a_failed_request(issuer: TokenIssuer, published: Published) -> None:
    who(issuer, signed(GOOD))
    published.keys = [OURS, NEXT]
    CLOCK[0] = 11.0

    assert who(issuer, signed(GOOD, NEXT, kid="k2")) is not None
    assert who(issuer, signed(GOOD)) is not None


def test_keys_nobody_knows_do_not_make_us_ask_all_day(issuer: TokenIssuer, published: Published) -> None:
    who(issuer, signed(GOOD))
    before = published.asked
    for k in range(50):
        who(issuer, signed(GOOD, NEXT, kid=f"unknown-{k}"))

    assert published.asked == before


def test_known_keys_serve_while_the_issuer_is_down(issuer: TokenIssuer, published: Published) -> None:
    who(issuer, signed(GOOD))
    published.down = True
    CLOCK[0] = 100_000.0

    assert who(issuer, signed(GOOD)) is not None


def test_without_the_issuers_keys_nobody_comes_in(issuer: TokenIssuer, published: Published) -> None:
    published.down = True

    assert who(issuer, signed(GOOD)) is None
