"""`POST /v1/oauth2/token`: the bcrypt signature, and tokens that are given again while half an hour is left."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping

import bcrypt

from jumun.simulator.naver.state import Store, Token
from jumun.simulator.world import World

ALPHABET = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
SIGNATURE_LIFE_MS = 5 * 60_000
REUSE_MS = 30 * 60_000


def make_secret(key: str) -> str:
    """Return a client_secret: a canonical 29-character bcrypt salt, always the same for one account key."""
    plain = base64.b64encode(hashlib.sha256(f"sim-naver-{key}".encode()).digest()[:16]).decode()[:22]
    return "$2a$04$" + plain.translate(str.maketrans(_PLAIN, ALPHABET))


def normalise_salt(salt: str) -> str:
    """Return the salt with the unused bits of its 22nd character cleared; bcrypt 4 and later refuse it otherwise."""
    last = ALPHABET[ALPHABET.index(salt[28]) & 48]
    return salt[:28] + last


def sign(*, client_id: str, client_secret: str, timestamp: str) -> str:
    """Return client_secret_sign: standard Base64 of bcrypt(client_id + "_" + timestamp, client_secret)."""
    password = f"{client_id}_{timestamp}".encode()
    return base64.b64encode(bcrypt.hashpw(password, normalise_salt(client_secret).encode())).decode()


def is_signed(*, client_id: str, client_secret: str, timestamp: str, signature: str) -> bool:
    """Say whether the signature is the one the secret makes."""
    right = sign(client_id=client_id, client_secret=client_secret, timestamp=timestamp)
    return secrets.compare_digest(right.encode(), signature.strip().encode())


def find_fault(form: Mapping[str, str], store: Store | None, *, now_ms: int, wall_ms: int) -> tuple[str, str] | None:
    """Return (parameter, message) of what is wrong with a token call, None when all is right.

    The time stamp may be right by the mall's clock or by the machine's: control can advance the first, and the caller
    only knows the second.
    """
    for name in ("client_id", "timestamp", "client_secret_sign", "grant_type", "type"):
        if not form.get(name):
            return name, "필수 항목입니다."
    if form["grant_type"] != "client_credentials":
        return "grant_type", "client_credentials 만 사용할 수 있습니다."
    if form["type"] not in {"SELF", "SELLER"}:
        return "type", "SELF 또는 SELLER 만 사용할 수 있습니다."
    if form["type"] == "SELLER" and not form.get("account_id"):
        return "account_id", "type 이 SELLER 인 경우 필수 항목입니다."
    timestamp = form["timestamp"]
    if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) != 13:
        return "timestamp", "밀리초 단위의 Unix 시간이어야 합니다."
    if min(abs(int(timestamp) - now_ms), abs(int(timestamp) - wall_ms)) > SIGNATURE_LIFE_MS:
        return "timestamp", "전자서명의 유효 시간이 지났습니다."
    if store is None:
        return "client_id", "등록되지 않은 애플리케이션입니다."
    if not is_signed(
        client_id=store.client_id,
        client_secret=store.client_secret,
        timestamp=timestamp,
        signature=form["client_secret_sign"],
    ):
        return "client_secret_sign", "client_secret_sign 항목이 유효하지 않습니다."
    return None


def issue(store: Store, world: World) -> dict[str, object]:
    """Return the 200 body: the present token while 30 minutes or more of it remain, else a new one beside the old."""
    now_ms = world.clock.now_ms()
    store.tokens = [token for token in store.tokens if token.expires_ms > now_ms]
    token = max(store.tokens, key=lambda known: known.expires_ms, default=None)
    if token is None or token.expires_ms - now_ms < REUSE_MS:
        life_ms = int(world.settings.number("naver.token_seconds") * 1000)
        token = Token(text=secrets.token_urlsafe(24), expires_ms=now_ms + life_ms)
        store.tokens.append(token)
    left = (token.expires_ms - now_ms + 999) // 1000
    return {"access_token": token.text, "expires_in": left, "token_type": "Bearer"}
