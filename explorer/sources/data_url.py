"""Pictures that a browser sends inside a message, as a data URL."""

from __future__ import annotations

import base64
import binascii
from dataclasses import replace

from explorer.errors import BadPicture
from explorer.records.frame import Domain, Frame
from explorer.sources.image import read_image


def read_data_url(url: str, name: str, domain: Domain = "unknown") -> Frame:
    """The picture in data:image/...;base64,...; name: what a person calls it. Raises BadPicture."""
    try:
        data = base64.b64decode(url.partition(",")[2], validate=True)
    except binascii.Error:
        raise BadPicture(f"The picture from {name} came damaged: take it again.") from None
    return replace(read_image(data, name=name), domain=domain)
