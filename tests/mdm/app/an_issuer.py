"""An OpenID Connect issuer that answers over HTTP: discovery, keys, authorisation and token endpoint.

It does what one of the firm's would: it checks client, return address, PKCE and secret, and gives each code
once. A test may have it misbehave.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET, AUDIENCE = "mdm-console", "the-console-s-secret", "mdm-hub"
KEY = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"})
STRANGER = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"})


@dataclass
class Issuer:
    """The state of the issuer.

    Attributes:
        person: who signs in there; claims of their tokens.
        claims: claims of the ID token that replace its own, for misbehaviour.
        key: what it signs with.
        asked: forms that the token endpoint got.
    """

    address: str = ""
    person: dict[str, Any] = field(default_factory=lambda: {"sub": "ada", "roles": ["stewards"]})
    claims: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: KEY)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    def token(self, **claims: Any) -> str:
        """A signed token about the person."""
        now = int(time.time())
        body = {"iss": self.address, "iat": now, "exp": now + 300, **self.person, **claims}
        return jwt.encode({"alg": "RS256", "kid": "k1"}, body, self.key)

    def metadata(self) -> dict[str, Any]:
        """The discovery document."""
        places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        return {"issuer": self.address, **{name: f"{self.address}/{path}" for name, path in places.items()}}

    def authorise(self, asked: dict[str, str]) -> str | None:
        """Where the browser goes with its code; None if the request is wrong."""
        wanted = (asked.get("client_id"), asked.get("response_type"), asked.get("code_challenge_method"))
        if wanted != (CLIENT, "code", "S256") or not asked.get("state") or not asked.get("nonce"):
            return None
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def exchange(self, form: dict[str, str]) -> dict[str, Any] | None:
        """Tokens for a code; None if it is none, used up, or somebody else's."""
        self.asked.append(form)
        begun = self.codes.pop(form.get("code", ""), None)
        challenge = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(challenge).decode().rstrip("=")
        if (
            begun is None
            or (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET)
            or begun["code_challenge"] != proof
            or begun["redirect_uri"] != form.get("redirect_uri")
        ):
            return None
        about = {"aud": CLIENT, "nonce": begun["nonce"], **self.claims}
        return {
            "token_type": "Bearer", "access_token": self.token(aud=AUDIENCE), "id_token": self.token(**about),
        }  # fmt: skip


@contextmanager
def answering() -> Iterator[Issuer]:
    """An issuer at an address of its own while the context lasts."""
    issuer = Issuer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the base class names it
            place = urlsplit(self.path)
            if place.path == "/.well-known/openid-configuration":
                self._say(200, issuer.metadata())
            elif place.path == "/keys":
                self._say(200, {"keys": [KEY.as_dict(private=False)]})
            elif place.path == "/authorize" and (goes := issuer.authorise(dict(parse_qsl(place.query)))):
                self.send_response(302)
                self.send_header("Location", goes)
                self.end_headers()
            else:
                self._say(400, {"error": "invalid_request"})

        def do_POST(self) -> None:  # the base class names it
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            tokens = issuer.exchange(dict(parse_qsl(text)))
            self._say(200 if tokens else 400, tokens or {"error": "invalid_grant"})

        def _say(self, status: int, document: dict[str, Any]) -> None:
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join(30)
