"""Multipart: the files of a form as they come, a piece at a time (RFC 7578). What has no file name is passed by."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

LONGEST_BOUNDARY: Final = 200


class Malformed(Exception):
    """This is no form. The message is fit for the client."""


@dataclass(frozen=True)
class Part:
    """A piece of a file; the first piece of each has the name that its sender gave it in `begins`."""

    data: bytes
    begins: str | None = None


async def parts(content_type: str, body: AsyncIterator[bytes]) -> AsyncIterator[Part]:
    """The files in a body, in order. Raises Malformed for what is no form, or breaks off."""
    _, options = parse_options_header(content_type)
    boundary = options.get(b"boundary", b"")
    if not 0 < len(boundary) <= LONGEST_BOUNDARY:
        raise Malformed("This form does not say where its parts begin.")
    form = _Form()
    try:
        parser = MultipartParser(boundary, form.callbacks())
        async for data in body:
            parser.write(data)
            for part in form.take():
                yield part
        parser.finalize()
    except FormParserError as error:
        raise Malformed("This is no form.") from error
    if not form.ended:
        raise Malformed("This form breaks off before its end.")


class _Form:
    """What the parser calls, and what came of it since somebody took it."""

    def __init__(self) -> None:
        self.ended = False
        self._taken: list[Part] = []
        self._name = b""
        self._value = b""
        self._disposition = b""
        self._is_file = False

    def callbacks(self) -> "MultipartCallbacks":
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._field,
            "on_header_value": self._text,
            "on_header_end": self._header,
            "on_headers_finished": self._headers,
            "on_part_data": self._data,
            "on_end": self._end,
        }

    def take(self) -> list[Part]:
        taken, self._taken = self._taken, []
        return taken

    def _begin(self) -> None:
        self._disposition, self._is_file = b"", False

    def _field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _text(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header(self) -> None:
        if self._name.lower() == b"content-disposition":
            self._disposition = self._value
        self._name = self._value = b""

    def _headers(self) -> None:
        _, options = parse_options_header(self._disposition)
        if b"filename" in options:
            try:
                name = options[b"filename"].decode()
            except UnicodeDecodeError:
                raise Malformed("Names of files come in UTF-8.") from None
            self._is_file = True
            self._taken.append(Part(b"", name))

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._is_file:
            self._taken.append(Part(data[start:end]))

    def _end(self) -> None:
        self.ended = True
