"""What the address of a database says: of which kind it is, and how to connect."""

from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import parse_qs, unquote, urlsplit

from settings import Limits

Dialect = Literal["sqlite", "postgres"]
WRITER: Final = "default"
READER: Final = "read"


def dialect(url: str) -> Dialect:
    """Raises ValueError if `url` is of neither kind."""
    match urlsplit(url).scheme:
        case "sqlite":
            return "sqlite"
        case "postgres" | "postgresql":
            return "postgres"
        case other:
            raise ValueError(f"the database's address begins with sqlite:// or postgres://, not {other!r}")


def sqlite_path(url: str) -> Path:
    """The file of a `sqlite://` url. Raises ValueError for one in memory."""
    path = url.removeprefix("sqlite://")
    if path in ("", ":memory:"):
        raise ValueError("SQLite in memory cannot be read by a second connection; give a file")
    return Path(path)


def connections(url: str, limits: Limits, *, foreign_keys: bool = True) -> dict[str, Any]:
    """Tortoise's configuration of the connections to `url`."""
    if dialect(url) == "postgres":
        return {WRITER: {"engine": "models.engines.postgres", "credentials": postgres_credentials(url, limits)}}
    credentials = {
        "file_path": str(sqlite_path(url)),
        "lock_seconds": limits.lock_seconds,
        "sql_seconds": limits.sql_seconds,
        "waiting_writers": limits.waiting_writers,
        "foreign_keys": foreign_keys,
    }
    return {
        WRITER: {"engine": "models.engines.sqlite", "credentials": credentials},
        READER: {"engine": "models.engines.sqlite", "credentials": {**credentials, "read_only": True}},
    }


def postgres_credentials(url: str, limits: Limits) -> dict[str, Any]:
    """Where and as whom to connect; what the address leaves out is None, and asyncpg then asks the environment."""
    parts = urlsplit(url)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return {
        "user": unquote(parts.username) if parts.username else query.get("user"),
        "password": unquote(parts.password) if parts.password else query.get("password"),
        "host": parts.hostname or query.get("host"),
        "port": parts.port or int(query.get("port", 5432)),
        "database": parts.path.removeprefix("/") or None,
        "lock_seconds": limits.lock_seconds,
        "sql_seconds": limits.sql_seconds,
        "connections": limits.pool_connections,
    }
