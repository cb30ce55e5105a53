"""Figures as pictures: SVG for light and for dark pages, in a size for phones and one for wide screens.

What a chart shows stands beside it in a table too; the pictures have no words but their axes'.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import pygal
import regex
from pygal.style import Style

from seller_console.colours import SCHEMES
from shop import money, words
from shop.figures import ChannelSums, Part, Sold

# For its plug-ins with maps, which are not used here, the library listens to every import of the process in a way that
# Python 3.12 no longer knows and 3.11 warns of.
sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, pygal.PluginImportFixer)]

#: Opened by itself a chart may do nothing but look as it does.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
#: Width and height in pixels, how many parts have their time below, and about how many lines have their amount.
_SIZES = {"narrow": (340, 240, 4, 4), "wide": (900, 300, 10, 6)}
_LONGEST_NAME = {"narrow": 14, "wide": 30}
_PLAIN = """inline:
  .axis .guide.line, .axis .major.line { stroke-dasharray: none !important; }
  .reactive { stroke-width: 0 !important; }
"""
_FONTS = 'system-ui, "Noto Sans Thai", "Sukhumvit Set", "Leelawadee UI", Thonburi, Loma, sans-serif'


@dataclass(frozen=True)
class Look:
    """How to draw: `size` is narrow or wide, `scheme` light or dark, `language` th or en, `currency` an ISO code."""

    size: str
    scheme: str
    language: str
    currency: str


#: A line of bars: how it is called, and its value in each part of a period, None where it has none.
_Series = tuple[str, Sequence[float | None]]


def course(parts: Sequence[Part], look: Look, names: tuple[str, str]) -> bytes:
    """Sales and money received (called `names`) in each part of a period, as SVG."""
    sold = [_amount(part.sums.sold, look) for part in parts]
    received = [_amount(part.sums.received, look) for part in parts]
    return _bars(parts, look, (names[0], sold), (names[1], received))


def orders(parts: Sequence[Part], look: Look) -> bytes:
    """How many orders were placed in each part of a period, as SVG."""
    placed = [part.sums.orders for part in parts]
    return _bars(parts, look, ("", placed), written=_count, order_min=0)


def unpaid(parts: Sequence[Part], look: Look, names: tuple[str, str]) -> bytes:
    """What is unpaid and what carriers have yet to bring (called `names`), by when it was ordered, as SVG."""
    owed = [_amount(part.sums.unpaid_amount, look) for part in parts]
    on_delivery = [_amount(part.sums.on_delivery_amount, look) for part in parts]
    return _bars(parts, look, (names[0], owed), (names[1], on_delivery))


def conversion(parts: Sequence[Part], look: Look) -> bytes:
    """How many of a hundred who were in the chat ordered, in each part of a period, as SVG."""
    shares = [None if part.sums.conversion is None else part.sums.conversion * 100 for part in parts]
    return _bars(parts, look, ("", shares), written=_percent, order_min=0)


def products(best: Sequence[Sold], look: Look) -> bytes:
    """What each of the best products brought, the best on top, as SVG."""
    return _ranking([(sold.product.name(look.language), sold.amount) for sold in best], look)


def channels(ranked: Sequence[ChannelSums], look: Look) -> bytes:
    """What was sold on each channel, most on top, as SVG."""
    return _ranking([(one.channel.name, one.sums.sold) for one in ranked], look)


def _bars(
    parts: Sequence[Part],
    look: Look,
    *series: _Series,
    written: Callable[[float], str] | None = None,
    **settings: object,
) -> bytes:
    """Bars beside each other for each part of a period; `written` writes a value where it is no amount of money."""
    if written is not None:
        settings |= {"formatter": written, "value_formatter": written}
    chart = _chart(pygal.Bar, look, show_legend=len(series) > 1, **settings)
    marks = [words.written_mark(part.mark, look.language) for part in parts]
    chart.x_labels = marks
    every = -(-len(marks) // _SIZES[look.size][2])
    chart.x_labels_major = marks[::every]
    chart.show_minor_x_labels = False
    for name, values in series:
        chart.add(name, values)
    return _drawn(chart)


def _ranking(rows: Sequence[tuple[str, int]], look: Look) -> bytes:
    rows = rows[::-1]  # the library draws from below
    width = _SIZES[look.size][0]
    chart = _chart(
        pygal.HorizontalBar,
        look,
        height=24 + 34 * len(rows),
        print_values=True,
        print_values_position="top",
        value_formatter=lambda value: _written(value, look),
        # each bar has its amount behind it, for which there must be room, and needs no axis
        range=(0, _amount(max((amount for _, amount in rows), default=0), look) * (1 + 140 / width) or 1),
        show_x_labels=False,
        show_x_guides=False,
    )
    chart.add_xml_filter(_behind_the_bar)
    chart.x_labels = [_short(name, _LONGEST_NAME[look.size]) for name, _ in rows]
    chart.add("", [_amount(amount, look) for _, amount in rows])
    return _drawn(chart)


def _behind_the_bar(root: Element) -> Element:
    """The library sets the middle of a value where its bar ends."""
    for one in root.iter("text"):
        if one.get("class") == "value":
            one.set("text-anchor", "start")
    return root


def _chart(kind: type[pygal.graph.graph.Graph], look: Look, **settings: object) -> pygal.graph.graph.Graph:
    width, height, _, lines = _SIZES[look.size]
    shown: dict[str, object] = {
        "width": width,
        "height": height,
        "css": ["file://style.css", "file://graph.css", _PLAIN],
        "js": [],
        "style": _style(look),
        "show_legend": False,
        "legend_at_bottom": True,
        "legend_box_size": 12,
        "margin": 8,
        "rounded_bars": 2,
        "truncate_label": -1,
        "truncate_legend": -1,
        "min_scale": 2,
        "max_scale": lines,
        "explicit_size": True,
        "formatter": lambda value: _axis(value, look),
        "value_formatter": lambda value: _axis(value, look),
    }
    chart = kind(**(shown | settings))
    chart.add_xml_filter(_without_script)
    return chart


def _style(look: Look) -> Style:
    colours = SCHEMES[look.scheme]
    return Style(
        background="transparent",
        plot_background="transparent",
        foreground=colours["quiet"],
        foreground_strong=colours["quiet"],
        guide_stroke_color=colours["line"],
        major_guide_stroke_color=colours["line"],
        opacity="1",
        colors=(colours["accent"], colours["good"]),
        font_family=_FONTS,
        label_font_size=12,
        major_label_font_size=12,
        legend_font_size=13,
        value_font_size=13,
        value_colors=(colours["ink"],),
    )


def _without_script(root: Element) -> Element:
    """The library writes its settings for a script of its own, which nothing here runs."""
    for parent in list(root.iter()):
        for script in parent.findall("script"):
            parent.remove(script)
    return root


def _amount(amount: int, look: Look) -> float:
    """For a bar's length alone; nothing is counted with it."""
    return float(money.as_decimal(amount, look.currency))


def _written(value: float, look: Look) -> str:
    return money.written(round(value * 10 ** money.places(look.currency)), look.currency, look.language)


def _axis(value: float, look: Look) -> str:
    return _written(round(value), look)


def _count(value: float) -> str:
    return f"{value:,.0f}"


def _percent(value: float) -> str:
    return f"{value:.0f}%"


def _short(name: str, most: int) -> str:
    signs = regex.findall(r"\X", name)  # a Thai vowel or tone mark stays with its letter
    return name if len(signs) <= most else "".join(signs[: most - 1]).rstrip() + "…"


def _drawn(chart: pygal.graph.graph.Graph) -> bytes:
    drawn: bytes = chart.render()
    return drawn
