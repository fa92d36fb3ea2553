"""The environment, read once into values that do not change."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Limits:
    """Every bound on what a client may ask, the same over HTTP and WebSocket. Each can be set as `CASEGRAPH_<NAME>`."""

    body_bytes: int = 256 * 1024
    document_characters: int = 20_000
    tokens: int = 2_000
    depth: int = 15
    aliases: int = 30
    root_fields: int = 20
    mutation_root_fields: int = 10
    directives: int = 50
    fragments: int = 100
    cost: int = 5_000
    nodes: int = 50_000
    errors: int = 20
    json_depth: int = 64
    page_default: int = 25
    page_max: int = 100
    filter_depth: int = 3
    filter_leaves: int = 50
    filter_characters: int = 10_000  # of a text that is compared with; SQLite takes patterns of 50,000 bytes
    input_list: int = 100
    bulk_cases: int = 200
    text_characters: int = 100_000  # of any text; acts say for themselves what is too long, and where
    upload_files: int = 5
    upload_bytes: int = 5 * 1024 * 1024
    upload_body_bytes: int = 5 * 1024 * 1024 + 128 * 1024  # the files, and what multipart says about them
    upload_bytes_per_day: int = 1024**3  # of one tenant
    uploads_per_hour: int = 200  # of one person, contact, or of all keys of a tenant that are nobody's
    uploads_at_once: int = 16
    case_files_bytes: int = 5 * 1024 * 1024
    report_days: int = 400
    report_rows: int = 5_000
    report_dimensions: int = 3
    report_hours: int = 168
    report_cases: int = 2_000  # whose histories are replayed for one report
    reports_at_once: int = 4  # as files; the next line says how many of them are one caller's
    reports_at_once_per_caller: int = 2
    merged_cases: int = 10  # into another one, at once
    cascaded_cases: int = 300  # that end with the one above them, within the time of one operation
    operation_seconds: float = 10.0
    sql_seconds: float = 5.0
    lock_seconds: float = 2.0
    waiting_writers: int = 64  # as many equal requests at once as a client may send with one idempotency key
    pool_connections: int = 10
    head_seconds: float = 10.0
    head_bytes: int = 32 * 1024
    body_seconds: float = 30.0
    socket_init_seconds: float = 5.0
    socket_message_bytes: int = 64 * 1024
    sockets_per_person: int = 10
    sockets: int = 2_500
    subscriptions_per_socket: int = 25
    queued_events: int = 100
    replay_hours: float = 24.0  # how long what happened can be asked for again
    standing_seconds: float = 60.0  # how long a silent socket stays open when its owner may not come in any more
    idempotency_key_days: int = 7
    bucket_points: int = 50_000
    bucket_points_per_second: int = 5_000
    concurrent_connections: int = 3_000


@dataclass(frozen=True)
class Settings:
    """One server's configuration.

    `environment` is `development`, `test` or `production`; development tokens and open introspection exist only
    outside production. `worker` lets the server announce what clocks run into; switch it off where workers run alone.
    E-mail is handed in at `smtp_url` (`smtps://user:password@host:port`, `smtp+starttls://…`, `smtp://…`), and comes
    from `mail_from`; without one it waits. `private_webhooks` lets administrators have addresses inside this network
    called.
    Without `fast_reads` queries are answered field by field: the same answers, later.
    """

    database_url: str = f"sqlite://{PROJECT / 'var' / 'casegraph.sqlite3'}"
    environment: str = "development"
    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str = "http://127.0.0.1:8000"
    files: Path = PROJECT / "var" / "files"
    worker: bool = True
    fast_reads: bool = True
    token_issuer: str = ""
    token_audience: str = "casegraph"
    token_jwks_url: str = ""
    smtp_url: str = field(default="", repr=False)  # has a password in it
    mail_from: str = ""
    private_webhooks: bool = False
    allowed_origins: tuple[str, ...] = ()
    allowed_hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
    limits: Limits = field(default_factory=Limits)

    @property
    def in_development(self) -> bool:
        return self.environment in ("development", "test")


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from `CASEGRAPH_*` variables; an unknown or malformed one stops the start with its name."""

    def read(name: str, default: object) -> object:
        text = environ.get(f"CASEGRAPH_{name.upper()}")
        if text is None:
            return default
        try:
            match default:
                case bool():
                    return {"true": True, "false": False}[text.lower()]
                case int() | float():
                    return type(default)(text)
                case tuple():
                    return tuple(part.strip() for part in text.split(",") if part.strip())
                case Path():
                    return Path(text)
                case _:
                    return text
        except (ValueError, KeyError):
            raise SystemExit(f"CASEGRAPH_{name.upper()}={text!r} is not a {type(default).__name__}") from None

    limits = Limits(**{f.name: read(f.name, f.default) for f in fields(Limits)})  # type: ignore[arg-type]
    plain = {f.name: read(f.name, f.default) for f in fields(Settings) if f.name != "limits"}
    return Settings(**plain, limits=limits)  # type: ignore[arg-type]
