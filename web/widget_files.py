"""Widgets for pages of others: plain modules, served as they are written.

Their addresses stay, so they are asked for anew each time; a page of another origin may load them, since they hold
nothing that is anybody's.
"""

from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

FOLDER: Final = Path(__file__).parent / "widgets"

FILES: Final = {
    "": "text/html; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
    "page.css": "text/css; charset=utf-8",
    "sla-countdown.js": "text/javascript; charset=utf-8",
    "countdown-arithmetic.js": "text/javascript; charset=utf-8",
}
"""Every file that may be asked for: no path of a client ever reaches the disk."""

OPEN: Final = {
    "Cache-Control": "no-cache",
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


def routes() -> list[BaseRoute]:
    """The files under /widgets/, and at its root the page of examples."""
    return [Route("/widgets", _root), Route("/widgets/{name:path}", _file)]


async def _root(request: Request) -> Response:
    return RedirectResponse("/widgets/")


async def _file(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in FILES:
        raise HTTPException(404)
    return FileResponse(FOLDER / (name or "index.html"), headers=OPEN, media_type=FILES[name])
