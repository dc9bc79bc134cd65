"""Response processing of QTI: expressions that are followed, and questions of one item that are marked together."""

import pytest

from question_bank.questions import Option
from tests.question_bank.qti import (
    VARIABLE,
    base,
    declaration,
    entry,
    interaction,
    item,
    mapping,
    match,
    one,
    outcome,
    put,
    read,
    rules,
    when,
)

WORDS = (
    "<outcomeDeclaration identifier='WORDS' cardinality='ordered' baseType='string'><defaultValue>"
    "<value>一级</value><value>二级</value></defaultValue></outcomeDeclaration>"
)


def index(place: str) -> str:
    return f"<index n='{place}'><variable identifier='WORDS'/></index>"


def answers(options: tuple[Option, ...]) -> list[tuple[str, str]]:
    return [(option.text, option.weight) for option in options]


def test_accepted_texts_may_stand_in_a_list_that_the_item_declares() -> None:
    processing = rules(
        when(f"<match>{VARIABLE}{index('1')}</match>", put("SCORE", "1")),
        when(f"<match>{VARIABLE}{index('2')}</match>", put("SCORE", "0.5")),
        when(f"<match>{VARIABLE}{index('3')}</match>", put("SCORE", "2")),
    )
    question = one(item(declaration(base="string") + WORDS, f"<p>防火等级：{entry()}</p>", processing))
    assert answers(question.options) == [("一级", "100"), ("二级", "50")]


IS_H, IS_C = (f"<match>{VARIABLE}{base(name, 'identifier')}</match>" for name in ("H", "C"))
TWO = "<ordered>" + base("H", "identifier") + base("C", "identifier") + "</ordered>"


@pytest.mark.parametrize(
    ("test", "key"),
    [
        (f"<anyN min='1' max='1'>{IS_H}{IS_C}</anyN>", ("A", "C")),
        (f"<anyN min='2' max='2'>{IS_H}<not>{IS_C}</not></anyN>", ("A",)),
        (f"<member>{VARIABLE}<delete>{base('H', 'identifier')}{TWO}</delete></member>", ("C",)),
        (f"<and>{IS_H}<equal>{base('3', 'float')}<round>{base('2.5', 'float')}</round></equal></and>", ("A",)),
        (
            f"<and>{IS_C}<equal><integerDivide>{base('-7', 'integer')}{base('2', 'integer')}</integerDivide>"
            f"{base('-4', 'integer')}</equal></and>",
            ("C",),
        ),
        (
            f"<and>{IS_C}<equal><integerModulus>{base('-7', 'integer')}{base('2', 'integer')}</integerModulus>"
            f"{base('1', 'integer')}</equal></and>",
            ("C",),
        ),
        (f"<and>{IS_C}{base('1', 'boolean')}</and>", ("C",)),
        (f"<or>{IS_H}<equal includeLowerBound='0'>{base('1', 'float')}{base('1', 'float')}</equal></or>", ("A",)),
    ],
)
def test_expressions_are_followed(test: str, key: tuple[str, ...]) -> None:
    text = item(declaration(), interaction(), rules(when(test, put("SCORE", "1"))))
    assert one(text).key == key
    assert "scoring_not_followed" not in {remark.code for remark in read(text).remarks}


def _lost_without(name: str, *more: str) -> str:
    """Return rules that add the mapped points of *name*, but take every point away where it has no answer."""
    total = f"<sum><variable identifier='SCORE'/><mapResponse identifier='{name}'/></sum>"
    added = f"<setOutcomeValue identifier='SCORE'>{total}</setOutcomeValue>"
    return when(f"<isNull><variable identifier='{name}'/></isNull>", put("SCORE", "0"), *more, otherwise=added)


def test_a_part_earns_its_points_though_rules_take_them_away_while_another_has_no_answer() -> None:
    declared = "".join(
        declaration(right, mapping({right: "1", near: "0.5"}), base="string", name=name)
        for name, right, near in (("R1", "甲", "乙"), ("R2", "丙", "丁"))
    )
    body = f"<p>填空：{entry('R1')}和{entry('R2')}。</p>"
    text = item(declared + outcome("SCORE", "float"), body, rules(_lost_without("R1"), _lost_without("R2")))
    assert [answers(part.options) for part in one(text).parts] == [
        [("甲", "100"), ("乙", "50")],
        [("丙", "100"), ("丁", "50")],
    ]
    assert "scoring_not_followed" not in {remark.code for remark in read(text).remarks}


def test_parts_that_earn_only_together_are_marked_by_their_keys_and_that_is_told() -> None:
    declared = declaration("甲", base="string", name="R1") + declaration("乙", base="string", name="R2")
    body = f"<p>填空：{entry('R1')}和{entry('R2')}。</p>"
    both = when(f"<and>{match('R1')}{match('R2')}</and>", put("SCORE", "1"))
    text = item(declared + outcome("SCORE", "float"), body, rules(both))
    assert [answers(part.options) for part in one(text).parts] == [[("甲", "")], [("乙", "")]]
    assert "scoring_not_followed" in {remark.code for remark in read(text).remarks}


def test_a_part_earns_its_points_where_only_a_mapping_states_them_and_wrong_answers_to_others_cost() -> None:
    declared = "".join(
        declaration("", mapping({right: "1"}, "", default="-1"), base="string", name=name)
        for name, right in (("R1", "甲"), ("R2", "乙"))
    )
    total = "<sum><mapResponse identifier='R1'/><mapResponse identifier='R2'/></sum>"
    below = f"<lt><variable identifier='SCORE'/>{base('0', 'float')}</lt>"
    added = f"<setOutcomeValue identifier='SCORE'>{total}</setOutcomeValue>"
    body = f"<p>填空：{entry('R1')}和{entry('R2')}。</p>"
    text = item(declared + outcome("SCORE", "float"), body, rules(added, when(below, put("SCORE", "0"))))
    assert [answers(part.options) for part in one(text).parts] == [[("甲", "")], [("乙", "")]]
    assert "scoring_not_followed" not in {remark.code for remark in read(text).remarks}
