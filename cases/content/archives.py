"""Archives: Word's DOCX, which is a ZIP archive, read without believing what it says of itself.

Every entry is unpacked to count its bytes, a piece at a time and never to be kept but for the few short ones that say
what the document is. XML is searched, not parsed, and may declare no types or entities.

Policy: macros, embedded objects and templates fetched from elsewhere are refused; links in the text are not.
"""

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import Final

from cases.content.fault import Fault, expect

ZIP: Final = b"PK\x03\x04"
MOST_ENTRIES: Final = 500
MOST_BYTES: Final = 50_000_000
MOST_BYTES_OF_PART: Final = 2_000_000
"""Of a part that is read to know what the document is."""
MOST_RATIO: Final = 100
RATIO_COUNTS_FROM: Final = 1_000_000
"""Bytes unpacked: short entries of blanks pack better than any bomb and harm nobody."""
PIECE: Final = 64 * 1024

TYPES: Final = "[Content_Types].xml"
MAIN: Final = "word/document.xml"
MAIN_TYPE: Final = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
EMBEDDED: Final = ("word/embeddings/", "word/activex/")
RELATION: Final = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>", re.IGNORECASE)
FETCHED: Final = re.compile(rb"/(attachedTemplate|oleObject|frame|subDocument|package|aFChunk)[\"']", re.IGNORECASE)
EXTERNAL: Final = re.compile(rb"TargetMode\s*=\s*[\"']External[\"']", re.IGNORECASE)

DAMAGED: Final = "This DOCX document is damaged."
TOO_MUCH: Final = "This DOCX document unpacks to more than any document needs."
ENCRYPTED: Final = 0x1


def check_docx(data: bytes) -> None:
    """An archive of plain entries that is a text document and nothing else (ECMA-376; APPNOTE.TXT)."""
    expect(data.startswith(ZIP), "This is no DOCX document.")
    entries = _entries(data)
    names = [entry.filename for entry in entries]
    for entry in entries:
        _check_entry(entry)
    expect(len({name.lower() for name in names}) == len(names), "An entry of this document is there twice.")
    expect(TYPES in names and MAIN in names, "There is no text document in this DOCX file.")
    expect(not any("vbaproject" in name.lower() for name in names), "DOCX documents with macros are not taken.")
    embedded = any(name.lower().startswith(EMBEDDED) for name in names)
    expect(not embedded, "DOCX documents with other files inside are not taken.")
    _check_layout(data, entries)
    _check_parts(data, entries)


def _entries(data: bytes) -> Sequence[zipfile.ZipInfo]:
    """What the archive lists, in the order in which it lies in the file."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            expect(not archive.comment, "There is something after the end of this DOCX document.")
            listed = archive.infolist()
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, ValueError, struct.error) as error:
        if isinstance(error, Fault):
            raise
        raise Fault(DAMAGED) from error
    expect(data[-22:-18] == b"PK\x05\x06", "There is something after the end of this DOCX document.")
    expect(len(listed) <= MOST_ENTRIES, f"This DOCX document has more than {MOST_ENTRIES} parts.")
    return sorted(listed, key=lambda entry: entry.header_offset)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.orig_filename
    parts = name.replace("\\", "/").split("/")
    inside = not name.startswith(("/", "\\")) and ".." not in parts and ":" not in name
    expect(inside and name.isprintable() and "\\" not in name, "An entry of this document leads out of it.")
    expect(not stat.S_ISLNK(entry.external_attr >> 16), "An entry of this document leads out of it.")
    expect(not entry.flag_bits & ENCRYPTED, "Encrypted documents are not taken.")
    expect(entry.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED), DAMAGED)


def _check_layout(data: bytes, entries: Sequence[zipfile.ZipInfo]) -> None:
    """Entries follow one another, each called the same in both places: no byte serves two of them."""
    end = 0
    expect(entries[0].header_offset == 0, DAMAGED)
    for entry in entries:
        expect(entry.header_offset >= end, DAMAGED)
        start, name = _content(data, entry)
        expect(name == entry.orig_filename.encode("utf-8" if entry.flag_bits & 0x800 else "cp437"), DAMAGED)
        end = start + entry.compress_size
        expect(end <= len(data), DAMAGED)


def _content(data: bytes, entry: zipfile.ZipInfo) -> tuple[int, bytes]:
    """Where an entry's packed bytes begin, and its name as it stands before them."""
    head = data[entry.header_offset : entry.header_offset + 30]
    expect(len(head) == 30 and head.startswith(ZIP), DAMAGED)
    name_bytes, extra_bytes = struct.unpack_from("<HH", head, 26)
    start = entry.header_offset + 30
    return start + name_bytes + extra_bytes, data[start : start + name_bytes]


def _check_parts(data: bytes, entries: Sequence[zipfile.ZipInfo]) -> None:
    unpacked = 0
    for entry in entries:
        name, kept, size = entry.filename, bytearray(), 0
        keep = name == TYPES or name.lower().endswith(".rels")
        for piece in _unpacked(data, entry):
            size, unpacked = size + len(piece), unpacked + len(piece)
            expect(unpacked <= MOST_BYTES, TOO_MUCH)
            expect(size <= RATIO_COUNTS_FROM or size <= MOST_RATIO * entry.compress_size, TOO_MUCH)
            if keep or not kept:
                kept += piece  # of others, the first piece: declarations come first
            expect(len(kept) <= MOST_BYTES_OF_PART, TOO_MUCH)
        expect(size == entry.file_size, DAMAGED)  # a header that lies
        if name.lower().endswith((".xml", ".rels")):
            _check_xml(bytes(kept))
        if name == TYPES:
            _check_types(bytes(kept))
        elif keep:
            _check_relations(bytes(kept))
    expect(unpacked <= max(RATIO_COUNTS_FROM, MOST_RATIO * len(data)), TOO_MUCH)


def _unpacked(data: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of an entry, a piece at a time, as they are and not as its header says."""
    start, _ = _content(data, entry)
    packed = data[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        yield packed
        return
    inflating = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        while packed and not inflating.eof:
            yield inflating.decompress(packed, PIECE)
            packed = inflating.unconsumed_tail
    except zlib.error as error:
        raise Fault(DAMAGED) from error
    expect(inflating.eof and not inflating.unused_data, DAMAGED)


def _check_xml(text: bytes) -> None:
    """UTF-8, so that searching finds what parsing would; no document type, so that there is nothing to expand."""
    expect(b"\x00" not in text[:PIECE] and text[:2] not in (b"\xff\xfe", b"\xfe\xff"), DAMAGED)
    expect(b"<!DOCTYPE" not in text and b"<!ENTITY" not in text, "This DOCX document declares what no document needs.")


def _check_types(text: bytes) -> None:
    expect(MAIN_TYPE in text, "There is no text document in this DOCX file.")
    dangerous = b"macroenabled" in text.lower() or b"vbaproject" in text.lower()
    expect(not dangerous, "DOCX documents with macros are not taken.")


def _check_relations(text: bytes) -> None:
    expect(b"&#" not in text, DAMAGED)  # letters spelled as numbers are there to hide a word
    for relation in RELATION.findall(text):
        fetched = FETCHED.search(relation) and EXTERNAL.search(relation)
        expect(not fetched, "DOCX documents that fetch parts from elsewhere are not taken.")
