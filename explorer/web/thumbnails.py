"""Small pictures for the gallery, made when first asked for."""

from __future__ import annotations

from functools import lru_cache

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from explorer.drawing.encode import jpeg
from explorer.sources.gallery import offered
from explorer.sources.open import bundled

SIDE = 240


@lru_cache(maxsize=64)
def thumbnail(name: str) -> bytes:
    """JPEG of a picture of the gallery. Raises UnknownName, Mistake."""
    return jpeg(bundled(name), SIDE, quality=85)


def _serve(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in offered():
        return PlainTextResponse("There is no such picture in the gallery.", status_code=404)
    return Response(thumbnail(name), media_type="image/jpeg", headers={"Cache-Control": "public, max-age=86400"})


ROUTES = (Route("/thumbnail/{name}.jpg", _serve),)
