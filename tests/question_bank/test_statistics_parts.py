"""What is counted of a response, and the parts of a case study against a table counted by hand."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from question_bank.kinds import Response
from question_bank.marking import mark
from question_bank.questions import Question
from question_bank.statistics.answered import AnsweredPaper, AnsweredSlot, taken_by
from question_bank.statistics.attention import attention
from question_bank.statistics.items import ItemStatistics, item_statistics
from question_bank.statistics.parts import Counted, counted
from question_bank.statistics.sitting import sums_of
from question_bank.statistics.sums import ItemSums
from tests.question_bank.answered import slot
from tests.question_bank.samples import case_study, multiple_choice, numeric, quick, single_choice

CASE = case_study()
"""Part 1: one of A to C, B is right. Part 2: several of A to D, ABD are right. Part 3: the number 30."""


def taken(question: Question, response: object, rule: str = "proportional") -> tuple[str, ...]:
    given: Response = question.rules.parse_response(question, response)
    return taken_by(question, given, mark(question, response, rule, Decimal(6)), rule)


def test_each_chosen_option_counts() -> None:
    assert taken(multiple_choice(key="AB"), "AC") == ("A", "C")
    assert taken(multiple_choice(key="AB"), None) == ("",)


def test_of_a_typed_answer_only_how_right_it_was_is_kept() -> None:
    assert [taken(numeric(), text) for text in ("12.5", "99", None)] == [("right",), ("wrong",), ("",)]


def test_of_a_case_study_each_part_counts_with_its_options_and_how_right_it_was() -> None:
    assert taken(CASE, ["B", "ABD", "30"]) == (
        "right",
        *("1.right", "1.B"),
        *("2.right", "2.A", "2.B", "2.D"),
        "3.right",
    )
    assert taken(CASE, ["A", "AD", "31"]) == ("partly", *("1.wrong", "1.A"), *("2.partly", "2.A", "2.D"), "3.wrong")


def test_the_rule_of_the_paper_says_how_right_a_part_is() -> None:
    assert taken(CASE, ["", "AD", ""], "all_or_nothing") == ("wrong", "1.", "2.wrong", "2.A", "2.D", "3.")


def test_parts_left_out_are_blank_and_a_case_left_out_is_blank_in_every_part() -> None:
    assert taken(CASE, ["", "", "30"]) == ("partly", "1.", "2.", "3.right")
    assert taken(CASE, None) == ("", "1.", "2.", "3.")
    blank = AnsweredSlot(("s-cs", 1), Decimal(0), Decimal(6), taken(CASE, None), 0)
    assert blank.is_blank
    assert not replace(blank, taken=taken(CASE, ["", "", "1"])).is_blank


@quick
@given(
    st.lists(st.tuples(st.sampled_from(["", *"ABC"]), st.sets(st.sampled_from("ABCD")), st.sampled_from(["", "30"])))
)
def test_everybody_counts_once_in_every_part(people: list[tuple[str, set[str], str]]) -> None:
    sums = sitting([[one, "".join(sorted(some)), number] for one, some, number in people])
    parts = counted(CASE, ItemStatistics(sums.n, counts=sums.counts), 1)
    assert all(one.n == sums.n for one in parts)
    assert len(parts) == (3 if sums.n else 0)


def sitting(responses: list[list[str]], rests: list[float] = ()) -> ItemSums:  # type: ignore[assignment]
    """Return the sums of the case study over people who answered it so; rests: share of 100 other points, from 0."""
    papers = []
    for place, response in enumerate(responses):
        marked = mark(CASE, response, "proportional", Decimal(6))
        case = AnsweredSlot(("s-cs", 1), marked.points, marked.maximum, taken(CASE, response), 0)
        rest = rests[place] if rests else 50
        papers.append(AnsweredPaper((case, slot("other", rest, 100, "A"))))
    return sums_of(papers).get(("s-cs", 1), ItemSums())


# Forty people, the strongest first. The key of part 1 is B, but the twelve strongest take C; nobody takes A. In part 2
# nobody takes C. The twelve strongest miss the number of part 3, which was left blank by four of the weakest.
#
#   people   part 1   part 2   part 3
#   12       C        ABD      31
#   20       B        AB       30
#    4       B        D        30
#    4       B        -        -
PEOPLE = [
    *[["C", "ABD", "31"]] * 12,
    *[["B", "AB", "30"]] * 20,
    *[["B", "D", "30"]] * 4,
    *[["B", "", ""]] * 4,
]
RESTS = [*[90.0 - place for place in range(12)], *[50.0] * 20, *[20.0] * 8]


def test_the_parts_of_a_case_study_by_hand() -> None:
    """The best are the upper 10.8 of 40: eleven, as the eleventh stands in the middle of place 10 to 11."""
    found = item_statistics(sitting(PEOPLE, RESTS))
    assert found.counts["partly"] == 40
    first, second, third = counted(CASE, found)
    assert [(one.number, one.n, one.answers, one.best) for one in (first, second, third)] == [
        (1, 40, 40, 11),
        (2, 40, 36, 11),
        (3, 40, 36, 11),
    ]
    assert first.counts == {"B": 28, "C": 12, "right": 28, "wrong": 12}
    assert first.best_counts == {"C": 11, "wrong": 11}
    assert second.counts == {"A": 32, "B": 32, "D": 16, "right": 12, "partly": 24, "": 4}
    assert third.counts == {"right": 24, "wrong": 12, "": 4}


def test_the_reasons_name_the_parts() -> None:
    reasons = {one.code: one.figures for one in attention(CASE, item_statistics(sitting(PEOPLE, RESTS)))}
    assert reasons["key_missed_by_best"] == {
        "parts": [
            {
                "part": 1,
                "kind": "single_choice",
                "option": "C",
                "option_count": 11,
                "key": "B",
                "key_count": 0,
                "best": 11,
            },
            {
                "part": 3,
                "kind": "numeric",
                "option": "wrong",
                "option_count": 11,
                "key": "right",
                "key_count": 0,
                "best": 11,
            },
        ]
    }
    assert reasons["distractor_unused"] == {
        "parts": [{"part": 1, "options": "A", "most": 0, "n": 40}, {"part": 2, "options": "C", "most": 0, "n": 36}]
    }


def test_a_part_that_fewer_than_the_minimum_answered_has_no_unused_option() -> None:
    """Part 2 was answered by 29 of 40."""
    people = [["B", "ABD", "30"]] * 29 + [["A", "", "30"]] * 11
    [reason] = [one for one in attention(CASE, item_statistics(sitting(people))) if one.code == "distractor_unused"]
    assert [one["part"] for one in reason.figures["parts"]] == [1]


def test_of_a_case_study_nothing_is_said_under_the_minimum() -> None:
    found = item_statistics(sitting(PEOPLE[:29], RESTS))
    assert found == ItemStatistics(29)
    assert counted(CASE, found) == ()
    assert attention(CASE, found) == ()


def test_sums_that_were_kept_without_parts_say_nothing_of_them() -> None:
    """Forty people of a sitting that is yet to be counted again, and 20 whose parts were counted."""
    old = ItemSums(papers=40, n=40, counts={"partly": 30, "wrong": 10})
    assert counted(CASE, item_statistics(old)) == ()
    assert [one.code for one in attention(CASE, item_statistics(old))] == ["too_hard"]
    few = item_statistics(old + sitting(PEOPLE[:20], RESTS))
    assert counted(CASE, few) == ()
    enough = item_statistics(old + sitting(PEOPLE, RESTS))
    assert [(one.n, one.counts.get("C", 0)) for one in counted(CASE, enough)] == [(40, 12), (40, 0), (40, 0)]


def test_a_question_without_parts_is_asked_as_one() -> None:
    statistics = ItemStatistics(30, counts={"A": 10, "B": 18, "": 2}, best=8, best_counts={"B": 8})
    question = single_choice()
    assert counted(question, statistics) == (Counted(0, question, 30, statistics.counts, 8, statistics.best_counts),)
    assert counted(question, statistics)[0].answers == 28
