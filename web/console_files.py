"""The console: the single-page application that `web/console/` is built into, served from this machine.

Its files carry a hash of their content in their names, so that they may be kept forever; the page that names them is
asked for anew each time. Without a build the API is the same, and `/` says how to make one.
"""

from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from web.landing import landing

BUILT: Final = Path(__file__).parent / "console" / "dist"

PAGES: Final = ("/", "/sign-in", "/cases", "/queues", "/reports", "/promises", "/articles", "/entitlements", "/rules")
"""Where the console shows something; below each, except the first, every address is its own to understand."""

FOREVER: Final = "public, max-age=31536000, immutable"
MEDIA_TYPES: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
COMPRESSED: Final = (("br", ".br"), ("gzip", ".gz"))


class Console:
    """The files of one build, known by their names: no path of a client ever reaches the disk."""

    def __init__(self, built: Path = BUILT) -> None:
        self.page = built / "index.html"
        self.assets = built / "assets"

    @property
    def is_built(self) -> bool:
        return self.page.is_file()

    def routes(self) -> list[BaseRoute]:
        below = [Route(f"{page}/{{rest:path}}", self._page) for page in PAGES if page != "/"]
        return [
            *(Route(page, self._page) for page in PAGES),
            *below,
            Route("/assets/{name}", self._asset),
        ]

    async def _page(self, request: Request) -> Response:
        if self.is_built:
            return HTMLResponse(self.page.read_text("utf-8"), headers={"Cache-Control": "no-cache"})
        if request.url.path == "/":
            return await landing(request)
        raise HTTPException(404)

    async def _asset(self, request: Request) -> Response:
        known = {path.name: path for path in self.assets.iterdir()} if self.assets.is_dir() else {}
        path = known.get(request.path_params["name"])
        if path is None or path.suffix not in MEDIA_TYPES:
            raise HTTPException(404)
        headers = {"Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
        accepted = {part.partition(";")[0].strip() for part in request.headers.get("accept-encoding", "").split(",")}
        for encoding, suffix in COMPRESSED:
            if encoding in accepted and (smaller := known.get(path.name + suffix)):
                headers["Content-Encoding"] = encoding
                return FileResponse(smaller, headers=headers, media_type=MEDIA_TYPES[path.suffix])
        return FileResponse(path, headers=headers, media_type=MEDIA_TYPES[path.suffix])
