"""Whether this process is alive, and whether it can do its work. Open to everybody; says nothing of the data."""

import asyncio
import logging
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from models import Tenant

READY_SECONDS: Final = 2.0

log = logging.getLogger("casegraph.health")


async def livez(request: Request) -> Response:
    """The process answers. It should be restarted if this does not come."""
    return JSONResponse({"alive": True})


async def readyz(request: Request) -> Response:
    """The database answers and has our tables. No requests should be sent here while this says 503."""
    try:
        async with asyncio.timeout(READY_SECONDS):
            await Tenant.exists()
    except Exception as error:  # whatever it is: the answer is that we are not ready, and the reason is for the log
        log.warning("not ready: %s", type(error).__name__)
        return JSONResponse({"ready": False}, status_code=503)
    return JSONResponse({"ready": True})
