"""Files that customers send: a picture of a machine and a delivery note, made here so that none is foreign."""

import struct
import zlib
from typing import Final

WIDTH, HEIGHT = 640, 420
PAPER, BODY, DARK, GLASS, RED, STEEL = (
    (238, 234, 226),
    (74, 84, 96),
    (46, 52, 60),
    (24, 44, 52),
    (236, 92, 72),
    (168, 176, 184),
)
RECTANGLES: Final = (
    (150, 60, 490, 380, BODY),
    (150, 60, 490, 96, DARK),
    (190, 120, 450, 200, GLASS),
    (230, 236, 410, 250, STEEL),
    (300, 250, 316, 286, STEEL),
    (324, 250, 340, 286, STEEL),
    (270, 318, 370, 360, PAPER),
    (170, 360, 470, 380, DARK),
)
"""A coffee machine from the front: left, top, right, bottom, colour; the later lies over the earlier."""
GLYPHS: Final = {"E": "111100110100111", "1": "010110010010111", "4": "101101111001001"}
PIXEL: Final = 10


def picture(error: str = "E14") -> bytes:
    """A photograph, nearly: a coffee machine that shows an error. PNG, 640 by 420."""
    rows = [bytearray(bytes(PAPER) * WIDTH) for _ in range(HEIGHT)]

    def fill(left: int, top: int, right: int, bottom: int, colour: tuple[int, int, int]) -> None:
        for y in range(top, bottom):
            rows[y][left * 3 : right * 3] = bytes(colour) * (right - left)

    for left, top, right, bottom, colour in RECTANGLES:
        fill(left, top, right, bottom, colour)
    for place, letter in enumerate(error):
        for spot, lit in enumerate(GLYPHS[letter]):
            if lit == "1":
                x = 245 + place * PIXEL * 5 + spot % 3 * PIXEL
                y = 135 + spot // 3 * PIXEL
                fill(x, y, x + PIXEL - 1, y + PIXEL - 1, RED)
    content = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows), 9)
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", content) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def delivery_note(order: str, lines: list[str]) -> bytes:
    """One page of plain text. PDF 1.4."""
    text = "".join(f"({line}) Tj 0 -22 Td " for line in [f"Delivery note {order}", "", *lines])
    stream = f"BT /F1 14 Tf 72 760 Td {text}ET".encode("ascii")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    page, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(page))
        page += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size, begin = len(objects) + 1, len(page)
    page += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    return page + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, begin)
