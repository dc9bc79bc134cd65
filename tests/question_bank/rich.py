"""Strategies for questions with all that they can hold: weights, feedback, HTML, pictures, in every kind."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from hypothesis import strategies as st

from question_bank.kinds import KINDS
from question_bank.options import Option, weight_text
from question_bank.pictures import Picture, checked
from question_bank.questions import Part, Question
from question_bank.rich_text import HTML, sanitised, text_of
from tests.question_bank.drawn import picture
from tests.question_bank.samples import any_code, folded, questions, texts

PICTURES: Mapping[str, Picture] = {
    one.digest: one
    for one in (checked(picture(form, (2 + size, 3))) for size, form in enumerate(("PNG", "JPEG", "GIF")))
}
"""Pictures that the strategies show, by digest."""

_shares = st.integers(1, 99).map(lambda percent: Fraction(percent, 100)) | st.sampled_from(
    [Fraction(1, 3), Fraction(2, 7)]
)
_penalties = st.just(Fraction(0)) | _shares.map(lambda share: -share)


@st.composite
def html_texts(draw: st.DrawFn, with_pictures: bool = True) -> str:
    """HTML as a question holds it, of one to four pieces."""
    wrappers = ["{}", "<p>{}</p>", "<b>{}</b>", "x<sub>{}</sub>", "<ul><li>{}</li></ul>", "<pre>{}</pre>", "{}<br>"]
    wrappers += ["<table><tr><td colspan=2>{}</td></tr></table>", "<code>{}</code>", "a  b\n{}\tc&nbsp;"]
    wrappers += ["<u>{}</u>", "<s>{}</s>", "<i>{}</i>", "<em>{}</em>", "<strong>{}</strong>", "x<sup>{}</sup>"]
    wrappers += ["<blockquote>{}</blockquote>", "<ol><li>{}</li></ol>", "<b><u>{}</u></b>", "<div></div>{}<p></p>"]
    wrappers += ["<div>{}</div>", "<table><caption>{}</caption><tr><th>x</th></tr></table>"]
    pieces = []
    for _ in range(draw(st.integers(1, 4))):
        text = draw(texts).replace("&", "&amp;").replace("<", "&lt;")
        if with_pictures and draw(st.integers(0, 5)) == 0:
            digest, alt = (
                draw(st.sampled_from(sorted(PICTURES))),
                draw(texts).replace("&", "&amp;").replace('"', "&quot;"),
            )
            text += f'<img src="picture:{digest}" alt="{alt}">'
        pieces.append(draw(st.sampled_from(wrappers)).format(text))
    made = sanitised("".join(pieces))
    while made != (made := sanitised(made)):
        pass
    return made if text_of(made, HTML) else "<p>示例</p>"


@st.composite
def weights(draw: st.DrawFn, kind: str, key: tuple[str, ...], options: tuple[Option, ...]) -> tuple[Option, ...]:
    """*options* with weights that say more than *key* does, or with none if there are no such."""
    wrong = {option.key: draw(_penalties) for option in options if option.key not in key}
    if kind == "multiple_choice":
        right = {letter: draw(_shares) for letter in key}
        if len(set(right.values())) == 1 and not any(wrong.values()):
            return options
    else:
        right = dict.fromkeys(key, Fraction(1))
        wrong = {letter: draw(_shares | _penalties) for letter in wrong}
        says_all = len(key) == len(options) if kind in ("numeric", "short_answer") else len(key) == 1
        if says_all and not any(wrong.values()):
            return options
    return tuple(replace(option, weight=weight_text({**right, **wrong}[option.key])) for option in options)


@st.composite
def full(draw: st.DrawFn, one: Question | Part, markup: str, with_pictures: bool) -> Question | Part:
    """*one* with weights, feedback and texts in *markup*; a written kind may anticipate wrong answers as well."""
    said = html_texts(with_pictures) if markup == HTML else texts
    options, key = one.options, one.key
    if one.kind in ("numeric", "short_answer") and len(options) > 1:
        key = key[: draw(st.integers(1, len(options)))]
    if one.kind == "single_choice" and draw(st.booleans()):
        key = tuple(sorted(draw(st.sets(st.sampled_from([option.key for option in options]), min_size=1))))
    is_partly_right = key != one.key
    if one.kind not in ("true_false", "case_study") and (is_partly_right or draw(st.booleans())):
        options = draw(weights(one.kind, key, options))
    if not any(option.weight for option in options):
        key = one.key
    if KINDS[one.kind].offers_options and one.kind != "true_false" and markup == HTML:
        found = draw(st.lists(said, min_size=len(options), max_size=len(options), unique_by=folded))
        options = tuple(replace(option, text=text) for option, text in zip(options, found, strict=True))
    options = tuple(replace(option, feedback=draw(said | st.just(""))) for option in options)
    stem, explanation = draw(said), draw(said | st.just(""))
    if isinstance(one, Part):
        return replace(one, stem=stem, explanation=explanation, options=options, key=key)
    parts = tuple(draw(full(part, markup, with_pictures)) for part in one.parts)
    return replace(one, stem=stem, explanation=explanation, options=options, key=key, parts=parts, markup=markup)


@st.composite
def full_questions(
    draw: st.DrawFn,
    codes: st.SearchStrategy[str] = any_code,
    kinds: tuple[str, ...] = tuple(KINDS),
    with_pictures: bool = True,
) -> Question:
    """Any question of any of *kinds*, in plain text or HTML, with all that it can hold."""
    markup = draw(st.sampled_from(["plain", HTML]))
    question = draw(full(draw(questions(codes, kinds)), markup, with_pictures))
    assert isinstance(question, Question)
    return question


@st.composite
def full_lists(
    draw: st.DrawFn, kinds: tuple[str, ...] = tuple(KINDS), with_pictures: bool = True, most: int = 5
) -> list[Question]:
    """Such questions of the general bank, with codes of their own."""
    number = draw(st.integers(1, most))
    codes = [st.just(f"s-{place}") for place in range(number)]
    return [replace(draw(full_questions(code, kinds, with_pictures)), bank="general") for code in codes]
