"""Files over plain HTTP: `POST /files` takes them, `GET /files/{id}` gives them, with the credentials of the graph.

A body is one file, whose name is in `?name=`, or `multipart/form-data` with up to five. It is written to disk as it
comes, and never held in memory: what is too long is answered before it is read. What came in is checked by its content
before it gets its place (`cases/content/`), and becomes a file of a case by the mutation `attachFile`.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from actions.uploading import Received, keep_uploads
from cases import permissions
from cases.content import names
from cases.content.kinds import SHOWN, kind_of
from cases.refusals import Refused, Several
from cases.viewer import Viewer
from cases.vocabulary import ErrorCode
from models.attachments import Attachment, Upload
from models.file_store import FileStore, Incoming
from models.reading import by_ids
from models.visibility import visible
from schema.ids import id_of, read_id
from schema.transport.errors import Unauthenticated
from schema.transport.session import Authenticate, bearer_token
from settings import Limits
from web.multipart import Malformed, Part, parts

SAFE: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Vary": "Authorization",
}
"""No script of a file runs, no page of another origin shows it, and no cache keeps it."""

LINGERED_BYTES: Final = 20 * 1024 * 1024
"""What a client may still send, to nobody, after it was declined: most of them read no answer before they have sent."""

STATUS_BY_CODE: Final = {
    ErrorCode.UNAUTHENTICATED: 401,
    ErrorCode.FORBIDDEN: 403,
    ErrorCode.NOT_FOUND: 404,
    ErrorCode.RATE_LIMITED: 429,
    ErrorCode.RETRY_LATER: 503,
    ErrorCode.TIMEOUT: 503,
    ErrorCode.STORAGE_UNAVAILABLE: 507,
}


class TooLong(Exception):
    """More bytes than may come, or more files."""


class Files:
    """The two ways of a file, in and out."""

    def __init__(
        self, store: FileStore, limits: Limits, authenticate: Authenticate, clock: Callable[[], datetime]
    ) -> None:
        self.store = store
        self.limits = limits
        self.authenticate = authenticate
        self.clock = clock
        self._places = asyncio.Semaphore(limits.uploads_at_once)

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/files", self.upload, methods=["POST"]),
            Route("/files/{id}", self.download, methods=["GET"]),
        ]

    async def upload(self, request: Request) -> Response:
        """Answers `{"uploads": [{id, name, mediaType, sizeBytes}]}`, in the order in which the files came.

        A client that is still sending hears what was declined once it has sent all. Whoever would send for long, or
        does not say how long, is hung up on.
        """
        answer = await self._answer(request)
        if answer.status_code != 201 and _declared(request) not in range(LINGERED_BYTES):
            answer.headers["Connection"] = "close"
        return answer

    async def _answer(self, request: Request) -> Response:
        try:
            viewer = await self._viewer(request)
            permissions.check(viewer, "attach_file")
            if (_declared(request) or 0) > self.limits.upload_body_bytes:
                raise TooLong
            if self._places.locked():
                return declined("Busy with other files; please try again.", ErrorCode.RETRY_LATER)
            async with self._places:
                uploads = await self._received(request, viewer)
        except Unauthenticated as refusal:
            return declined(refusal.message, refusal.code)
        except Several as several:
            return declined(several.problems[0].message, several.code)
        except Refused as refusal:
            return declined(refusal.message, refusal.code)
        except Malformed as malformed:
            return declined(str(malformed), ErrorCode.BAD_INPUT)
        except TooLong:
            most = f"{self.limits.upload_files} files and {self.limits.upload_bytes} bytes in all"
            return declined(f"At once there may be {most}.", ErrorCode.BAD_INPUT, status=413)
        except ClientDisconnect:
            return Response(status_code=400)
        said = [
            {"id": id_of(one), "name": one.name, "mediaType": one.media_type, "sizeBytes": one.size_bytes}
            for one in uploads
        ]
        return _json(201, {"uploads": said})

    async def download(self, request: Request) -> Response:
        """The content of an attachment of a visible case. With `?preview=1` images and PDF are shown in place."""
        try:
            viewer = await self._viewer(request)
        except Unauthenticated as refusal:
            return declined(refusal.message, refusal.code)
        found = await self._attachment(request.path_params["id"], viewer)
        path = None if found is None else self.store.path(found.tenant_id, found.digest)
        if found is None or path is None or not path.is_file():
            return declined("There is no such file.", ErrorCode.NOT_FOUND)
        in_place = request.query_params.get("preview") == "1" and found.media_type in SHOWN
        headers = {**SAFE, "Content-Disposition": disposition(found.name, in_place=in_place)}
        return FileResponse(path, headers=headers, media_type=found.media_type)

    async def _viewer(self, request: Request) -> Viewer:
        values = request.headers.getlist("authorization")
        if len(values) > 1:
            raise Unauthenticated("Send one `Authorization` header.")
        session = await self.authenticate(bearer_token(values[0] if values else None))
        if session.viewer is None:
            raise Unauthenticated()
        return session.viewer

    async def _attachment(self, public_id: str, viewer: Viewer) -> Attachment | None:
        parsed = read_id(public_id)
        if parsed is None or parsed[0] != Attachment.__name__:
            return None
        return (await by_ids(Attachment, [parsed[1]], visible(Attachment, viewer))).get(parsed[1])

    async def _received(self, request: Request, viewer: Viewer) -> list[Upload]:
        """The rows of the files in the body. Whatever is refused leaves nothing on the disk."""
        incoming: list[tuple[Incoming, str]] = []
        try:
            async for part in self._parts(request):
                if part.begins is not None:
                    if len(incoming) == self.limits.upload_files:
                        raise TooLong
                    name = names.tidied(part.begins)
                    incoming.append((self.store.receive(), name))
                incoming[-1][0].write(part.data)
                if sum(file.size_bytes for file, _ in incoming) > self.limits.upload_bytes:
                    raise TooLong
            if not incoming:
                raise Malformed("There is no file in this.")
            received = [await asyncio.to_thread(_checked, file, name) for file, name in incoming]
            return await keep_uploads(received, self.store, actor=viewer, now=self.clock())
        finally:
            for file, _ in incoming:
                file.discard()

    def _parts(self, request: Request) -> AsyncIterator[Part]:
        content_type = request.headers.get("content-type", "")
        body = _counted(request.stream(), self.limits.upload_body_bytes)
        if content_type.partition(";")[0].strip().lower() == "multipart/form-data":
            return parts(content_type, body)
        if "name" not in request.query_params:
            raise Malformed("Say the name of the file in `?name=`, or send multipart/form-data.")
        return _whole(request.query_params["name"], body)


async def _counted(body: AsyncIterator[bytes], limit_bytes: int) -> AsyncIterator[bytes]:
    """The body as it comes. Raises TooLong as soon as there is more of it than there may be."""
    count = 0
    async for data in body:
        count += len(data)
        if count > limit_bytes:
            raise TooLong
        yield data


async def _whole(name: str, body: AsyncIterator[bytes]) -> AsyncIterator[Part]:
    yield Part(b"", name)
    async for data in body:
        yield Part(data)


def _checked(file: Incoming, name: str) -> Received:
    """Runs in a thread: unpacking a document takes its time. Raises BadInput for what is not what its name says."""
    file.close()
    return Received(file, name, kind_of(name, file.path.read_bytes()).media_type)


def disposition(name: str, *, in_place: bool) -> str:
    """A Content-Disposition with the name twice: for everybody in ASCII, and as it is (RFC 6266, RFC 8187)."""
    plain = "".join(one if " " <= one <= "~" and one not in '"\\%;' else "_" for one in name)
    how = "inline" if in_place else "attachment"
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _declared(request: Request) -> int | None:
    """How long the body says it is."""
    declared = request.headers.get("content-length", "")
    return int(declared[:20]) if declared.isdecimal() else None


def declined(message: str, code: ErrorCode, *, status: int | None = None, path: Sequence[str | int] = ()) -> Response:
    """An answer in the form of the graph's errors, that says what cannot be accepted, and where (`path`)."""
    extensions: dict[str, Any] = {"code": code.value, **({"input": [str(part) for part in path]} if path else {})}
    response = _json(
        status or STATUS_BY_CODE.get(code, 400), {"errors": [{"message": message, "extensions": extensions}]}
    )
    if response.status_code == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _json(status: int, content: Any) -> Response:
    return Response(orjson.dumps(content), status, dict(SAFE), "application/json")
