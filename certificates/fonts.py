"""Fonts for certificates: which characters they have, how wide they are, and small TrueType files made of them.

reportlab embeds TrueType outlines only, and the Noto Sans SC and Noto Serif SC that are shipped hold CFF outlines.
Converting a whole font takes 40 seconds and must then be kept somewhere; converting the 150 characters of one
certificate takes 0.1 seconds, so each document gets a font of just its own characters. Compiled glyphs stay in
memory (a few hundred bytes each), which leaves about 3 ms a font once a process is warm; nothing is kept on disk.
Measured on a 2-core virtual machine: the first page of a process 0.25 s after 0.35 s of imports, later pages 0.13 s,
of which the QR code takes 0.035 s.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pylopdf_fonts_zh_cn
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph
from reportlab.pdfbase import pdfdoc, pdfmetrics, ttfonts

from certificates.errors import CertificateError

# Curves may stray this many units of 1000 from the original: a hundredth of a millimetre in a 30-point title.
_TOLERANCE = 1.0
# reportlab keeps fonts in one table for the whole process; drawing takes turns.
_DRAWING = threading.Lock()


class Typeface:
    """One OpenType font file, opened once; its converted glyphs are kept. Safe to share between threads."""

    def __init__(self, name: str, path: Path) -> None:
        self.name = name
        self._font = TTFont(path, lazy=True)
        self._glyph_names: dict[int, str] = self._font.getBestCmap()
        self._outlines = self._font.getGlyphSet()
        self._advances = self._font["hmtx"]
        self._converted: dict[str, tuple[bytes, int]] = {}
        self._reading = threading.Lock()

    def has(self, character: str) -> bool:
        """Whether the font has a glyph for the character."""
        return ord(character) in self._glyph_names

    def width(self, text: str, size: float) -> float:
        """Return the width of one line of *text* at *size* points, in points; missing characters count nothing."""
        units = sum(self._advances[self._glyph_names[ord(each)]][0] for each in text if self.has(each))
        return float(units * size / 1000)

    def truetype(self, characters: Iterable[str]) -> bytes:
        """Return a TrueType file with the glyphs of *characters*, the same bytes for the same set.

        Raises CertificateError character_not_available for one that the font lacks.
        """
        wanted = sorted(set(characters))
        for character in wanted:
            if not self.has(character):
                raise CertificateError("character_not_available", character=character, field="")
        with self._reading:
            glyphs = {".notdef": self._glyph(".notdef")}
            glyphs.update({(name := self._glyph_names[ord(each)]): self._glyph(name) for each in wanted})
            return self._assemble(glyphs, {ord(each): self._glyph_names[ord(each)] for each in wanted})

    def _glyph(self, name: str) -> tuple[bytes, int]:
        """The compiled TrueType glyph and its left side bearing."""
        if name not in self._converted:
            pen = TTGlyphPen(None)
            self._outlines[name].draw(Cu2QuPen(pen, _TOLERANCE, reverse_direction=True))
            glyph = pen.glyph()
            glyph.recalcBounds(None)
            # Kept as bytes: compiling again for every document would take longer than all the rest.
            self._converted[name] = (glyph.compile(None), getattr(glyph, "xMin", 0))
        return self._converted[name]

    def _assemble(self, glyphs: dict[str, tuple[bytes, int]], cmap: dict[int, str]) -> bytes:
        head = self._font["head"]
        builder = FontBuilder(head.unitsPerEm, isTTF=True)
        builder.setupGlyphOrder(list(glyphs))
        builder.setupCharacterMap(cmap)
        builder.setupGlyf({}, calcGlyphBounds=False)
        # setupGlyf looks into glyphs, which compiled ones do not allow.
        builder.font["glyf"].glyphs = {name: Glyph(data) for name, (data, _) in glyphs.items()}
        builder.setupHorizontalMetrics({name: (self._advances[name][0], left) for name, (_, left) in glyphs.items()})
        hhea = self._font["hhea"]
        builder.setupHorizontalHeader(ascent=hhea.ascent, descent=hhea.descent)
        builder.setupNameTable({"familyName": self.name, "styleName": "Regular", "psName": self.name})
        builder.setupOS2(
            sTypoAscender=hhea.ascent, sTypoDescender=hhea.descent, sCapHeight=self._font["OS/2"].sCapHeight
        )
        builder.setupPost()
        # Nothing of the clock in the file: the same certificate gives the same bytes.
        bounds = {side: getattr(head, side) for side in ("xMin", "yMin", "xMax", "yMax")}
        builder.updateHead(created=0, modified=0, **bounds)
        builder.font.recalcTimestamp = builder.font.recalcBBoxes = False
        file = io.BytesIO()
        builder.save(file)
        return file.getvalue()


class FontBook:
    """The typefaces that templates name: 'serif' and 'sans'."""

    def __init__(self, faces: Mapping[str, Typeface]) -> None:
        self.faces = dict(faces)

    def preflight(self, text: str, field: str) -> None:
        """Refuse *text* if one typeface lacks one of its characters, so that a box is never printed.

        Raises CertificateError character_not_available with character and field. Noto SC covers GB 2312, GBK and
        U+3400-9FEF, not the rarest characters of GB 18030-2022 level 3.
        """
        for character in text:
            if not all(face.has(character) for face in self.faces.values()):
                raise CertificateError("character_not_available", character=character, field=field)

    @contextmanager
    def drawing(self, characters: Mapping[str, str]) -> Iterator[dict[str, str]]:
        """Lend fonts for one document: characters by face name in, names for reportlab's setFont by face name out.

        Another thread waits; the fonts are gone afterwards. Raises CertificateError character_not_available.
        """
        files = {name: self.faces[name].truetype(text) for name, text in characters.items()}
        with _DRAWING:
            fonts = {name: _DocumentFont(f"certificate-{name}", io.BytesIO(file)) for name, file in files.items()}
            try:
                for font in fonts.values():
                    pdfmetrics.registerFont(font)
                yield {name: font.fontName for name, font in fonts.items()}
            finally:
                for font in fonts.values():
                    font.unregister()


@cache
def standard_fonts() -> FontBook:
    """Return the shipped Noto Serif SC and Noto Sans SC (SIL Open Font License), opened once a process."""
    return FontBook(
        {
            "serif": Typeface("NotoSerifSC", pylopdf_fonts_zh_cn.serif_path()),
            "sans": Typeface("NotoSansSC", pylopdf_fonts_zh_cn.sans_path()),
        }
    )


class _DocumentFont(ttfonts.TTFont):
    """reportlab's TrueType font with right text extraction for characters above U+FFFF.

    reportlab writes their code point with five digits into the ToUnicode map, where PDF wants UTF-16.
    """

    def __init__(self, name: str, file: io.BytesIO) -> None:
        super().__init__(name, file, asciiReadable=False, shapable=False)

    def addObjects(self, doc: pdfdoc.PDFDocument) -> None:  # noqa: N802 - reportlab's name
        before = set(doc.idToObject)
        super().addObjects(doc)
        for key in set(doc.idToObject) - before:
            stream = doc.idToObject[key]
            if key.startswith("toUnicodeCMap:") and isinstance(stream, pdfdoc.PDFStream):
                stream.content = _utf16_map(str(stream.content))


def _utf16_map(cmap: str) -> str:
    return "\n".join(_utf16_line(line) for line in cmap.split("\n"))


def _utf16_line(line: str) -> str:
    code, mark, digits = line.partition("> <")
    if not mark or len(digits) != 6:
        return line
    return f"{code}> <{chr(int(digits[:-1], 16)).encode('utf-16-be').hex().upper()}>"
