"""Drawn by formula: the border's interlaced waves, the rosette behind the facts, and the seal's ring and star."""

from __future__ import annotations

import math

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from certificates.template import Border, Seal

Place = tuple[float, float]
_STRANDS = 3
_WAVE_MM = 7.0
# Handles at 0.3642 of a half wave make one cubic curve follow a half sine within half a percent.
_SINE_HANDLE = 0.3642
# Rings of the rosette: middle radius and swing as shares of the whole, waves around, strands.
_RINGS = ((0.80, 0.20, 12, 8), (0.46, 0.14, 8, 8), (0.20, 0.12, 6, 6))
_STEPS_A_WAVE = 16


def draw_border(canvas: Canvas, border: Border, colours: dict[str, str], width: float, height: float) -> None:
    """Draw the two lines, the waves between them and a star in each corner; width and height of the page in points."""
    outer, inner = border.inset * mm, (border.inset + border.band) * mm
    canvas.setStrokeColor(colours[border.line_colour])
    canvas.setLineWidth(1.3)
    canvas.rect(outer, outer, width - 2 * outer, height - 2 * outer)
    canvas.setLineWidth(0.5)
    canvas.rect(inner, inner, width - 2 * inner, height - 2 * inner)
    canvas.setStrokeColor(colours[border.wave_colour])
    canvas.setLineWidth(0.45)
    middle = (outer + inner) / 2
    swing, gap = (inner - outer) / 2 - 1.4, (inner - outer) / 2
    right, top = width - middle, height - middle
    for y in (middle, top):
        _draw_waves(canvas, (middle + gap, y), (right - gap, y), swing)
    for x in (middle, right):
        _draw_waves(canvas, (x, middle + gap), (x, top - gap), swing)
        for y in (middle, top):
            _draw_ring(canvas, (x, y), swing, (0.62, 0.38, 4, 4))


def draw_rosette(canvas: Canvas, border: Border, colours: dict[str, str], height: float) -> None:
    """Draw the faint rosette of interlaced rings; *height* of the page in points."""
    canvas.setStrokeColor(colours[border.rosette_colour])
    canvas.setLineWidth(0.45)
    for ring in _RINGS:
        _draw_ring(canvas, (border.rosette_x * mm, height - border.rosette_y * mm), border.rosette_radius * mm, ring)


def draw_seal(canvas: Canvas, seal: Seal, colours: dict[str, str], height: float) -> None:
    """Draw the ring and the five-pointed star; the letters are placed as text. *height* of the page in points."""
    x, y, radius = seal.x * mm, height - seal.y * mm, seal.diameter * mm / 2
    canvas.setStrokeColor(colours[seal.colour])
    canvas.setFillColor(colours[seal.colour])
    canvas.setLineWidth(radius * 0.055)
    canvas.circle(x, y, radius * 0.97)
    path = canvas.beginPath()
    for n in range(10):
        reach = radius * (0.3 if n % 2 == 0 else 0.3 * 0.381966)
        angle = math.radians(90 + 36 * n)
        point = (x + reach * math.cos(angle), y + reach * math.sin(angle))
        (path.moveTo if n == 0 else path.lineTo)(*point)
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)


def _draw_waves(canvas: Canvas, start: Place, end: Place, swing: float) -> None:
    length = math.hypot(end[0] - start[0], end[1] - start[1])
    halves = 2 * round(length / (_WAVE_MM * mm))
    step = length / halves
    canvas.saveState()
    canvas.translate(*start)
    canvas.rotate(math.degrees(math.atan2(end[1] - start[1], end[0] - start[0])))
    for strand in range(_STRANDS):
        for sign in (1, -1):
            path = canvas.beginPath()
            _trace_sine(path, halves, step, sign * swing * (strand + 1) / _STRANDS)
            canvas.drawPath(path)
    canvas.restoreState()


def _trace_sine(path: PDFPathObject, halves: int, step: float, swing: float) -> None:
    # A cubic whose handles lie at 4/3 of the crest's height reaches exactly the crest.
    path.moveTo(0, 0)
    for n in range(halves):
        left, right, crest = n * step, (n + 1) * step, swing * 4 / 3 * (1 if n % 2 == 0 else -1)
        path.curveTo(left + _SINE_HANDLE * step, crest, right - _SINE_HANDLE * step, crest, right, 0)


def _draw_ring(canvas: Canvas, centre: Place, radius: float, ring: tuple[float, float, int, int]) -> None:
    """Draw one ring of interlaced strands, each a wave around the circle and a little behind the one before."""
    middle, swing, waves, strands = ring
    steps = waves * _STEPS_A_WAVE
    path = canvas.beginPath()
    for strand in range(strands):
        for n in range(steps):
            angle = 2 * math.pi * n / steps
            reach = radius * (middle + swing * math.cos(waves * angle + 2 * math.pi * strand / strands))
            point = (centre[0] + reach * math.cos(angle), centre[1] + reach * math.sin(angle))
            (path.moveTo if n == 0 else path.lineTo)(*point)
        path.close()
    canvas.drawPath(path)
