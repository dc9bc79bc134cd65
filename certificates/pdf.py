"""One certificate as a PDF page: the same bytes for the same facts, address and template."""

from __future__ import annotations

import io
import math

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from certificates.certificate import CertificateFacts
from certificates.composition import Composition, Line, compose
from certificates.fonts import FontBook
from certificates.ornaments import draw_border, draw_rosette, draw_seal
from certificates.qr import QUIET_MODULES, Symbol, outlines, symbol
from certificates.template import Template
from certificates.words import words_of


def preflight(facts: CertificateFacts, fonts: FontBook) -> None:
    """Refuse facts with a character that cannot be printed, before anything is signed or numbered.

    Raises CertificateError character_not_available with character and field.
    """
    for field, value in facts.to_payload().items():
        if isinstance(value, str):
            fonts.preflight(value, field)


def render(facts: CertificateFacts, address: str, template: Template, fonts: FontBook) -> bytes:
    """Return the PDF of one certificate.

    address: the whole text of the QR code, from certificates.address.
    Raises CertificateError character_not_available, text_does_not_fit or qr_too_long; nothing is drawn then.
    """
    preflight(facts, fonts)
    words = words_of(facts, address)
    code = symbol(address, template.code.size)
    composition = compose(template, words, fonts)
    file = io.BytesIO()
    with fonts.drawing(composition.characters()) as names:
        canvas = _canvas(file, template, words, next(iter(names.values())))
        _draw_page(canvas, template, composition, names)
        _draw_code(canvas, template, code, address)
        canvas.save()
    return file.getvalue()


def _canvas(file: io.BytesIO, template: Template, words: dict[str, str], font: str) -> Canvas:
    canvas = Canvas(
        file,
        pagesize=(template.page_width * mm, template.page_height * mm),
        invariant=1,
        pageCompression=1,
        lang=template.language,
        initialFontName=font,  # type: ignore[arg-type] # the published types say float
    )
    canvas.setTitle(template.title.format_map(words))
    canvas.setAuthor(template.author.format_map(words))
    canvas.setSubject(template.subject.format_map(words))
    canvas.setCreator("Bikao")
    # The day of issue in civil time: a document dated by the clock of its drawing would never be the same twice.
    canvas.setDateFormatter(lambda *_moment: f"D:{words['issued_on'].replace('-', '')}000000+08'00'")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    return canvas


def _draw_page(canvas: Canvas, template: Template, composition: Composition, names: dict[str, str]) -> None:
    colours, height = dict(template.colours), template.page_height * mm
    draw_rosette(canvas, template.border, colours, height)
    draw_border(canvas, template.border, colours, template.page_width * mm, height)
    canvas.setStrokeColor(colours[template.facts.line_colour])
    canvas.setLineWidth(0.5)
    for left, right, y in composition.rules:
        canvas.line(left, y, right, y)
    for line in composition.lines:
        _draw_line(canvas, line, colours[line.colour], names[line.face])
    draw_seal(canvas, template.seal, colours, height)


def _draw_line(canvas: Canvas, line: Line, colour: str, font: str) -> None:
    # Text state outlives a text object in PDF, so every line leaves the state as it found it.
    canvas.saveState()
    text = canvas.beginText()
    turn = math.radians(line.angle)
    across, up = math.cos(turn), math.sin(turn)
    text.setTextTransform(across * line.stretch, up * line.stretch, -up, across, line.x, line.y)
    text.setFont(font, line.size)
    text.setFillColor(colour)
    text.setCharSpace(line.tracking)
    if line.stroke:
        # The shipped families come in one weight; a thin outline in the same colour makes a heavier one.
        canvas.setLineWidth(line.stroke * line.size)
        text.setStrokeColor(colour)
        text.setTextRenderMode(2)
    text.textOut(line.text)
    canvas.drawText(text)
    canvas.restoreState()


def _draw_code(canvas: Canvas, template: Template, code: Symbol, address: str) -> None:
    side = template.code.size * mm
    left, top = template.code.x * mm, (template.page_height - template.code.y) * mm
    canvas.saveState()
    canvas.setFillColor("#ffffff")
    canvas.rect(left, top - side, side, side, stroke=0, fill=1)
    canvas.setFillColor("#000000")
    # One unit is one module, counted from the upper left corner: whole numbers make a small file.
    canvas.translate(left, top)
    canvas.scale(side / code.modules, -side / code.modules)
    canvas.translate(QUIET_MODULES, QUIET_MODULES)
    path = canvas.beginPath()
    for (x, y), *others in outlines(code.rows):
        path.moveTo(x, y)
        for corner in others:
            path.lineTo(*corner)
        path.close()
    canvas.drawPath(path, stroke=0, fill=1, fillMode=0)
    canvas.restoreState()
    canvas.linkURL(address, (left, top - side, left + side, top))
