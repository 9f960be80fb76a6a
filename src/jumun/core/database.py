"""Where the database is and as whom to connect: owner for `migrate`, the application's role for everything else."""

import hashlib
import hmac
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from jumun.core.embedded_postgres import EmbeddedPostgres
from jumun.core.environment import Environment

APP_ROLE = "jumun_app"
OWNER_ROLE = "jumun_owner"


def app_password(secret_key: str) -> str:
    """The application role's password on a server of one's own, derived so that no second secret is needed."""
    return hmac.new(secret_key.encode(), b"jumun database role", hashlib.sha256).hexdigest()


def owner_url(env: Environment) -> str:
    """Where `migrate` connects."""
    if env.database_url:
        return env.database_direct_url or env.database_url
    return EmbeddedPostgres(env.data / "postgres").address.url(user=OWNER_ROLE, dbname=env.database_name)


def connection_fields(env: Environment, *, direct: bool = False) -> dict[str, Any]:
    """Psycopg connection fields of this process."""
    if env.db_as == "owner":
        return conninfo_to_dict(owner_url(env))
    if env.database_app_url and not direct:
        return conninfo_to_dict(env.database_app_url)
    if env.database_url:
        fields = conninfo_to_dict((env.database_direct_url if direct else "") or env.database_url)
        return fields | {"user": APP_ROLE, "password": app_password(env.secret_key)}
    address = EmbeddedPostgres(env.data / "postgres").address
    return conninfo_to_dict(address.url(user=APP_ROLE, dbname=env.database_name))


def django_database(env: Environment) -> dict[str, Any]:
    """Django's DATABASES["default"] for this process."""
    fields = connection_fields(env)
    known = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    database: dict[str, Any] = {"ENGINE": "django.db.backends.postgresql"}
    options: dict[str, Any] = {key: value for key, value in fields.items() if key not in known}
    if env.db_as != "owner":
        options["pool"] = {"min_size": 1, "max_size": env.pool_max, "timeout": 15}
    for key, name in known.items():
        database[name] = str(fields.get(key) or "")
    return database | {"OPTIONS": options, "CONN_HEALTH_CHECKS": True, "DISABLE_SERVER_SIDE_CURSORS": True}
