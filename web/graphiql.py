"""GraphiQL, the page for trying the API, served whole from this machine.

The libraries come from npm at set-up (`web/ide/package.json`); nothing is loaded from anywhere else and nothing inline
is executed, which the content security policy of `response_headers.py` holds the page to.
"""

from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

FOLDER: Final = Path(__file__).parent / "ide"
LIBRARIES: Final = FOLDER / "node_modules"

FILES: Final = {
    "graphiql.js": LIBRARIES / "graphiql/graphiql.min.js",
    "graphiql.css": LIBRARIES / "graphiql/graphiql.min.css",
    "react.js": LIBRARIES / "react/umd/react.production.min.js",
    "react-dom.js": LIBRARIES / "react-dom/umd/react-dom.production.min.js",
    "explorer.js": LIBRARIES / "@graphiql/plugin-explorer/dist/index.umd.js",
    "explorer.css": LIBRARIES / "@graphiql/plugin-explorer/dist/style.css",
    "start.js": FOLDER / "start.js",
    "page.css": FOLDER / "page.css",
}
"""Every file that may be asked for, by its public name: no path of a client ever reaches the disk."""

_NOT_BUILT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Casegraph · GraphiQL</title></head>
<body><h1>GraphiQL is not installed yet</h1>
<p>Its files come from npm: run <code>make ide</code> in the project folder, then load this page again.</p>
<p>The API itself is here and answers <code>POST</code> requests.</p></body></html>
"""


def page() -> str:
    """The page as HTML; if its libraries are missing, how to get them."""
    if all(path.is_file() for path in FILES.values()):
        return (FOLDER / "page.html").read_text("utf-8")
    return _NOT_BUILT


def routes() -> list[BaseRoute]:
    """The page's files, under /graphql/assets."""
    return [Route("/graphql/assets/{name}", _file, methods=["GET"])]


async def _file(request: Request) -> Response:
    path = FILES.get(request.path_params["name"])
    if path is None or not path.is_file():
        raise HTTPException(404)
    return FileResponse(path, headers={"Cache-Control": "no-cache"})
