"""Encryption of what must not lie in clear: credentials, customs numbers, door codes, channel tokens.

Keys come from the environment (`JUMUN_ENCRYPTION_KEYS`, newest first, Fernet keys separated by commas); the first
encrypts, all decrypt, so a key is rotated by putting a new one in front and running `jumun doctor --rotate-keys`.
"""

import json
from collections.abc import Mapping
from functools import lru_cache

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def _current() -> MultiFernet:
    return _box(tuple(settings.ENCRYPTION_KEYS))


def seal(text: str) -> str:
    """Encrypt a text. The answer is ASCII and names no key."""
    return _current().encrypt(text.encode()).decode("ascii")


def unseal(sealed: str) -> str:
    """Decrypt what `seal` made, under any key still configured. Raises cryptography.fernet.InvalidToken."""
    return _current().decrypt(sealed.encode("ascii")).decode()


def seal_mapping(values: Mapping[str, str]) -> str:
    """Encrypt a small mapping, such as one account's credentials."""
    return seal(json.dumps(dict(values), ensure_ascii=False, sort_keys=True))


def unseal_mapping(sealed: str) -> dict[str, str]:
    """Decrypt what `seal_mapping` made; an empty text is an empty mapping."""
    if not sealed:
        return {}
    loaded: dict[str, str] = json.loads(unseal(sealed))
    return loaded


def reseal(sealed: str) -> str:
    """Encrypt again under the newest key, for rotation."""
    return _current().rotate(sealed.encode("ascii")).decode("ascii")
