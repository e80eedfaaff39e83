"""The key that signs checkpoints: made on first use, private to its owner, its public half beside it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from mdm.checkpoints.checkpoint import Checkpoint, signed_text
from mdm.errors import InputError
from mdm.secret_files import secret_file

PRIVATE = "checkpoint.key"
PUBLIC = "checkpoint-{key}.pub"


class Signer:
    """Signs checkpoints with the key of one folder."""

    def __init__(self, folder: Path) -> None:
        private = load_pem_private_key(secret_file(folder / PRIVATE, _new_key), None)
        if not isinstance(private, Ed25519PrivateKey):
            raise InputError(f"{folder / PRIVATE} holds no ed25519 key; move it away, and a new one is made.")
        self._private = private
        public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        self.key = key_name(private.public_key())
        secret_file(folder / PUBLIC.format(key=self.key), lambda: public)

    def sign(self, count: int, head: str, at: str) -> Checkpoint:
        """A signed checkpoint."""
        return Checkpoint(count, head, at, self.key, self._private.sign(signed_text(count, head, at)))


def key_name(public: Ed25519PublicKey) -> str:
    """What a public key is called: the first 16 digits of its SHA-256."""
    raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()[:16]


def public_keys(folder: Path) -> dict[str, Ed25519PublicKey]:
    """Every public key of a folder by its name: the present one, and those that signed before a rotation."""
    found = {}
    for path in sorted(folder.glob(PUBLIC.format(key="*"))):
        public = load_pem_public_key(path.read_bytes())
        if isinstance(public, Ed25519PublicKey):
            found[key_name(public)] = public
    return found


def is_genuine(checkpoint: Checkpoint, keys: dict[str, Ed25519PublicKey]) -> bool:
    """Whether one of these keys signed the checkpoint."""
    public = keys.get(checkpoint.key)
    if public is None:
        return False
    try:
        public.verify(checkpoint.signature, checkpoint.signed)
    except InvalidSignature:
        return False
    return True


def _new_key() -> bytes:
    private = Ed25519PrivateKey.generate()
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
