"""A template is data: every folder is read and checked, and a mistake in one is said before a page is drawn."""

from __future__ import annotations

import pytest

from certificates.errors import CertificateError
from certificates.template import FOLDER, load_template, parse_template, template_names

STANDARD = (FOLDER / "standard" / "template.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", template_names())
def test_every_folder_is_a_sound_template_without_code(name):
    assert load_template(name).name == name
    assert [path.suffix for path in (FOLDER / name).iterdir() if path.suffix in (".py", ".pyc")] == []


@pytest.mark.parametrize("name", template_names())
def test_no_frame_of_a_template_overlaps_another(name):
    template = load_template(name)
    seal, code = template.seal, template.code
    frames = [(part.x, part.y, part.width, part.height) for part in (*template.texts, template.facts)]
    frames.append((code.x, code.y, code.size, code.size))
    frames.append((seal.x - seal.diameter / 2, seal.y - seal.diameter / 2, seal.diameter, seal.diameter))
    for n, (x, y, width, height) in enumerate(frames):
        for left, top, across, down in frames[:n]:
            assert x + width <= left or left + across <= x or y + height <= top or top + down <= y, (
                frames[n],
                left,
                top,
            )


def test_the_standard_template_is_there():
    assert "standard" in template_names()


@pytest.mark.parametrize("name", ["nothing", "..", "../templates/standard", ""])
def test_a_name_that_is_no_folder_of_ours_is_refused(name):
    with pytest.raises(CertificateError, match="template_invalid"):
        load_template(name)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{holder_name}", "{token}"),
        ("{holder_name}", "{document_last4}"),
        ("{holder_name}", "{holder_name.__class__}"),
        ("{holder_name}", "{holder_name!r}"),
        ("{holder_name}", "{number:9999999}"),
        ("{holder_name}", "{"),
        ('key = "holder"', 'key = "number"'),
        ("size = 44.0", "size = 30.0"),
        ('ink = "#16202c"', 'ink = "black"'),
        ('colour = "seal"', 'colour = "purple"'),
        ('face = "serif"', 'face = "script"'),
        ('align = "centre"', 'align = "middle"'),
        ("diameter = 40.0", 'diameter = "40"'),
        ("diameter = 40.0", "radius = 20.0"),
        ("page_width = 210.0", ""),
        ("[seal]", "[stamp]"),
        ("[seal]", "[seal"),
    ],
)
def test_a_mistake_in_a_template_is_refused(old, new):
    assert old in STANDARD
    with pytest.raises(CertificateError) as caught:
        parse_template("standard", STANDARD.replace(old, new))
    assert caught.value.code == "template_invalid"
