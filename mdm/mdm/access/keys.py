"""API keys: `mdm_<8 characters>_<secret of 256 random bits>`, of which the store keeps a hash.

The eight characters are the key's id and may be shown. A key that was revoked or has expired opens nothing
from that moment on, because each request looks it up.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import string
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from mdm.access.grants import Grant, principal_of
from mdm.access.principal import Action, Principal, Role
from mdm.errors import UnknownKeyError
from mdm.store.rights import ApiKey

if TYPE_CHECKING:
    from mdm.settings import AuthSettings
    from mdm.unit_of_work import UnitOfWork

DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
ID_LENGTH = 8
SECRET_BITS = 256
SECRET_LENGTH = 43
"""Digits of base 62 that hold 256 bits."""

KEY = re.compile(rf"mdm_([0-9A-Za-z]{{{ID_LENGTH}}})_([0-9A-Za-z]{{{SECRET_LENGTH}}})")
NOBODY = hashlib.sha256(b"no key has this hash").hexdigest()
GRACE = timedelta(hours=24)
"""How long a rotated key still opens, so that its holder can change over."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made; `secret` is the whole key and exists nowhere else."""

    id: str
    secret: str


def create_key(
    uow: UnitOfWork,
    name: str,
    grant: Grant,
    *,
    lifetime: timedelta | None = None,
    rotated_from: str | None = None,
) -> NewKey:
    """A new key.

    Args:
        name: what its events and verdicts carry as author.
        lifetime: after which it expires; None for never.
    """
    uow.require(Action.administer)
    made = _new_key()
    uow.session.add(
        ApiKey(
            id=made.id,
            hash=_hash(made.secret),
            name=name,
            grant=grant.model_dump(mode="json"),
            created_at=uow.now,
            created_by=uow.author,
            expires_at=uow.now + lifetime if lifetime else None,
            rotated_from=rotated_from,
        )
    )
    uow.session.flush()
    uow.emit("key.created", "", f"key:{made.id}", {"name": name, "roles": [str(r) for r in grant.roles]})
    return made


def first_key(uow: UnitOfWork) -> NewKey | None:
    """An administrator's key for a hub that nobody could enter yet; None if there is another way in."""
    settings = uow.hub.settings
    if settings.api_token or settings.auth.oidc or uow.session.scalar(select(col(ApiKey.id)).limit(1)):
        return None
    return create_key(uow, "admin", Grant(roles=[Role.admin], persisted_only=False))


def rotate_key(uow: UnitOfWork, key_id: str, *, grace: timedelta = GRACE) -> NewKey:
    """A new key with the rights of an old one, which expires after the grace.

    Raises:
        UnknownKeyError: there is no such key, or it no longer opens anything.
    """
    uow.require(Action.administer)
    old = _key(uow.session, key_id)
    if not opens(old, uow.now):
        raise UnknownKeyError(key_id)
    lifetime = old.expires_at - old.created_at if old.expires_at else None
    made = create_key(uow, old.name, Grant.model_validate(old.grant), lifetime=lifetime, rotated_from=old.id)
    old.expires_at = min(filter(None, (old.expires_at, uow.now + grace)))
    uow.session.add(old)
    uow.emit("key.rotated", "", f"key:{old.id}", {"into": made.id})
    return made


def revoke_key(uow: UnitOfWork, key_id: str) -> None:
    """End a key at once; one that is revoked already stays so.

    Raises:
        UnknownKeyError: there is no such key.
    """
    uow.require(Action.administer)
    key = _key(uow.session, key_id)
    if key.revoked_at is None:
        key.revoked_at = uow.now
        uow.session.add(key)
        uow.emit("key.revoked", "", f"key:{key.id}", {"name": key.name})


def all_keys(session: Session) -> list[ApiKey]:
    """Every key there ever was, the oldest first."""
    return list(session.exec(select(ApiKey).order_by(col(ApiKey.created_at), col(ApiKey.id))))


def principal_of_key(session: Session, given: str, now: datetime, auth: AuthSettings) -> Principal | None:
    """Who holds this key; None if it is none, expired, or revoked. The time does not tell which."""
    match = KEY.fullmatch(given)
    stored = session.get(ApiKey, match[1]) if match else None
    matches = hmac.compare_digest(_hash(given), stored.hash if stored else NOBODY)
    return _principal(stored, now, auth) if stored is not None and matches else None


def principal_of_key_id(session: Session, key_id: str, now: datetime, auth: AuthSettings) -> Principal | None:
    """Who holds the key of this id, for sessions that began with it; None if it opens nothing any more."""
    stored = session.get(ApiKey, key_id)
    return _principal(stored, now, auth) if stored is not None else None


def opens(key: ApiKey, now: datetime) -> bool:
    """Whether a key is neither revoked nor expired."""
    return key.revoked_at is None and (key.expires_at is None or now < key.expires_at)


def _principal(key: ApiKey, now: datetime, auth: AuthSettings) -> Principal | None:
    if not opens(key, now):
        return None
    return principal_of(key.name, [Grant.model_validate(key.grant)], auth, key_id=key.id)


def _key(session: Session, key_id: str) -> ApiKey:
    named = KEY.fullmatch(key_id)
    found = session.get(ApiKey, named[1] if named else key_id)
    if found is None:
        raise UnknownKeyError(named[1] if named else key_id)
    return found


def _new_key() -> NewKey:
    key_id = "".join(secrets.choice(DIGITS) for _ in range(ID_LENGTH))
    number, digits = secrets.randbits(SECRET_BITS), []
    for _ in range(SECRET_LENGTH):
        number, digit = divmod(number, len(DIGITS))
        digits.append(DIGITS[digit])
    return NewKey(key_id, f"mdm_{key_id}_{''.join(digits)}")


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
