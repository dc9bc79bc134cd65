"""Sample questions and hypothesis strategies for them. The questions here are plainly samples, not bank content."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st

from question_bank.blueprint import BY_STRATUM, MIXED, Blueprint, Stratum
from question_bank.credit import RULES
from question_bank.kinds import KINDS, SIMPLE_KINDS
from question_bank.options import LETTERS, Option, lettered
from question_bank.questions import MAJOR_HAZARD_CRITERIA, Part, Question

quick = settings(max_examples=40, deadline=None, derandomize=True)
thorough = settings(max_examples=200, deadline=None, derandomize=True)

SEED = bytes(range(32))


def true_false(code: str = "s-tf", **changes: object) -> Question:
    """Return a sample true/false question whose key is 正确."""
    options = KINDS["true_false"].fixed_options
    question = Question(code, 1, "general", "true_false", "示例判断题", options, ("A",))
    return replace(question, **changes)  # type: ignore[arg-type]


def single_choice(code: str = "s-sc", **changes: object) -> Question:
    """Return a sample single-choice question with options A to D and key B."""
    options = lettered(["示例甲", "示例乙", "示例丙", "示例丁"])
    question = Question(code, 1, "general", "single_choice", "示例单选题", options, ("B",))
    return replace(question, **changes)  # type: ignore[arg-type]


def multiple_choice(
    code: str = "s-mc", key: str = "ABD", options: int = 4, weighted: tuple[Option, ...] = (), **changes: object
) -> Question:
    """Return a sample multiple-choice question; weighted: its options, if they are to say what they weigh."""
    offered = weighted or lettered([f"示例选项{number}" for number in range(options)])
    question = Question(code, 1, "general", "multiple_choice", "示例多选题", offered, tuple(key))
    return replace(question, **changes)  # type: ignore[arg-type]


def numeric(code: str = "s-nu", accepted: str = "12.5±0.5", **changes: object) -> Question:
    """Return a sample numeric question in metres."""
    question = Question(code, 1, "general", "numeric", "示例数值题", lettered([accepted]), ("A",), unit="米")
    return replace(question, **changes)  # type: ignore[arg-type]


def short_answer(code: str = "s-sa", *accepted: str, **changes: object) -> Question:
    """Return a sample short-answer question."""
    options = lettered(accepted or ["灭火器", "手提*灭火器"])
    key = tuple(option.key for option in options)
    question = Question(code, 1, "general", "short_answer", "示例填空题", options, key)
    return replace(question, **changes)  # type: ignore[arg-type]


def case_study(code: str = "s-cs", **changes: object) -> Question:
    """Return a sample case study of three parts: one right option, three right options, a number."""
    parts = (
        Part("single_choice", "示例小题一", lettered(["甲", "乙", "丙"]), ("B",)),
        Part("multiple_choice", "示例小题二", lettered(["甲", "乙", "丙", "丁"]), ("A", "B", "D")),
        Part("numeric", "示例小题三", lettered(["30"]), ("A",), unit="日"),
    )
    question = Question(code, 1, "general", "case_study", "示例案例", (), (), parts=parts)
    return replace(question, **changes)  # type: ignore[arg-type]


texts = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"), include_characters="\n\t=+-@_'\"<&"),
    min_size=1,
    max_size=30,
).filter(lambda text: text == text.strip() and text)
tags = st.lists(st.sampled_from([MAJOR_HAZARD_CRITERIA, "2024", "重点", "a_b"]), unique=True).map(
    lambda found: tuple(sorted(found))
)


any_code = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,20}", fullmatch=True)


@st.composite
def answers(draw: st.DrawFn, kind: str) -> tuple[tuple[Option, ...], tuple[str, ...]]:
    """Options and key of any valid question of a *kind* other than case study, without weights or feedback."""
    if kind == "true_false":
        return KINDS[kind].fixed_options, (draw(st.sampled_from("AB")),)
    if kind in ("numeric", "short_answer"):
        options = lettered(
            draw(st.lists(numbers if kind == "numeric" else wordings, min_size=1, max_size=4, unique=True))
        )
        return options, tuple(option.key for option in options)
    options = lettered(draw(st.lists(texts, min_size=2, max_size=8, unique_by=folded)))
    letters = LETTERS[: len(options)]
    least, most = (1, 1) if kind == "single_choice" else (2, len(letters))
    return options, tuple(sorted(draw(st.sets(st.sampled_from(letters), min_size=least, max_size=most))))


def folded(text: str) -> str:
    return " ".join(text.split()).casefold()


numbers = st.one_of(
    st.decimals(-1000, 1000, places=2).map(lambda number: f"{number:f}"),
    st.tuples(st.integers(-99, 99), st.integers(0, 9)).map(lambda pair: f"{pair[0]}±{pair[1]}"),
    st.tuples(st.integers(-99, 99), st.integers(0, 9)).map(lambda pair: f"{pair[0]}..{pair[0] + pair[1]}"),
)
wordings = st.text(st.sampled_from("灭火器abcXYZ0123456789"), min_size=1, max_size=8).map(str.lower)


@st.composite
def parts(draw: st.DrawFn) -> Part:
    """Any valid part of a case study."""
    kind = draw(st.sampled_from(sorted(SIMPLE_KINDS)))
    options, key = draw(answers(kind))
    unit = draw(st.sampled_from(["", "米", "%"])) if kind == "numeric" else ""
    return Part(kind, draw(texts), options, key, draw(texts | st.just("")), unit)


@st.composite
def questions(
    draw: st.DrawFn, codes: st.SearchStrategy[str] = any_code, kinds: tuple[str, ...] = tuple(KINDS)
) -> Question:
    """Any valid question of any of *kinds*, in plain text, without weights or feedback."""
    kind = draw(st.sampled_from(sorted(kinds)))
    options, key = ((), ()) if kind == "case_study" else draw(answers(kind))
    return Question(
        code=draw(codes),
        version=draw(st.integers(1, 99)),
        bank=draw(st.sampled_from(["general", "mines", "hospitals"])),
        kind=kind,
        stem=draw(texts),
        options=options,
        key=key,
        explanation=draw(texts | st.just("")),
        knowledge_point=draw(texts | st.just("")),
        difficulty=draw(st.integers(1, 3)),
        tags=draw(tags),
        source_document=draw(texts | st.just("")),
        source_article=draw(texts | st.just("")),
        unit=draw(st.sampled_from(["", "米", "%"])) if kind == "numeric" else "",
        is_case_sensitive=draw(st.booleans()) if kind == "short_answer" else False,
        parts=tuple(draw(st.lists(parts(), min_size=2, max_size=4))) if kind == "case_study" else (),
        source_from=draw(st.sampled_from(["", "2021-09-01"])),
        source_to=draw(st.sampled_from(["", "2026-12-31"])),
    )


@st.composite
def question_lists(draw: st.DrawFn, most: int = 12) -> list[Question]:
    """Any valid questions with codes of their own."""
    number = draw(st.integers(1, most))
    return [draw(questions(codes=st.just(f"s-{place}"))) for place in range(number)]


@st.composite
def small_banks(draw: st.DrawFn, most: int = 14) -> list[Question]:
    """Single-choice questions that differ in difficulty, tag and knowledge point, so that strata overlap."""
    number = draw(st.integers(0, most))
    return [
        single_choice(
            f"s-{place}",
            difficulty=draw(st.integers(1, 3)),
            knowledge_point=draw(st.sampled_from(["法律", "应急", "隐患"])),
            tags=draw(st.sampled_from([(), ("x",), ("y",), ("x", "y")])),
        )
        for place in range(number)
    ]


@st.composite
def strata(draw: st.DrawFn, most: int = 4) -> Stratum:
    """A stratum over small_banks with any mix of conditions."""
    return Stratum(
        bank="general",
        kind="single_choice",
        count=draw(st.integers(1, most)),
        points=Decimal(draw(st.integers(50, 400))) / 100,
        knowledge_points=tuple(draw(st.sets(st.sampled_from(["法律", "应急", "隐患"]), max_size=2))),
        difficulties=tuple(draw(st.sets(st.integers(1, 3), max_size=2))),
        tags=tuple(draw(st.sets(st.sampled_from(["x", "y"]), max_size=2))),
    )


@st.composite
def blueprints(draw: st.DrawFn) -> Blueprint:
    """A blueprint of one to four such strata."""
    return Blueprint(
        strata=tuple(draw(st.lists(strata(), min_size=1, max_size=4))),
        marking_rule=draw(st.sampled_from(sorted(RULES))),
        question_order=draw(st.sampled_from([BY_STRATUM, MIXED])),
    )
