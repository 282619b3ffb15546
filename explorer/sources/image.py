"""A picture file becomes one upright RGB Frame, or one sentence that says why not."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass

import numpy as np
from PIL import BmpImagePlugin, GifImagePlugin, Image, JpegImagePlugin, PngImagePlugin, WebPImagePlugin
from PIL.ImageFile import ImageFile

from explorer.errors import BadPicture
from explorer.records.frame import Frame, Pixels
from explorer.sources import kinds, metadata
from explorer.sources.formats import bmp, gif, jpeg, png, webp
from explorer.sources.formats.contents import Contents, CutShort, Damaged
from explorer.sources.whole_file import Source, bytes_of, shown_name


@dataclass(frozen=True)
class Limits:
    """How large a picture may be.

    max_bytes: of the file; max_pixels: of the picture; jpeg_pixels: of a JPEG, decoded at half size or less until it is
    within max_pixels; max_side: pixels; max_aspect: long side over short. A raised max_pixels raises the others:
    6 bytes a pixel fit max_bytes, a 4:1 picture fits max_side.
    """

    max_bytes: int = 20_000_000
    max_pixels: int = 40_000_000
    jpeg_pixels: int = 120_000_000
    max_side: int = 16_384
    max_aspect: int = 50

    def __post_init__(self) -> None:
        if self.max_pixels <= 40_000_000:
            return
        object.__setattr__(self, "max_bytes", max(self.max_bytes, 6 * self.max_pixels))
        object.__setattr__(self, "jpeg_pixels", max(self.jpeg_pixels, self.max_pixels))
        object.__setattr__(self, "max_side", max(self.max_side, 2 * math.isqrt(self.max_pixels)))


VISITOR = Limits()

# not Image.open: it warns and raises by a global pixel limit, and guesses again where magic has decided
_DECODERS: dict[str, type[ImageFile]] = {
    "JPEG": JpegImagePlugin.JpegImageFile,
    "PNG": PngImagePlugin.PngImageFile,
    "WEBP": WebPImagePlugin.WebPImageFile,
    "GIF": GifImagePlugin.GifImageFile,
    "BMP": BmpImagePlugin.BmpImageFile,
}
_READERS = {"JPEG": jpeg.read, "PNG": png.read, "WEBP": webp.read, "GIF": gif.read, "BMP": bmp.read}
# all that 300,000 mutated files brought out of Pillow, and the EOFError that its WebP reader raises by its source
_DECODER_ERRORS = (OSError, SyntaxError, ValueError, EOFError)

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_REDUCED = {2: "half", 4: "a quarter of its", 8: "an eighth of its"}


def read_image(source: Source, limits: Limits = VISITOR, name: str | None = None) -> Frame:
    """Read a JPEG, PNG, WebP, GIF or BMP, from a path or from the file's bytes, as one upright RGB Frame.

    The first picture of an animation; transparent parts over white; 16 bits scaled to 8; colour profiles ignored: what
    was done is in the Frame's notes. Nothing of the file's metadata stays. Raises BadPicture for everything else.
    """
    name = shown_name(source, name)
    who = name or "This file"
    data = bytes_of(source, limits.max_bytes, who, refusal=BadPicture)
    if not data:
        raise BadPicture(f"{who} is an empty file: copy or download it again.")
    kind = kinds.kind_of(data)
    if not kind.read:
        raise BadPicture(f"{who} is {kind.name}, and only {kinds.READ} are read: {kind.advice}.")
    try:
        contents = _READERS[kind.name](data)
        del data
        _check_size(who, kind.name, contents.width, contents.height, limits)
        pixels, notes = _decoded(who, kind.name, contents, limits)
        return Frame(pixels, name=name or "picture", notes=notes)
    except CutShort as error:
        raise BadPicture(f"{who} is a {kind.name} that is cut short ({error}): copy or download it again.") from error
    except Damaged as error:
        raise BadPicture(
            f"{who} is a {kind.name} that cannot be read ({error}): save it again as PNG or JPEG."
        ) from error
    except MemoryError as error:
        raise BadPicture(f"{who} needs more memory than there is: make it smaller and give that.") from error


def _check_size(who: str, kind: str, width: int, height: int, limits: Limits) -> None:
    most = max(limits.jpeg_pixels, limits.max_pixels) if kind == "JPEG" else limits.max_pixels
    says = f"{who} has {width} x {height} pixels"
    if width <= 0 or height <= 0:
        raise Damaged(f"its header says {width} x {height} pixels")
    if width * height > most:
        raise BadPicture(
            f"{says}, {width * height / 1e6:.1f} megapixels, and the limit is {most / 1e6:g}: "
            "make it smaller and give that."
        )
    if max(width, height) > limits.max_side:
        raise BadPicture(f"{says} and the limit is {limits.max_side} a side: make it smaller and give that.")
    if max(width, height) > limits.max_aspect * min(width, height):
        raise BadPicture(f"{says}, longer than {limits.max_aspect} times its width: cut out a part and give that.")


def _decoded(who: str, kind: str, contents: Contents, limits: Limits) -> tuple[Pixels, tuple[str, ...]]:
    """Pixels (h, w, 3) and notes; raises Damaged, MemoryError, and BadPicture for a size that shows only now."""
    notes = list(contents.notes)
    try:
        with _DECODERS[kind](io.BytesIO(contents.data)) as image:
            _check_size(who, kind, *image.size, limits)
            notes += _reduce(who, image, limits)
            image.load()
            rgb = _to_rgb(image, notes)
    except Damaged:
        raise
    except _DECODER_ERRORS as error:
        if "truncated" in str(error).lower():
            raise CutShort("its picture data stops early") from error
        raise Damaged(_reason(error)) from error
    rgb = _upright(rgb, contents.exif, notes)
    if contents.icc is not None:
        notes += _profile_note(contents.icc)
    return np.asarray(rgb), tuple(notes)


def _reason(error: Exception) -> str:
    """Pillow's own words where they were written for people."""
    text = str(error)
    spoken = isinstance(error, OSError | SyntaxError) and 0 < len(text) <= 80 and text.isprintable()
    return text if spoken and "<" not in text else "its picture data is damaged"


def _reduce(who: str, image: ImageFile, limits: Limits) -> tuple[str, ...]:
    """Set a JPEG larger than max_pixels to be decoded at 1/2, 1/4 or 1/8."""
    width, height = image.size
    if width * height <= limits.max_pixels:
        return ()
    for divisor, words in _REDUCED.items():
        if math.ceil(width / divisor) * math.ceil(height / divisor) <= limits.max_pixels:
            image.draft(None, (width // divisor, height // divisor))
            return (f"decoded at {words} size",)
    raise BadPicture(
        f"{who} has {width} x {height} pixels, more than {limits.max_pixels / 1e6:g} megapixels even at an eighth of "
        "its size: make it smaller and give that."
    )


def _to_rgb(image: Image.Image, notes: list[str]) -> Image.Image:
    """RGB of any mode that the five formats decode to; transparent parts over white."""
    if image.mode == "I;16":
        wide = np.asarray(image)
        grey = ((wide.astype(np.uint32) + 128) // 257).astype(np.uint8)
        if (key := image.info.get("transparency")) is not None and (hidden := wide == key).any():
            grey[hidden] = 255
            notes.append("transparent parts laid over white")
        return Image.fromarray(grey).convert("RGB")
    if image.mode == "CMYK":
        notes.append("converted from CMYK")
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image if image.mode == "RGB" else image.convert("RGB")
    layered = image if image.mode == "RGBA" else image.convert("RGBA")
    alpha = layered.getchannel("A")
    if alpha.getextrema() == (255, 255):
        return layered.convert("RGB")
    ground = Image.new("RGB", layered.size, "white")
    ground.paste(layered, mask=alpha)
    notes.append("transparent parts laid over white")
    return ground


def _upright(image: Image.Image, exif: bytes | None, notes: list[str]) -> Image.Image:
    if exif is None:
        return image
    try:
        orientation = metadata.orientation(exif)
    except ValueError:
        notes.append("damaged EXIF ignored")
        return image
    if orientation in _UPRIGHT:
        notes.append("turned upright by its EXIF tag")
        return image.transpose(_UPRIGHT[orientation])
    if orientation not in (None, 1):
        notes.append(f"EXIF orientation {orientation} ignored")
    return image


def _profile_note(profile: bytes) -> tuple[str, ...]:
    try:
        return () if metadata.means_srgb(profile) else ("colour profile ignored",)
    except ValueError:
        return ("damaged colour profile ignored",)
