"""Fault: what is wrong with a file, in a sentence fit for whoever sent it."""

from typing import Final

PIXELS_LIMIT: Final = 40_000_000
"""Of one image: what a client needs a gigabyte to show is no picture of a kettle."""

HEAD_BYTES: Final = 4096
ACTIVE: Final = (b"<script", b"<html", b"<svg", b"<?php")


class Fault(ValueError):
    """The content is not what it should be."""


def expect(holds: bool, otherwise: str) -> None:
    """Raises Fault, saying `otherwise`, unless it `holds`."""
    if not holds:
        raise Fault(otherwise)


def expect_picture(width: int, height: int) -> None:
    """Raises Fault unless there is something to see, and not too much of it."""
    expect(width > 0 and height > 0, "This image has no size.")
    expect(width * height <= PIXELS_LIMIT, f"This image has more than {PIXELS_LIMIT // 1_000_000} million pixels.")


def expect_passive(data: bytes) -> None:
    """Raises Fault for what a browser could take for a page: markup within the part that browsers sniff."""
    head = data[:HEAD_BYTES].lower()
    expect(not any(word in head for word in ACTIVE), "This file has markup in it that could be executed.")
