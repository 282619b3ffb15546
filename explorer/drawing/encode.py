"""Pictures as bytes a browser shows."""

from __future__ import annotations

import base64
import io

from PIL import Image

from explorer.records.frame import Frame

PREVIEW_SIDE = 1600


def jpeg(frame: Frame, side: int = PREVIEW_SIDE, quality: int = 90) -> bytes:
    """A JPEG no longer than `side` pixels on its long side; smaller pictures keep their size."""
    image = Image.fromarray(frame.pixels)
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    into = io.BytesIO()
    image.save(into, "JPEG", quality=quality, subsampling=0)
    return into.getvalue()


def data_url(frame: Frame) -> str:
    """A preview that travels inside the page's own message and is never a file."""
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg(frame)).decode()}"


def png_url(frame: Frame) -> str:
    """The exact pixels, for small pictures."""
    into = io.BytesIO()
    Image.fromarray(frame.pixels).save(into, "PNG")
    return f"data:image/png;base64,{base64.b64encode(into.getvalue()).decode()}"
