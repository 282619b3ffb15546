"""Where the authors of YOLO serve their own files: https://pjreddie.com/darknet/yolo and
https://github.com/AlexeyAB/darknet."""

from __future__ import annotations

from dataclasses import dataclass

CFG = "https://raw.githubusercontent.com/{0}/darknet/master/cfg/{1}.cfg"
FIRST = "https://data.pjreddie.com/files/{0}.weights"
FOURTH = "https://github.com/AlexeyAB/darknet/releases/download/{0}/{1}.weights"


@dataclass(frozen=True)
class Official:
    """A published Darknet network: addresses of its cfg and its weights, for which nobody tells hashes, so that what
    comes is judged by what the cfg asks for."""

    name: str
    cfg: str
    weights: str


def _of_redmon(name: str) -> Official:
    return Official(name, CFG.format("pjreddie", name), FIRST.format(name))


def _of_bochkovskiy(name: str, release: str) -> Official:
    return Official(name, CFG.format("AlexeyAB", name), FOURTH.format(release, name))


OFFICIAL = {
    one.name: one
    for one in (
        *map(_of_redmon, ("yolov2", "yolov2-tiny", "yolov2-voc", "yolov2-tiny-voc", "yolov3", "yolov3-tiny")),
        _of_redmon("yolov3-spp"),
        _of_bochkovskiy("yolov4", "darknet_yolo_v3_optimal"),
        _of_bochkovskiy("yolov4-tiny", "darknet_yolo_v4_pre"),
    )
}
