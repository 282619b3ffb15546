"""Files I14, I16, I17: kinds that are not read, whose decoders must never be called."""

from __future__ import annotations

import io
import struct
import zipfile

import numpy as np

from tests.sources.cases import refuse
from tests.sources.encoders import (
    encode,
)

# I14, I16, I17: kinds that are not read, whose decoders must never be called
FLOATS = np.array([[np.nan, np.inf], [-1, 1e38]], np.float32)


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, b"")
    return out.getvalue()


def directories(count: int) -> bytes:
    """A TIFF of so many empty directories, each pointing to the next."""
    table = np.zeros(count, [("entries", "<u2"), ("following", "<u4")])
    table["following"] = 8 + 6 * np.arange(1, count + 1)
    return b"II*\0\x08\0\0\0" + table.tobytes()


refuse("I14-tiff-nan", "TIFF", lambda: encode(FLOATS, "TIFF"))
refuse("I16-tiff-directories", "TIFF", lambda: directories(1_000_000))
refuse("I16-tiff-loop", "TIFF", lambda: b"MM\0*" + struct.pack(">IHI", 8, 0, 8))
STARTS = {
    "bigtiff": ("BigTIFF", b"II+\0\x08\0\0\0"),
    "ico": ("ICO", b"\0\0\1\0\xff\xff"),
    "psd": ("Photoshop", b"8BPS\0\1"),
    "fits": ("FITS", b"SIMPLE  =                    T"),
    "eps": ("PostScript", b"%!PS-Adobe-3.0 EPSF-3.0\n"),
    "pdf": ("PDF", b"%PDF-1.7\n"),
    "jp2": ("JPEG 2000", b"\0\0\0\x0cjP  \r\n\x87\n"),
    "jxl": ("JPEG XL", b"\xff\x0a\xfa\x7f"),
    "avif": ("AVIF", b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf"),
    "heic": ("HEIC", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"),
    "mp4": ("video", b"\0\0\0\x18ftypisom\0\0\2\0isomavc1"),
    "webm": ("video", b"\x1a\x45\xdf\xa3\1\0\0\0"),
    "avi": ("video", b"RIFF\0\1\0\0AVI LIST"),
    "gzip": ("gzip", b"\x1f\x8b\x08\0"),
    "pickle": ("pickle", b"\x80\2cos\nsystem\n"),
    "safetensors": ("safetensors", struct.pack("<Q", 8) + b'{"a":{} }'),
    "npy": ("NumPy", b"\x93NUMPY\1\0"),
    "ppm": ("PPM", b"P6\n2 2\n255\n"),
    "ffconcat": ("plain text", b"ffconcat version 1.0\nfile secret.mp4\n"),
}
for word, (says, start) in STARTS.items():
    refuse(f"I16-{word}", says, lambda s=start: s + (b"" if s.isascii() and b"\0" not in s else bytes(64)))
refuse("I16-torch", "PyTorch weights", lambda: zipped("archive/data.pkl", "archive/data/0"))
refuse("I16-office", "Office", lambda: zipped("[Content_Types].xml", "word/document.xml"))
refuse("I16-zip", "zip archive", lambda: zipped("cat.png"))
refuse("I17-svg", "SVG", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
refuse(
    "I17-svg-entity",
    "SVG",
    lambda: (
        b"<?xml version='1.0'?>\n<!DOCTYPE svg [<!ENTITY x SYSTEM "
        b"'file:///etc/passwd'>]>\n<svg xmlns='http://www.w3.org/2000/svg'><text>&x;</text></svg>"
    ),
)
refuse("I17-svg-comment", "SVG", lambda: b"<!-- made by hand --><svg width='1' height='1'/>")
