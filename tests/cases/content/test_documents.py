"""PDF and DOC, true and hostile."""

import struct

import pytest
from pytest import param

from cases.content.documents import check_doc, check_pdf
from cases.content.fault import Fault
from tests.files import doc, docx, pdf


def looping() -> bytes:
    """A compound file whose directory is followed by itself."""
    data = bytearray(doc())
    struct.pack_into("<I", data, 512 + 4, 1)
    return bytes(data)


def with_directory(sector: int) -> bytes:
    data = bytearray(doc())
    struct.pack_into("<I", data, 48, sector)
    return bytes(data)


@pytest.mark.parametrize(
    ("check", "data"),
    [
        param(check_pdf, pdf(), id="PDF"),
        param(check_pdf, pdf() + b"\r\n", id="a PDF with a line after its end"),
        param(check_pdf, b"%PDF-1.4\n%%EOF", id="a PDF with nothing in it"),
        param(check_pdf, pdf().replace(b"startxref\n", b"startxref\n9"), id="a PDF that points beside its table"),
        param(check_pdf, pdf(b"/Title (Why /JSON is no script) "), id="a word that begins like a script"),
        param(check_doc, doc(), id="DOC"),
        param(check_doc, doc("1Table"), id="a DOC with another stream"),
    ],
)
def test_documents_are_taken(check, data):
    check(data)


@pytest.mark.parametrize(
    ("check", "data", "why"),
    [
        param(check_pdf, b"", "no PDF", id="nothing"),
        param(check_pdf, b"\n" + pdf(), "no PDF", id="a PDF that begins late"),
        param(check_pdf, pdf()[:-10], "breaks off", id="a PDF without its end"),
        param(check_pdf, pdf() + docx(), "after its end", id="an archive after a PDF"),
        param(check_pdf, pdf() + b" " * 2000, "after its end", id="a PDF whose end is not near its end"),
        param(
            check_pdf, pdf(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >> "), "scripts", id="a script in a PDF"
        ),
        param(check_pdf, pdf(b"/AA << /S /Launch /F (cmd.exe) >> "), "scripts", id="a program that a PDF starts"),
        param(check_pdf, pdf(b"/Names << /EmbeddedFiles 2 0 R >> "), "files inside", id="a file in a PDF"),
        param(check_pdf, pdf(b"/Title (<script>) "), "executed", id="a page in a PDF"),
        param(check_doc, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "damaged", id="a DOC of eight bytes"),
        param(check_doc, docx(), "no DOC", id="a DOCX called DOC"),
        param(check_doc, doc(stream="Workbook"), "no text document", id="a spreadsheet called DOC"),
        param(check_doc, doc(magic=0x1234), "no text document", id="a stream that is called as a document's"),
        param(check_doc, doc("Macros"), "macros", id="a DOC with macros"),
        param(check_doc, doc("_VBA_PROJECT"), "macros", id="a DOC with a project of macros"),
        param(check_doc, doc()[:1024], "damaged", id="a DOC without its directory"),
        param(check_doc, with_directory(0xFFFFFFF0), "damaged", id="a directory beyond the end"),
        param(check_doc, with_directory(0xFFFFFFFE), "no text document", id="no directory"),
        param(check_doc, doc() + bytes(512 * 200), "after the end", id="a hundred kilobytes after a DOC"),
        param(check_doc, doc()[:24] + bytes(488) + doc()[512:], "damaged", id="a header of zeros"),
    ],
)
def test_hostile_documents_are_not(check, data, why):
    with pytest.raises(Fault, match=why):
        check(data)


def test_a_directory_that_follows_itself_comes_to_an_end():
    with pytest.raises(Fault, match="damaged"):
        check_doc(looping())
