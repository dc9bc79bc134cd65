"""MinHash bands: the same for ever, and a band shared by nearly all stems that read alike."""

import random

import pytest

from question_bank.similarity import BANDS, ROWS, bands, minhash, normalised, similarity
from question_bank.starter import load_starter

STEMS = [question.plain_stem for question in load_starter()]
SIGNS = "".join(sorted({sign for stem in STEMS for sign in normalised(stem)}))


def test_the_signature_of_a_text_never_changes() -> None:
    """Databases hold these numbers: another hash function would hide every look-alike that is there."""
    assert minhash("安全生产")[:3] == (690486621, 1106395817, 765598329)
    assert bands("安全生产")[0] == 5238414521725220641
    assert bands("安全生产")[-1] == -6377511560369013901


def test_case_width_blanks_and_signs_make_no_difference() -> None:
    assert bands("从业人员ABC。") == bands("从业人员 ａｂｃ（ ）")
    assert bands("？") == minhash("") == ()
    assert len(bands("安")) == len(set(bands("安"))) == BANDS


def test_signatures_agree_in_the_share_that_texts_are_alike() -> None:
    draw = random.Random(11)
    errors = []
    for _try in range(300):
        first = draw.choice(STEMS)
        second = edited(draw, first)
        agreeing = sum(one == other for one, other in zip(minhash(first), minhash(second), strict=True))
        errors.append(agreeing / (BANDS * ROWS) - similarity(first, second))
    assert abs(sum(errors) / len(errors)) < 0.01
    assert max(map(abs, errors)) < 0.2


@pytest.mark.parametrize(("least", "below", "recall"), [(0.75, 0.80, 0.995), (0.80, 0.85, 0.998), (0.85, 1.01, 1.0)])
def test_stems_that_read_alike_share_a_band(least: float, below: float, recall: float) -> None:
    """Of real stems with real edits; the formula in the docstring of `bands` says 99.5 % at 0.75 and more above."""
    draw = random.Random(5)
    shared = []
    while len(shared) < 1500:
        first = draw.choice(STEMS)
        second = edited(draw, first)
        if least <= similarity(first, second) < below:
            shared.append(bool(set(bands(first)) & set(bands(second))))
    assert sum(shared) / len(shared) >= recall


def test_stems_of_one_field_that_say_different_things_seldom_share_a_band() -> None:
    holders: dict[int, int] = {}
    for stem in STEMS:
        for value in bands(stem):
            holders[value] = holders.get(value, 0) + 1
    pairs = sum(count * (count - 1) // 2 for count in holders.values())
    assert pairs / (len(STEMS) * (len(STEMS) - 1) / 2) < 0.001


def edited(draw: random.Random, text: str) -> str:
    """Return *text* after a few characters were replaced, put in or taken out."""
    signs = list(text)
    for _edit in range(draw.randint(1, 5)):
        place, change = draw.randrange(len(signs)), draw.random()
        if change < 0.4:
            signs[place] = draw.choice(SIGNS)
        elif change < 0.7:
            signs.insert(place, draw.choice(SIGNS))
        elif len(signs) > 3:
            del signs[place]
    return "".join(signs)
