"""Documents: PDF, and Word's DOC in its compound file.

Policy: what would run by itself when the document is opened is refused where it stands in the clear (scripts, launched
programs and embedded files of PDF, macros of DOC). This is no virus scanner: compressed streams are not looked into.
"""

import re
import struct
from collections.abc import Iterator
from typing import Final

from cases.content.fault import expect, expect_passive

PDF: Final = b"%PDF-"
TAIL_BYTES: Final = 1024
"""How far from its end a PDF file must say that it ends (ISO 32000-1, annex H.3, 18)."""
END: Final = re.compile(rb"%%EOF\s*\Z")
RUNNING: Final = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA)\b")

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEADER_BYTES: Final = 512
ENTRY_BYTES: Final = 128
MOST_IN_CHAIN: Final = 50_000
FREE: Final = 0xFFFFFFFA
"""From here on, numbers of sectors stand for the end of a chain or no sector ([MS-CFB] 2.1)."""
STREAM: Final = 2
WORD: Final = 0xA5EC
"""The first word of a document's stream: the magic of its information block ([MS-DOC] 2.5.2)."""
MACROS: Final = frozenset({"macros", "vba", "_vba_project", "_vba_project_cur"})

TORN: Final = "This DOC file is damaged."


def check_pdf(data: bytes) -> None:
    """`%PDF-` at the first byte, and `%%EOF` at the end, near it and with nothing after it.

    Cross-references are not followed: programs write wrong ones, and readers find the objects without them.
    """
    expect(data.startswith(PDF), "This is no PDF document.")
    expect_passive(data)
    ends = END.search(data, max(0, len(data) - TAIL_BYTES))
    expect(bool(ends), "This PDF document breaks off, or there is something after its end.")
    expect(not RUNNING.search(data), "PDF documents with scripts or files inside are not taken.")


def check_doc(data: bytes) -> None:
    """A compound file with a stream `WordDocument` that begins as one, and without macros ([MS-CFB], [MS-DOC])."""
    expect(data.startswith(OLE), "This is no DOC document.")
    expect(len(data) >= HEADER_BYTES, TORN)
    file = CompoundFile(data)
    entries = {name.lower(): (kind, start) for name, kind, start in file.entries()}
    kind, start = entries.get("worddocument", (0, 0))
    expect(kind == STREAM, "There is no text document in this DOC file.")
    first = file.sector(start)
    expect(
        len(first) >= 2 and struct.unpack_from("<H", first)[0] == WORD, "There is no text document in this DOC file."
    )
    expect(not MACROS & set(entries), "DOC documents with macros are not taken.")


class CompoundFile:
    """As much of a compound file as it takes to list what is in it. Raises Fault where it contradicts itself."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        version, order, shift = struct.unpack_from("<HHH", data, 26)
        expect(order == 0xFFFE and (version, shift) in ((3, 9), (4, 12)), TORN)
        self.sector_bytes = 1 << shift
        (self.directory,) = struct.unpack_from("<I", data, 48)
        # 109 places in the header: enough for 6.8 MiB in version 3, far more than is taken
        table = [number for number in struct.unpack_from("<109I", data, 76) if number < FREE]
        self.next = [number for block in table for number in self._numbers(block)]
        expect(
            len(data) <= (len(self.next) + 1) * self.sector_bytes, "There is something after the end of this DOC file."
        )

    def sector(self, number: int) -> bytes:
        start = (number + 1) * self.sector_bytes
        expect(number < FREE and start < len(self.data), TORN)
        return self.data[start : start + self.sector_bytes]

    def entries(self) -> Iterator[tuple[str, int, int]]:
        """The name, the kind and the first sector of everything in the directory."""
        number, passed = self.directory, 0
        while number < FREE:
            expect(number < len(self.next) and passed < MOST_IN_CHAIN, TORN)  # or it goes round for ever
            for entry in _pieces(self.sector(number), ENTRY_BYTES):
                size, kind = struct.unpack_from("<HB", entry, 64)
                if kind:
                    expect(2 <= size <= 64, TORN)
                    (start,) = struct.unpack_from("<I", entry, 116)
                    yield entry[: size - 2].decode("utf-16-le", "replace"), kind, start
            number, passed = self.next[number], passed + 1

    def _numbers(self, block: int) -> tuple[int, ...]:
        sector = self.sector(block)
        expect(len(sector) == self.sector_bytes, TORN)
        return struct.unpack(f"<{self.sector_bytes // 4}I", sector)


def _pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[place : place + size] for place in range(0, len(data) - size + 1, size))
