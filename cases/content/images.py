"""Images: PNG, JPEG and GIF walked from their first byte to their last, without decoding a pixel.

Each check raises Fault for content that is not of its kind, is damaged, or goes on after its end: what is appended to
an image is how one file is made to be two.
"""

import struct
import zlib
from typing import Final

from cases.content.fault import Fault, expect, expect_passive, expect_picture

PNG: Final = b"\x89PNG\r\n\x1a\n"
JPEG: Final = b"\xff\xd8\xff"
GIF: Final = (b"GIF87a", b"GIF89a")

STANDALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
"""JPEG markers without a length: TEM and the restart markers (ITU T.81, table B.1)."""
FRAMES: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""JPEG markers that begin a frame and say its size: SOF0 to SOF15 without DHT, JPG and DAC."""
EOI: Final = 0xD9
SOS: Final = 0xDA

TOO_SHORT: Final = "This image breaks off before its end."
TOO_LONG: Final = "There is something after the end of this image."


def check_png(data: bytes) -> None:
    """Chunks from IHDR to IEND with right checksums, and nothing after (W3C PNG, section 5)."""
    expect(data.startswith(PNG), "This is no PNG image.")
    expect_passive(data)
    place, kinds = len(PNG), list[bytes]()
    while not kinds or kinds[-1] != b"IEND":
        expect(place + 12 <= len(data), TOO_SHORT)
        length, kind = struct.unpack_from(">I4s", data, place)
        end = place + 12 + length
        expect(end <= len(data), TOO_SHORT)
        (checksum,) = struct.unpack_from(">I", data, end - 4)
        expect(checksum == zlib.crc32(data[place + 4 : end - 4]), "This PNG image is damaged.")
        if not kinds:
            expect(kind == b"IHDR" and length == 13, "This PNG image does not say its size first.")
            expect_picture(*struct.unpack_from(">II", data, place + 8))
        kinds.append(kind)
        place = end
    expect(b"IDAT" in kinds and kinds.count(b"IHDR") == 1, "This PNG image has no picture.")
    expect(place == len(data), TOO_LONG)


def check_jpeg(data: bytes) -> None:
    """Segments from SOI to EOI with a frame and a scan among them, and nothing after (ITU T.81, annex B)."""
    expect(data.startswith(JPEG), "This is no JPEG image.")
    expect_passive(data)
    place, framed, scanned = 2, False, False
    while True:
        marker, place = _marker(data, place)
        if marker == EOI:
            break
        if marker in STANDALONE:
            continue
        expect(place + 2 <= len(data), TOO_SHORT)
        (length,) = struct.unpack_from(">H", data, place)
        end = place + length
        expect(length >= 2 and end <= len(data), TOO_SHORT)
        if marker in FRAMES:
            expect(length >= 8, "This JPEG image is damaged.")
            height, width = struct.unpack_from(">HH", data, place + 3)
            expect_picture(width, height)
            framed = True
        place = end
        if marker == SOS:
            expect(framed, "This JPEG image does not say its size first.")
            place, scanned = _after_scan(data, place), True
    expect(scanned, "This JPEG image has no picture.")
    expect(place == len(data), TOO_LONG)


def _marker(data: bytes, place: int) -> tuple[int, int]:
    """The marker at `place`, which may be filled up with 0xFF, and where it ends."""
    expect(data[place : place + 1] == b"\xff", "This JPEG image is damaged.")
    while data[place : place + 1] == b"\xff":
        place += 1
    expect(place < len(data), TOO_SHORT)
    expect(data[place] not in (0x00, 0xD8), "This JPEG image is damaged.")
    return data[place], place + 1


def _after_scan(data: bytes, place: int) -> int:
    """Where the coded data of a scan ends: at the first marker that is no restart; 0xFF00 is a byte of data."""
    while True:
        place = data.find(b"\xff", place)
        expect(0 <= place < len(data) - 1, TOO_SHORT)
        if data[place + 1] == 0xFF:
            place += 1
        elif data[place + 1] == 0x00 or data[place + 1] in STANDALONE:
            place += 2
        else:
            return place


def check_gif(data: bytes) -> None:
    """Header, blocks and trailer, and nothing after (CompuServe GIF89a)."""
    expect(data.startswith(GIF), "This is no GIF image.")
    expect_passive(data)
    expect(len(data) >= 13, TOO_SHORT)
    width, height, packed = struct.unpack_from("<HHB", data, 6)
    expect_picture(width, height)
    place, pictures = 13 + _colours(packed), 0
    while True:
        match data[place : place + 1]:
            case b"\x3b":
                break
            case b"\x21":
                place = _after_blocks(data, place + 2)
            case b"\x2c":
                expect(place + 11 <= len(data), TOO_SHORT)
                expect_picture(*struct.unpack_from("<HH", data, place + 5))
                place = _after_blocks(data, place + 10 + _colours(data[place + 9]) + 1)
                pictures += 1
            case b"":
                raise Fault(TOO_SHORT)
            case _:
                raise Fault("This GIF image is damaged.")
    expect(pictures > 0, "This GIF image has no picture.")
    expect(place + 1 == len(data), TOO_LONG)


def _colours(packed: int) -> int:
    """The bytes of the colour table that follows, if one does."""
    return 3 << ((packed & 7) + 1) if packed & 0x80 else 0


def _after_blocks(data: bytes, place: int) -> int:
    """Where a run of blocks ends, each with its length before it, the last one empty."""
    while place < len(data) and data[place]:
        place += 1 + data[place]
    expect(place < len(data), TOO_SHORT)
    return place + 1
