"""Product pictures for the demo shop, drawn here so that the project carries no foreign material."""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFilter

_SIZE = 800
#: Drawn so many times larger and scaled down, which smooths the edges.
_FINE = 2

Colour = tuple[int, int, int]
Point = tuple[float, float]


def draw(kind: str, colour: Colour, background: Colour) -> bytes:
    """A square JPEG of 800 px: `kind` is shirt, bag, hat, mug, scarf or soap, in `colour` on `background` (RGB)."""
    size = _SIZE * _FINE
    picture = _backdrop(size, background)
    layer = Image.new("RGBA", (size, size))
    _SHAPES[kind](_Pen(layer, colour))
    picture.paste(_shadow(layer), (0, size // 50), _shadow(layer))
    picture.paste(layer, (0, 0), layer)
    out = io.BytesIO()
    picture.resize((_SIZE, _SIZE), Image.Resampling.LANCZOS).save(out, "JPEG", quality=88, optimize=True)
    return out.getvalue()


def shade(colour: Colour, by: float) -> Colour:
    """The colour, lighter (by > 0) or darker (by < 0); 1 is white, -1 black."""
    target = 255 if by > 0 else 0
    red, green, blue = (round(part + (target - part) * abs(by)) for part in colour)
    return red, green, blue


class _Pen:
    """Draws on a layer in hundredths of its side, so that shapes read like a sketch on squared paper."""

    def __init__(self, layer: Image.Image, colour: Colour) -> None:
        self._draw = ImageDraw.Draw(layer)
        self._unit = layer.width / 100
        self.colour = colour

    def area(self, points: list[Point], by: float = 0) -> None:
        """A filled outline with rounded corners through `points`."""
        self._draw.polygon([self._at(point) for point in _rounded(points)], fill=shade(self.colour, by))

    def oval(self, left: float, top: float, right: float, bottom: float, by: float = 0) -> None:
        """A filled oval."""
        self._draw.ellipse([*self._at((left, top)), *self._at((right, bottom))], fill=shade(self.colour, by))

    def box(self, left: float, top: float, right: float, bottom: float, radius: float, by: float = 0) -> None:
        """A filled box with round corners."""
        corners = [*self._at((left, top)), *self._at((right, bottom))]
        self._draw.rounded_rectangle(corners, radius * self._unit, fill=shade(self.colour, by))

    def arc(
        self, box: tuple[float, float, float, float], start: float, end: float, width: float, by: float = 0
    ) -> None:
        """A bent stroke along the oval in `box`, from `start` to `end` degrees."""
        corners = [*self._at(box[:2]), *self._at(box[2:])]
        self._draw.arc(corners, start, end, fill=shade(self.colour, by), width=round(width * self._unit))

    def line(self, points: list[Point], width: float, by: float = 0) -> None:
        """A stroke through `points`."""
        path = [self._at(point) for point in points]
        self._draw.line(path, fill=shade(self.colour, by), width=round(width * self._unit), joint="curve")

    def _at(self, point: Point) -> Point:
        return point[0] * self._unit, point[1] * self._unit


def _shirt(pen: _Pen) -> None:
    right: list[Point] = [(50, 19), (58, 19), (70, 25), (86, 41), (76, 52), (69, 46), (69, 82)]
    pen.area([*right, *[(100 - x, y) for x, y in reversed(right[1:])]])
    pen.area([(69, 46), (69, 82), (62, 82), (66, 44)], -0.08)
    pen.oval(40.5, 16.5, 59.5, 29, -0.2)
    pen.oval(42, 17.5, 58, 26.5, -0.42)
    pen.line([(33, 79), (67, 79)], 0.4, -0.16)
    pen.line([(31, 46), (33, 60)], 0.5, -0.12)


def _bag(pen: _Pen) -> None:
    pen.arc((34, 12, 66, 66), 180, 360, 3, -0.25)
    pen.area([(24, 38), (76, 38), (80, 86), (20, 86)])
    pen.area([(24, 38), (76, 38), (76.4, 43), (23.6, 43)], -0.1)
    pen.oval(40, 54, 60, 74, 0.55)
    pen.line([(50, 58), (50, 71)], 0.9, -0.2)
    for height in (60, 64, 68):
        pen.arc((43, height - 4, 50.4, height + 4), 20, 110, 0.8, -0.2)
        pen.arc((49.6, height - 4, 57, height + 4), 70, 160, 0.8, -0.2)


def _hat(pen: _Pen) -> None:
    pen.oval(12, 55, 88, 82, -0.14)
    pen.oval(12, 53, 88, 78)
    pen.area([(33, 30), (42, 25), (58, 25), (67, 30), (73, 62), (27, 62)], 0.08)
    pen.oval(27, 55, 73, 70, 0.08)
    pen.arc((27, 50, 73, 66), 12, 168, 3.2, -0.3)
    pen.oval(36, 24, 64, 33, 0.18)


def _mug(pen: _Pen) -> None:
    pen.arc((56, 38, 86, 68), -90, 90, 5, -0.1)
    pen.box(66, 38, 72, 43, 0.5, -0.1)
    pen.box(66, 63, 72, 68, 0.5, -0.1)
    pen.box(24, 28, 70, 80, 7)
    pen.box(60, 30, 70, 79, 5, -0.07)
    pen.oval(24, 23, 70, 35, 0.35)
    pen.oval(28, 25, 66, 33.5, -0.55)
    pen.oval(38, 46, 56, 64, 0.6)
    pen.arc((42, 52, 52, 61), 20, 160, 1, -0.35)
    pen.oval(42.5, 51, 44.7, 53.4, -0.35)
    pen.oval(49.3, 51, 51.5, 53.4, -0.35)


def _scarf(pen: _Pen) -> None:
    pen.area([(24, 22), (76, 22), (72, 34), (28, 34)], -0.12)
    pen.area([(30, 26), (50, 30), (44, 84), (24, 84)])
    pen.area([(70, 26), (50, 30), (56, 78), (76, 78)], 0.1)
    for step in range(5):
        pen.line([(30 - step, 44 + step * 7), (47 - step * 0.6, 45 + step * 7)], 1.4, 0.5)
        pen.line([(53.4 + step * 0.5, 42 + step * 7), (71 + step, 41 + step * 7)], 1.4, -0.22)
    for step in range(9):
        pen.line([(25 + step * 2.2, 84), (24.6 + step * 2.2, 89)], 0.7, -0.1)
        pen.line([(57 + step * 2.2, 78), (57.4 + step * 2.2, 83)], 0.7)


def _soap(pen: _Pen) -> None:
    pen.box(22, 44, 78, 76, 9, -0.12)
    pen.box(22, 38, 78, 70, 9)
    pen.box(40, 36, 60, 77, 1, 0.72)
    pen.box(40, 52, 60, 60, 0.5, -0.35)
    for left, top, size in ((66, 20, 9), (75, 29, 6), (60, 27, 5), (18, 26, 7), (27, 20, 4)):
        pen.oval(left, top, left + size, top + size, 0.55)
        pen.oval(left + size * 0.2, top + size * 0.15, left + size * 0.5, top + size * 0.45, 0.92)


_SHAPES: dict[str, Callable[[_Pen], None]] = {
    "shirt": _shirt,
    "bag": _bag,
    "hat": _hat,
    "mug": _mug,
    "scarf": _scarf,
    "soap": _soap,
}


def _backdrop(size: int, colour: Colour) -> Image.Image:
    light = Image.radial_gradient("L").resize((size, size))
    return Image.composite(
        Image.new("RGB", (size, size), shade(colour, -0.1)),
        Image.new("RGB", (size, size), shade(colour, 0.35)),
        light,
    )


def _shadow(layer: Image.Image) -> Image.Image:
    soft = (
        layer.getchannel("A")
        .filter(ImageFilter.GaussianBlur(layer.width / 60))
        .point(lambda value: value // 4)
    )
    shadow = Image.new("RGBA", layer.size, (40, 30, 20, 0))
    shadow.putalpha(soft)
    return shadow


def _rounded(points: list[Point], radius: float = 2.2, steps: int = 6) -> list[Point]:
    """The outline with each corner replaced by a short curve (a quadratic Bézier, corner as control point)."""
    outline: list[Point] = []
    for index, corner in enumerate(points):
        start = _toward(corner, points[index - 1], radius)
        end = _toward(corner, points[(index + 1) % len(points)], radius)
        for step in range(steps + 1):
            along = step / steps
            outline.append(
                (
                    (1 - along) ** 2 * start[0] + 2 * along * (1 - along) * corner[0] + along**2 * end[0],
                    (1 - along) ** 2 * start[1] + 2 * along * (1 - along) * corner[1] + along**2 * end[1],
                )
            )
    return outline


def _toward(start: Point, goal: Point, distance: float) -> Point:
    length = max(1e-6, ((goal[0] - start[0]) ** 2 + (goal[1] - start[1]) ** 2) ** 0.5)
    part = min(distance / length, 0.5)
    return start[0] + (goal[0] - start[0]) * part, start[1] + (goal[1] - start[1]) * part
