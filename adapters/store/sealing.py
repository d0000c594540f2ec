"""Secrets at rest: sealed so that a copied database gives nothing away.

AES-256-GCM with the place of a value as associated data: a sealed token moved to another row,
column or tenant does not open. Form: `v1.KEY.NONCE.SEALED`, the last two in base64.
"""

import base64
import hashlib
import secrets
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.model.errors import ConfigError

VERSION = "v1"
KEY_BYTES = 32
NONCE_BYTES = 12

MISSING = (
    "The database holds secrets sealed with the key {key}, which PAPERS_KEYS does not have. Put that "
    "key back behind the new one (PAPERS_KEYS=new,old), run `papers keys rotate`, then take it out."
)
BROKEN = (
    "A sealed value of {place} does not open: the database was changed by hand, or a key in "
    "PAPERS_KEYS is wrong. Restore a backup, or install the app in that workspace again."
)


def new_key() -> str:
    """A fresh key, in the form PAPERS_KEYS takes."""
    return _text(secrets.token_bytes(KEY_BYTES))


def key_name(key: bytes) -> str:
    """What a key is called in sealed values; tells nothing about it."""
    return hashlib.sha256(b"paperwire key name" + key).hexdigest()[:8]


def key_of(sealed: str) -> str:
    """The name of the key a value is sealed with; empty if it is not sealed at all."""
    parts = sealed.split(".")
    return parts[1] if len(parts) == 4 and parts[0] == VERSION else ""


class Vault:
    """Seals with the first key, opens with any of them."""

    def __init__(self, keys: Sequence[str] = ()) -> None:
        """Take keys in the form PAPERS_KEYS has; the settings have checked them."""
        raw = [_bytes(key) for key in keys]
        self._ciphers = {key_name(key): AESGCM(key) for key in raw}

    @property
    def first(self) -> str:
        """The name of the key that seals; empty without keys."""
        return next(iter(self._ciphers), "")

    def knows(self, name: str) -> bool:
        """Whether a key of this name is among ours."""
        return name in self._ciphers

    def seal(self, text: str, place: str) -> str:
        """`text` sealed for this place, such as `slack_installations|token|T012AB`."""
        if not self.first:
            raise ConfigError("PAPERS_KEYS is not set: `papers keys new` makes a key for it.")
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._ciphers[self.first].encrypt(nonce, text.encode(), _bound(place, self.first))
        return ".".join((VERSION, self.first, _text(nonce), _text(sealed)))

    def open(self, sealed: str, place: str) -> str:
        """What was sealed. Raises ConfigError for a missing key or a value of another place."""
        name = key_of(sealed)
        if name and name not in self._ciphers:
            raise ConfigError(MISSING.format(key=name))
        try:
            cipher = self._ciphers[name]
            _, _, nonce, body = sealed.split(".")
            return cipher.decrypt(_bytes(nonce), _bytes(body), _bound(place, name)).decode()
        except (InvalidTag, ValueError, KeyError):
            raise ConfigError(BROKEN.format(place=place.rpartition("|")[0])) from None


def _bound(place: str, key: str) -> bytes:
    return f"{place}|{key}".encode()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
