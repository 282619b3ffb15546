"""What a file is, told by its first bytes and never by its name; no decoder is called."""

from __future__ import annotations

import re
from dataclasses import dataclass

READ = "JPEG, PNG, WebP, GIF and BMP"
_CONVERT = "save it as PNG or JPEG and give that"
_FRAME = "save one picture of it as PNG or JPEG and give that"
_INSIDE = "take the picture out of it and give that"
_OTHER = "give a picture instead"


@dataclass(frozen=True)
class Kind:
    """One kind of file: how a sentence names it, what to do about it, and whether we read it."""

    name: str
    advice: str = _CONVERT
    read: bool = False


# (offset, magic, name, advice): the first row that fits wins
_MAGIC: tuple[tuple[int, bytes, str, str], ...] = (
    (0, b"\x89PNG\n", "a PNG whose line ends were changed on the way", "copy it again in binary mode"),
    (0, b"II*\0", "a TIFF", _CONVERT),
    (0, b"MM\0*", "a TIFF", _CONVERT),
    (0, b"II+\0", "a BigTIFF", _CONVERT),
    (0, b"MM\0+", "a BigTIFF", _CONVERT),
    (0, b"\0\0\0\x0cjP  ", "a JPEG 2000 picture", _CONVERT),
    (0, b"\xff\x4f\xff\x51", "a JPEG 2000 picture", _CONVERT),
    (0, b"\0\0\0\x0cJXL ", "a JPEG XL picture", _CONVERT),
    (0, b"\xff\x0a", "a JPEG XL picture", _CONVERT),
    (0, b"8BPS", "a Photoshop document", _CONVERT),
    (0, b"\0\0\1\0", "a Windows icon (ICO)", _CONVERT),
    (0, b"\0\0\2\0", "a Windows cursor (CUR)", _CONVERT),
    (0, b"SIMPLE  =", "a FITS file", _CONVERT),
    (0, b"%PDF", "a PDF document", _FRAME),
    (0, b"%!PS", "a PostScript (EPS) file", _CONVERT),
    (0, b"\xc5\xd0\xd3\xc6", "a PostScript (EPS) file", _CONVERT),
    (0, b"qoif", "a QOI picture", _CONVERT),
    (0, b"DDS ", "a DDS texture", _CONVERT),
    (0, b"v/1\x01", "an OpenEXR picture", _CONVERT),
    (0, b"#?RADIANCE", "a Radiance HDR picture", _CONVERT),
    (0, b"\xd7\xcd\xc6\x9a", "a Windows metafile", _CONVERT),
    (0, b"gimp xcf", "a GIMP document", _CONVERT),
    (128, b"DICM", "a DICOM file", _CONVERT),
    (8, b"AVI ", "an AVI video", _FRAME),
    (8, b"WAVE", "a WAV sound", _OTHER),
    (0, b"\x1a\x45\xdf\xa3", "a WebM or Matroska video", _FRAME),
    (0, b"\0\0\1\xba", "an MPEG video", _FRAME),
    (0, b"\0\0\1\xb3", "an MPEG video", _FRAME),
    (0, b"FLV\1", "a Flash video", _FRAME),
    (0, b"OggS", "an Ogg sound or video", _FRAME),
    (0, b"ID3", "an MP3 sound", _OTHER),
    (0, b"\x1f\x8b", "a gzip archive", _INSIDE),
    (0, b"BZh", "a bzip2 archive", _INSIDE),
    (0, b"\xfd7zXZ", "an xz archive", _INSIDE),
    (0, b"7z\xbc\xaf", "a 7-Zip archive", _INSIDE),
    (0, b"Rar!", "a RAR archive", _INSIDE),
    (0, b"\x28\xb5\x2f\xfd", "a Zstandard archive", _INSIDE),
    (257, b"ustar", "a tar archive", _INSIDE),
    (0, b"\xd0\xcf\x11\xe0", "an Office document", _INSIDE),
    (0, b"\x93NUMPY", "a NumPy array", _CONVERT),
    (0, b"\x89HDF", "an HDF5 file", _OTHER),
    (0, b"\x7fELF", "a program", _OTHER),
    (0, b"MZ\x90", "a program", _OTHER),
    (0, b"version https://git-lfs", "a Git LFS pointer and not the picture it stands for", "run `git lfs pull`"),
    (0, b"{\\rtf", "an RTF document", _INSIDE),
)
_WEB_PAGE = Kind("a web page (HTML)", "save the picture itself, not its page, and give that")
_SVG = Kind("an SVG drawing")
_XML = Kind("an XML file", _OTHER)
_PICKLE = Kind("a Python pickle (often the weights of a network)", _OTHER)
_UNKNOWN = Kind("not a picture that can be recognised")

_DIB_HEADERS = frozenset({12, 16, 40, 52, 56, 64, 108, 124})
_TAG = re.compile(rb"<(!doctype\s+html|html|head|body|script|title|meta|svg|!doctype\s+svg|\?xml|!doctype|!--)", re.I)


def kind_of(data: bytes) -> Kind:
    """The kind of a whole file; `read` kinds are named JPEG, PNG, WEBP, GIF or BMP."""
    for magic, name in (
        (b"\xff\xd8\xff", "JPEG"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"GIF87a", "GIF"),
        (b"GIF89a", "GIF"),
    ):
        if data.startswith(magic):
            return Kind(name, read=True)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Kind("WEBP", read=True)
    if data[:2] == b"BM" and int.from_bytes(data[14:18], "little") in _DIB_HEADERS:
        return Kind("BMP", read=True)
    for offset, magic, name, advice in _MAGIC:
        if data.startswith(magic, offset):
            return Kind(name, advice)
    return _boxed(data) or _written(data) or _UNKNOWN


def _boxed(data: bytes) -> Kind | None:
    """Kinds whose magic needs a second look: ISO media, zip, pickles, weights."""
    if data[4:8] == b"ftyp":
        brands = data[8 : min(int.from_bytes(data[:4], "big"), 64)]
        if brands[:4] in (b"avif", b"avis"):
            return Kind("an AVIF picture")
        if any(brand in brands for brand in (b"heic", b"heix", b"hevc", b"mif1", b"msf1")):
            return Kind("a HEIC picture (the iPhone's own kind)")
        return Kind("an MP4 or QuickTime video", _FRAME)
    if data[:4] in (b"PK\3\4", b"PK\5\6"):
        if b"data.pkl" in data[:4096]:
            return Kind("a PyTorch weights file", _OTHER)
        return Kind("an Office document" if b"[Content_Types].xml" in data[:4096] else "a zip archive", _INSIDE)
    if data[:1] == b"\x80" and data[1:2] in (b"\2", b"\3", b"\4", b"\5"):
        return _PICKLE
    if data[8:10] == b'{"' and int.from_bytes(data[:8], "little") <= len(data):
        return Kind("a safetensors weights file", _OTHER)
    if data[:1] == b"P" and data[1:2] in (b"1", b"2", b"3", b"4", b"5", b"6", b"7") and data[2:3].isspace():
        return Kind("a PPM or PGM picture")
    return None


def _written(data: bytes) -> Kind | None:
    """Kinds that are text."""
    head = data[:4096]
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8")):
        if head.startswith(mark):
            head = head[len(mark) :].decode(encoding, "ignore").encode()
            break
    if tag := _TAG.match(head.lstrip()):
        if re.search(rb"<svg[\s>:]", head, re.I) and not tag[1].lower().endswith(b"html"):
            return _SVG
        return _XML if tag[1].lower() in (b"?xml", b"!doctype", b"!--") else _WEB_PAGE
    if b"\0" in head:
        return None
    try:
        head[: len(head) - 3 if len(data) > len(head) else None].decode()
    except UnicodeDecodeError as error:
        if error.reason != "unexpected end of data":
            return None
    control = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head)
    return Kind("plain text", _OTHER) if control == 0 else None
