"""The QR code of an address, as one outline for print and screen and as a bitmap.

Modules that touch are drawn as one shape: squares drawn one by one leave hairlines between them in many viewers.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

import qrcode
from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.exceptions import DataOverflowError

from certificates.errors import CertificateError

# ISO/IEC 18004: four light modules around the symbol.
QUIET_MODULES = 4
# Below a third of a millimetre a module is lost on office printers and in the cameras of cheap phones.
SMALLEST_MODULE_MM = 0.33
SMALLEST_PRINT_MM = 35.0

Point = tuple[int, int]


@dataclass(frozen=True)
class Symbol:
    """One QR symbol: rows of dark (True) and light modules without the quiet zone, and its correction level."""

    rows: tuple[tuple[bool, ...], ...]
    correction: str

    @property
    def modules(self) -> int:
        """Modules along one side, the quiet zone on both ends included."""
        return len(self.rows) + 2 * QUIET_MODULES


def symbol(text: str, print_mm: float = 40.0) -> Symbol:
    """Return the symbol for *text* with correction Q, or M where Q would make the modules too small to print.

    print_mm: side of the printed square with its quiet zone, at least 35 mm, else CertificateError qr_too_small;
    raises qr_too_long when the text does not fit with M either.
    """
    if print_mm < SMALLEST_PRINT_MM:
        raise CertificateError("qr_too_small", print_mm=print_mm)
    for name, level in (("Q", ERROR_CORRECT_Q), ("M", ERROR_CORRECT_M)):
        rows = _matrix(text, level)
        if rows and print_mm / (len(rows) + 2 * QUIET_MODULES) >= SMALLEST_MODULE_MM:
            return Symbol(rows, name)
    raise CertificateError("qr_too_long", length=len(text))


def outlines(rows: tuple[tuple[bool, ...], ...]) -> list[list[Point]]:
    """Return closed outlines around the dark modules: corner points (x right, y down), corners only.

    Filled by the even-odd rule they are exactly the dark modules.
    """
    onward = _edges(rows)
    loops = []
    while onward:
        start = next(iter(onward))
        loop, here, heading = [], start, (0, 0)
        while here in onward:
            ends = onward[here]
            there = ends.pop()
            if not ends:
                del onward[here]
            step = (_sign(there[0] - here[0]), _sign(there[1] - here[1]))
            if step != heading:
                loop.append(here)
            here, heading = there, step
        loops.append(loop)
    return loops


def svg(code: Symbol, title: str) -> str:
    """Return an SVG picture of the symbol with its quiet zone; *title* is what a screen reader says (escaped here)."""
    side = code.modules
    path = "".join(_svg_loop(loop) for loop in outlines(code.rows))
    words = title.replace("&", "&amp;").replace("<", "&lt;")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img" shape-rendering="crispEdges">'
        f'<title>{words}</title><path fill="#fff" d="M0 0h{side}v{side}H0z"/>'
        f'<path fill="#000" fill-rule="evenodd" d="{path}"/></svg>'
    )


def png(code: Symbol, pixels_per_module: int = 8) -> bytes:
    """Return a black and white PNG of the symbol with its quiet zone; 1-64 pixels a module."""
    if not 1 <= pixels_per_module <= 64:
        raise CertificateError("qr_too_small", pixels_per_module=pixels_per_module)
    light = (False,) * QUIET_MODULES
    blank = (False,) * code.modules
    rows = [blank] * QUIET_MODULES + [light + row + light for row in code.rows] + [blank] * QUIET_MODULES
    data = b"".join((b"\0" + _packed(row, pixels_per_module)) * pixels_per_module for row in rows)
    side = code.modules * pixels_per_module
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = (_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(data, 9)), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _matrix(text: str, level: int) -> tuple[tuple[bool, ...], ...]:
    code = qrcode.QRCode(error_correction=level, border=0)
    # One segment: an address mixes cases, and splitting it into segments only lengthens it.
    code.add_data(text.encode("utf-8"), optimize=0)
    try:
        code.make(fit=True)
    except (DataOverflowError, ValueError):
        return ()
    return tuple(tuple(bool(dark) for dark in row) for row in code.get_matrix())


def _edges(rows: tuple[tuple[bool, ...], ...]) -> dict[Point, list[Point]]:
    """Directed unit edges by their start, dark on the right hand, so that every loop closes."""
    edges: dict[Point, list[Point]] = {}
    side = len(rows)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if not dark:
                continue
            if y == 0 or not rows[y - 1][x]:
                edges.setdefault((x, y), []).append((x + 1, y))
            if x == side - 1 or not row[x + 1]:
                edges.setdefault((x + 1, y), []).append((x + 1, y + 1))
            if y == side - 1 or not rows[y + 1][x]:
                edges.setdefault((x + 1, y + 1), []).append((x, y + 1))
            if x == 0 or not row[x - 1]:
                edges.setdefault((x, y + 1), []).append((x, y))
    return edges


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def _svg_loop(loop: list[Point]) -> str:
    (x, y), *others = [(x + QUIET_MODULES, y + QUIET_MODULES) for x, y in loop]
    return f"M{x} {y}" + "".join(f"L{x} {y}" for x, y in others) + "z"


def _packed(row: tuple[bool, ...], scale: int) -> bytes:
    bits = "".join(("0" if dark else "1") * scale for dark in row)
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
