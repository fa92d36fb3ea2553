"""Files for tests, made here: no binary is committed. Each is as small as one of its kind can be, and true to it."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

CONTENT_TYPES = (
    b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument'
    b'.wordprocessingml.document.main+xml"/></Types>'
)
DOCUMENT = b'<?xml version="1.0"?><w:document xmlns:w="http://w"/>'
DOCX_PARTS: Mapping[str, bytes] = {"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": DOCUMENT}


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    """A chunk of a PNG image."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int = 1, height: int = 1, *more: bytes) -> bytes:
    """A PNG image; `more` are chunks before the picture."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    picture = chunk(b"IDAT", zlib.compress(b"\x00\xff"))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(more) + picture + chunk(b"IEND")


def segment(marker: int, data: bytes) -> bytes:
    """A segment of a JPEG image."""
    return bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data


def jpeg(width: int = 1, height: int = 1, *more: bytes, coded: bytes = b"\x12\xff\x00\x34\xff\xd0\x56") -> bytes:
    frame = segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00")
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + coded
    return b"\xff\xd8" + segment(0xE0, b"JFIF\x00") + b"".join(more) + frame + scan + b"\xff\xd9"


def gif(width: int = 1, height: int = 1) -> bytes:
    screen = struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\x00\x00\x00\xff\xff\xff"
    extension = b"\x21\xf9\x04\x01\x00\x00\x00\x00"
    picture = b"\x2c" + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x4c\x01\x00"
    return b"GIF89a" + screen + extension + picture + b"\x3b"


def pdf(extra: bytes = b"") -> bytes:
    body = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog " + extra + b">>\nendobj\n"
    place = len(body)
    return body + b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % place


def doc(*more: str, stream: str = "WordDocument", magic: int = 0xA5EC) -> bytes:
    """A compound file with a stream, and further entries called `more`: header, table, directory, content."""
    end, unused = 0xFFFFFFFE, 0xFFFFFFFF
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<II", header, 44, 1, 1)  # one sector of table; the directory begins in sector 1
    struct.pack_into("<109I", header, 76, 0, *[unused] * 108)
    table = struct.pack("<128I", 0xFFFFFFFD, end, end, *[unused] * 125)
    entries = [_entry("Root Entry", 5, end), _entry(stream, 2, 2), *(_entry(name, 1, end) for name in more)]
    directory = b"".join(entries)[:512].ljust(512, b"\x00")
    return bytes(header) + table + directory + struct.pack("<H", magic).ljust(512, b"\x00")


def _entry(name: str, kind: int, start: int) -> bytes:
    entry = bytearray(128)
    encoded = name.encode("utf-16-le")
    entry[: len(encoded)] = encoded
    struct.pack_into("<HB", entry, 64, len(encoded) + 2, kind)
    struct.pack_into("<I", entry, 116, start)
    return bytes(entry)


def docx(
    parts: Mapping[str, bytes] | None = None, *, without: str = "", links: str = "", comment: bytes = b""
) -> bytes:
    """A DOCX document with `parts` beside those that it needs; an entry called `links` points out of it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**DOCX_PARTS, **(parts or {})}.items():
            if name != without:
                archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
        if links:
            entry = zipfile.ZipInfo(links)
            entry.external_attr = 0o120777 << 16
            archive.writestr(entry, "/etc/passwd")
        archive.comment = comment
    return packed.getvalue()
