"""A pinhole camera that looks level over one ground plane."""

from __future__ import annotations

from dataclasses import dataclass

Point3 = tuple[float, float, float]
Point2 = tuple[float, float]
NEAR = 0.6


@dataclass(frozen=True)
class Camera:
    """Where the picture is taken from.

    width, height, focal: pixels; centre: column of the optical axis; horizon: row of the horizon; above: metres from
    the ground to the lens. World axes in metres: x to the right, y up from the ground, z away from the lens.
    """

    width: int
    height: int
    focal: float
    centre: float
    horizon: float
    above: float

    def column(self, x: float, z: float) -> float:
        """Column of a point."""
        return self.centre + self.focal * x / z

    def row(self, y: float, z: float) -> float:
        """Row of a point."""
        return self.horizon + self.focal * (self.above - y) / z

    def scale(self, z: float) -> float:
        """Pixels in a metre at depth z."""
        return self.focal / z

    def depth(self, row: float) -> float:
        """Depth of the ground seen in a row under the horizon."""
        return self.focal * self.above / max(row - self.horizon, 0.05)

    def span(self, z: float) -> tuple[float, float]:
        """The x of the left and right border of the picture at depth z."""
        return (0 - self.centre) * z / self.focal, (self.width - self.centre) * z / self.focal

    def project(self, points: list[Point3]) -> list[Point2]:
        """Columns and rows of a polygon after cutting off what lies behind the lens (maybe no point at all)."""
        inside: list[Point3] = []
        last = points[-1]
        for point in points:
            if (point[2] >= NEAR) != (last[2] >= NEAR):
                t = (NEAR - last[2]) / (point[2] - last[2])
                inside.append((last[0] + t * (point[0] - last[0]), last[1] + t * (point[1] - last[1]), NEAR))
            if point[2] >= NEAR:
                inside.append(point)
            last = point
        return [(self.column(x, z), self.row(y, z)) for x, y, z in inside]
