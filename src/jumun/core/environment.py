"""What the environment says, typed and checked once (12-factor). Every variable starts with `JUMUN_` or is named below."""

import json
import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Environment(BaseSettings):
    """Jumun's settings. Timers are in seconds; tests shorten them."""

    model_config = SettingsConfigDict(env_prefix="JUMUN_", extra="ignore")

    data: Path = Path("data")
    database_url: str = Field(default="", validation_alias="DATABASE_URL")
    """The owner's URL; empty: the embedded PostgreSQL in the data folder."""
    database_app_url: str = Field(default="", validation_alias="DATABASE_APP_URL")
    """The application role's URL; empty: made from DATABASE_URL."""
    database_direct_url: str = Field(default="", validation_alias="DATABASE_DIRECT_URL")
    """Beside a pooler: where the queue, migrations and live pages connect."""
    database_name: str = "jumun"
    db_as: str = "app"
    """"owner" in `jumun migrate` and nowhere else."""
    secret_key: str = ""
    encryption_keys: str = ""
    """Fernet keys, newest first, separated by commas."""
    hosts: str = "127.0.0.1,localhost,[::1]"
    https: bool = False
    debug: bool = False
    demo: bool = False
    """Demo and development: accounts may name loopback addresses."""
    log_level: str = "INFO"
    files_backend: str = ""
    """A Django storage class for kept files, such as django-storages' S3; empty: the folder `files` in the data folder."""
    files_options: dict[str, str] = {}
    """Its options, as JSON."""
    pool_max: int = 10

    worker_heartbeat: float = 10
    worker_poll: float = 0.5
    worker_concurrency: int = 8
    stalled_after: float = 30
    reaper_every: float = 10
    settle_delays: str = "2,5,15,60,300,900"
    """Seconds between the looks at an unknown effect; after the last it stays for a person."""
    settle_grace: float = 30
    """An unknown effect not seen on the channel this long after it was sent did not happen."""
    channel_timeout: float = 20
    channel_pace: float = 1
    """Times the rate a channel publishes; above 1 only where the channel has agreed (and in tests)."""
    breaker_after: int = 5
    """A channel that did not answer so many conversations in a row is left alone for a while."""
    breaker_rest: float = 60
    """How long at first; each further rest is twice as long, up to ten minutes."""
    lockout_tries: int = 5
    lockout_minutes: int = 15
    session_minutes: int = 480


def load() -> Environment:
    """The environment, with the data folder made absolute and its secrets read where the environment has none."""
    found = Environment()
    found.data = found.data.absolute()
    if not found.secret_key or not found.encryption_keys:
        kept = kept_secrets(found.data)
        found.secret_key = found.secret_key or kept.get("secret_key", "")
        found.encryption_keys = found.encryption_keys or kept.get("encryption_keys", "")
    return found


def kept_secrets(data: Path) -> dict[str, str]:
    """The secrets in the data folder's `secrets.json`, if it is there."""
    path = data / "secrets.json"
    if not path.exists():
        return {}
    loaded: dict[str, str] = json.loads(path.read_text())
    return loaded


def keep_secrets(data: Path) -> None:
    """Make `secrets.json` (mode 0600) on first start, so that a self-hoster need not invent keys."""
    path = data / "secrets.json"
    data.mkdir(parents=True, exist_ok=True)
    made = {"secret_key": secrets.token_urlsafe(48), "encryption_keys": Fernet.generate_key().decode()}
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w") as file:
        json.dump(made, file)
