"""Images, true and hostile."""

import struct

import pytest
from pytest import param

from cases.content.fault import Fault
from cases.content.images import check_gif, check_jpeg, check_png
from tests.files import chunk, gif, jpeg, png, segment

SCRIPT = b"<script>alert(1)</script>"


@pytest.mark.parametrize(
    ("check", "data"),
    [
        param(check_png, png(), id="PNG"),
        param(check_png, png(8000, 5000), id="a PNG of 40 million pixels"),
        param(check_png, png(1, 1, chunk(b"tEXt", b"Title\x00Kettle")), id="a PNG with a text"),
        param(check_jpeg, jpeg(), id="JPEG"),
        param(check_jpeg, jpeg(1, 1, segment(0xE1, b"Exif\x00\x00" + b"\xff\xd9" * 3)), id="end markers in a segment"),
        param(check_jpeg, jpeg().replace(b"\xff\xd9", b"\xff\xff\xff\xd9"), id="a JPEG filled up"),
        param(check_jpeg, jpeg(1, 1, segment(0xC2, b"\x08\x00\x01\x00\x01\x01")), id="a progressive JPEG"),
        param(check_gif, gif(), id="GIF"),
    ],
)
def test_images_are_taken(check, data):
    check(data)


@pytest.mark.parametrize(
    ("check", "data", "why"),
    [
        param(check_png, b"", "no PNG", id="nothing"),
        param(check_png, b"<html>" + png(), "no PNG", id="a page before a PNG"),
        param(check_png, png()[:-1], "breaks off", id="a PNG without its last byte"),
        param(check_png, png()[: len(png()) - 12], "breaks off", id="a PNG without its end"),
        param(check_png, png() + b"PK\x03\x04", "after the end", id="an archive after a PNG"),
        param(check_png, png() + b"\x00", "after the end", id="a byte after a PNG"),
        param(check_png, png(20_000, 20_000), "40 million", id="a PNG of 400 million pixels"),
        param(check_png, png(8000, 5001), "40 million", id="a PNG of a row too many"),
        param(check_png, png(0, 1), "no size", id="a PNG without width"),
        param(
            check_png, png().replace(b"\x00\x00\x00\x01\x08", b"\x00\x00\x00\x02\x08"), "damaged", id="a changed PNG"
        ),
        param(
            check_png, b"\x89PNG\r\n\x1a\n" + chunk(b"IDAT") + chunk(b"IEND"), "size first", id="a PNG without header"
        ),
        param(check_png, png(1, 1, chunk(b"IHDR", bytes(13))), "no picture", id="a PNG with two headers"),
        param(
            check_png,
            b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)) + chunk(b"IEND"),
            "no picture",
            id="a PNG without a picture",
        ),
        param(
            check_png, b"\x89PNG\r\n\x1a\n" + b"\xff\xff\xff\xffIHDR" + bytes(20), "breaks off", id="an endless chunk"
        ),
        param(check_png, png(1, 1, chunk(b"tEXt", SCRIPT)), "executed", id="a script in a PNG"),
        param(check_png, png(1, 1, chunk(b"tEXt", b"<?PhP system(1);")), "executed", id="PHP in a PNG"),
        param(check_png, png(1, 1, chunk(b"iTXt", b"<SVG onload=x>")), "executed", id="SVG in a PNG"),
        param(check_jpeg, png(), "no JPEG", id="a PNG called JPEG"),
        param(check_jpeg, b"\xff\xd8\xff\xd9", "no picture", id="a JPEG of two markers"),
        param(check_jpeg, jpeg()[:-2], "breaks off", id="a JPEG without its end"),
        param(check_jpeg, jpeg()[:-1], "breaks off", id="a JPEG without its last byte"),
        param(check_jpeg, jpeg() + b"MZ", "after the end", id="a program after a JPEG"),
        param(check_jpeg, jpeg(60_000, 60_000), "40 million", id="a JPEG of 3.6 billion pixels"),
        param(check_jpeg, jpeg(1, 0), "no size", id="a JPEG without height"),
        param(check_jpeg, jpeg(1, 1, b"junk"), "damaged", id="junk between segments"),
        param(check_jpeg, jpeg(1, 1, b"\xff\xe2\xff\xff"), "breaks off", id="a segment longer than the file"),
        param(check_jpeg, jpeg(1, 1, b"\xff\xe2\x00\x01"), "breaks off", id="a segment shorter than its length"),
        param(check_jpeg, jpeg(1, 1, segment(0xFE, b"<html>")), "executed", id="a page in a JPEG's comment"),
        param(check_jpeg, jpeg(1, 1, b"\xff\xd8"), "damaged", id="a JPEG in a JPEG"),
        param(check_gif, b"GIF89a", "breaks off", id="a GIF of six bytes"),
        param(check_gif, b"GIF89a/*" + b"=1;" * 30, "damaged|40 million", id="a script that begins as a GIF"),
        param(check_gif, gif()[:-1], "breaks off", id="a GIF without its trailer"),
        param(check_gif, gif() + b";alert(1)", "after the end", id="a script after a GIF"),
        param(check_gif, gif(60_000, 60_000), "40 million", id="a GIF of 3.6 billion pixels"),
        param(check_gif, gif().replace(b"\x2c", b"\x3b", 1), "no picture", id="a GIF without a picture"),
        param(check_gif, gif().replace(b"\x21\xf9", b"\x7e\xf9"), "damaged", id="a block that there is not"),
    ],
)
def test_hostile_images_are_not(check, data, why):
    with pytest.raises(Fault, match=why):
        check(data)
