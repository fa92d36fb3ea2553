"""The lines of a file that could not be imported, written to a file of their own with the reason."""

import csv
from collections.abc import Callable
from pathlib import Path

from cases.refusals import BadInput
from imports.incident_log import Rejected


class Rejects:
    """Writes rejected lines to `path`, which is made with the first of them; a file of an earlier run is replaced."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self._write: Callable[[list[str]], object] | None = None

    def __enter__(self) -> "Rejects":
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            raise _unwritable(self.path, error) from None
        return self

    def add(self, rejected: Rejected) -> None:
        """Raises BadInput if there is no place to write to."""
        if self._write is None:
            try:
                self._file = self.path.open("w", newline="", encoding="utf-8", errors="surrogateescape")
            except OSError as error:
                raise _unwritable(self.path, error) from None
            self._write = csv.writer(self._file).writerow
            self._write(["line", "reason", "row"])
        self._write([str(rejected.line), rejected.reason, *rejected.row])
        self.count += 1

    def __exit__(self, *_: object) -> None:
        if self._write is not None:
            self._file.close()


def _unwritable(path: Path, error: OSError) -> BadInput:
    return BadInput(f"Rejected lines cannot be written to {path} ({error.strerror}); give another --rejects.")
