"""Small pictures for the gallery, made when first asked for."""

from __future__ import annotations

from functools import lru_cache

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from explorer.drawing.encode import jpeg
from explorer.errors import ExplorerError
from explorer.sources.samples import sample

SIDE = 240


@lru_cache(maxsize=64)
def thumbnail(name: str) -> bytes:
    """JPEG of a sample photograph. Raises UnknownName."""
    return jpeg(sample(name), SIDE, quality=85)


def _serve(request: Request) -> Response:
    try:
        content = thumbnail(request.path_params["name"])
    except ExplorerError as error:
        return PlainTextResponse(str(error), status_code=404)
    return Response(content, media_type="image/jpeg", headers={"Cache-Control": "public, max-age=86400"})


ROUTES = (Route("/thumbnail/{name}.jpg", _serve),)
