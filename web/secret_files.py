"""Secrets that a server makes for itself when it is first started."""

import os
import secrets
from pathlib import Path
from typing import Final

from settings import PROJECT

DEVELOPMENT_TOKENS: Final = PROJECT / "var" / "development.secret"
CURSORS: Final = PROJECT / "var" / "cursors.secret"


def secret(path: Path) -> bytes:
    """32 random bytes kept in a file that only its owner can read; made on first use.

    Processes that start at once get the same secret: the file is complete when it appears, and appears once.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(32))
        try:
            os.link(fresh, path)  # fails if another process was first
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_bytes()
