"""Which kind of video a file is, told by its first bytes and never by its name; no demuxer is called.

A demuxer that guesses would also take a text that names other files (a playlist, ffconcat, SDP) and open those.
"""

from __future__ import annotations

from dataclasses import dataclass

from explorer.errors import BadVideo
from explorer.sources.kinds import kind_of

HEAD = 4096
"""Bytes that tell the kind."""
READ = "MP4, MOV, WebM, MKV and AVI"
_QUICKTIME = (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
_LISTS = (b"#EXTM3U", b"ffconcat", b"v=0", b"[playlist]", b"rtsp:", b"http:", b"https:", b"<?wpl", b"[Reference]")
_MATROSKA_DOCTYPE = b"\x42\x82"


@dataclass(frozen=True)
class Container:
    """name: for sentences; demuxer: libavformat's name of the only one that is allowed to read it."""

    name: str
    demuxer: str


def container_of(head: bytes, who: str) -> Container:
    """The kind of video that begins with `head`. Raises BadVideo for anything else."""
    if not head:
        raise BadVideo(f"{who} is an empty file: copy or download it again.")
    if head[4:8] == b"ftyp":
        known = kind_of(head).name
        if "picture" not in known:
            return Container("MOV" if head[8:12] == b"qt  " else "MP4", "mov")
    elif head[4:8] in _QUICKTIME:
        return Container("MOV", "mov")
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        at = head.find(_MATROSKA_DOCTYPE, 0, 64)
        return Container("WebM" if at >= 0 and head[at + 3 : at + 7] == b"webm" else "MKV", "matroska")
    if head[:4] == b"RIFF" and head[8:12] in (b"AVI ", b"AVIX"):
        return Container("AVI", "avi")
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(_LISTS):
        raise BadVideo(f"{who} is a list that names other files, and none of them is opened: give the video itself.")
    kind = kind_of(head)
    name = f"a {kind.name} picture" if kind.read else kind.name
    if name.startswith("not a picture"):
        raise BadVideo(f"{who} is not a video that can be recognised, only {READ} are read: save it as MP4.")
    raise BadVideo(f"{who} is {name}, and only {READ} videos are read: give one of those.")
