"""The page at `/` where the console is not built: what runs here, and how to get the console."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

PAGE = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Casegraph</title>
  <link rel="icon" href="data:,">
  <style>
    body { font: 16px/1.6 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem; color: #1d2733 }
    a { color: #0b5cad } code { background: #eef1f5; padding: .1em .35em; border-radius: 4px }
    @media (prefers-color-scheme: dark) {
      body { background: #12181f; color: #dfe6ee } a { color: #7ab8ff } code { background: #232d38 }
    }
  </style>
</head>
<body>
  <h1>Casegraph</h1>
  <p>Customer-service cases and everything around them, as one graph.</p>
  <p>The console is not built yet: run <code>make console</code> in the project folder, then load this page again.</p>
  <ul>
    <li><a href="/graphql">GraphiQL</a>: try the API in the browser</li>
    <li><code>POST /graphql</code>: the API, over HTTP and <code>graphql-transport-ws</code></li>
    <li><a href="/livez">/livez</a>, <a href="/readyz">/readyz</a>: whether this server is alive, and ready</li>
    <li><a href="/metrics">/metrics</a>: what it has done</li>
  </ul>
  <p>Sign in with the address that the server printed when it started, or send a token of your own
  as <code>Authorization: Bearer …</code>.</p>
</body>
</html>
"""


async def landing(request: Request) -> Response:
    return HTMLResponse(PAGE)
