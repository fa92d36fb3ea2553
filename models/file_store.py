"""File store: the content of files under their digests, on disk.

    <folder>/<tenant>/<first two digits>/<SHA-256 in hex>     complete, and never changed
    <folder>/incoming/<random>                                being received

A file comes into being by renaming: whoever finds it finds all of it, and after a crash it is there or it is not. No
name that a client gave ever reaches the disk.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import IO, Final
from uuid import UUID

INCOMING: Final = "incoming"
DIGEST_LENGTH: Final = 64


@dataclass
class Incoming:
    """A file that is being received: written as it comes, counted and digested on the way."""

    path: Path
    size_bytes: int = 0
    _file: IO[bytes] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._digest = hashlib.sha256()
        self._file = self.path.open("xb")

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self._digest.update(data)
        self.size_bytes += len(data)

    @property
    def digest(self) -> str:
        return self._digest.hexdigest()

    def close(self) -> None:
        """Makes sure that what was written will be there after a crash."""
        if not self._file.closed:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()

    def discard(self) -> None:
        self._file.close()
        self.path.unlink(missing_ok=True)


@dataclass(frozen=True)
class FileStore:
    """All files below one folder, which several servers may share."""

    folder: Path

    def receive(self) -> Incoming:
        """A new file to write to, with a name of ours."""
        folder = self.folder / INCOMING
        folder.mkdir(parents=True, exist_ok=True)
        return Incoming(folder / token_hex(16))

    def path(self, tenant_id: UUID, digest: str) -> Path:
        """Where the content with this digest lies, if it is there."""
        return self.folder / tenant_id.hex / digest[:2] / digest

    def keep(self, incoming: Incoming, tenant_id: UUID) -> None:
        """Gives a received file its place. If the same content lies there already, nothing is lost by replacing it."""
        place = self.path(tenant_id, incoming.digest)
        incoming.close()
        place.parent.mkdir(parents=True, exist_ok=True)
        os.replace(incoming.path, place)
        for folder in (place.parent, place.parent.parent, self.folder):  # or the name may be gone after a crash
            _sync(folder)

    def remove(self, tenant_id: UUID, digest: str) -> None:
        self.path(tenant_id, digest).unlink(missing_ok=True)

    def shelves(self, after: str = "") -> list[str]:
        """The folders in which files lie, by name, from the one behind `after` on."""
        found = (f"{place.parts[-2]}/{place.name}" for place in self.folder.glob(f"{'?' * 32}/??"))
        return sorted(name for name in found if name > after)

    def kept(self, shelf: str) -> list[tuple[UUID, str]]:
        """The tenant and the digest of everything that has its place on a shelf."""
        try:
            tenant_id = UUID(shelf.partition("/")[0])
        except ValueError:
            return []
        return [(tenant_id, place.name) for place in (self.folder / shelf).glob("?" * DIGEST_LENGTH)]

    def abandoned(self, before: float) -> Iterator[Path]:
        """Files whose receiving ended without a result; `before` is in seconds since 1970."""
        for path in (self.folder / INCOMING).glob("*"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < before:
                    yield path


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
