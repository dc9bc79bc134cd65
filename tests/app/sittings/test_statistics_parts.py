"""Case studies in the statistics: each part with its options, on the page and among the reasons; older sums counted
again."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup, Tag
from flask import Flask

from app.banks.models import Question
from app.banks.models_statistics import ItemStatistics
from app.core.actors import Role
from app.core.clock import now
from app.core.db import db
from app.sittings.models_statistics import SittingItem
from app.sittings.statistics import compute_statistics
from question_bank.kinds import KINDS
from question_bank.options import lettered
from question_bank.questions import Part
from question_bank.questions import Question as Content
from tests.app.banks.samples import entered
from tests.app.sittings.sat import banked, content, sat
from tests.app.sittings.test_statistics import EVERYTHING, QUESTIONS, computed, item, rows, sittings_before_statistics

CASE = Content(
    "case",
    1,
    "general",
    "case_study",
    "示例案例（　　）。",
    (),
    (),
    explanation="示例解析。",
    knowledge_point="示例知识点",
    source_document="示例法规",
    source_article="第一条",
    parts=(
        Part("single_choice", "示例小题一", lettered(["甲", "乙", "丙"]), ("B",)),
        Part("true_false", "示例小题二", KINDS["true_false"].fixed_options, ("A",)),
        Part("numeric", "示例小题三", lettered(["30"]), ("A",), unit="日"),
    ),
)
OTHERS = [content("q1"), content("q2"), content("q3")]
# Forty people. The ten who are right on everything else take C in part 1, whose key is B, and call part 2 wrong, whose
# key is right; nobody takes A in part 1; five of the weak leave part 3 blank. The others are right on q1 alone.
#
#   people   q1 q2 q3   part 1   part 2   part 3
#   10       B  B  B    C        B        30
#   25       B  C  C    B        A        30
#    5       D  C  C    B        A        -
SAT = [
    *[{"q1": "B", "q2": "B", "q3": "B", "case": ["C", "B", "30"]}] * 10,
    *[{"q1": "B", "q2": "C", "q3": "C", "case": ["B", "A", "30"]}] * 25,
    *[{"q1": "D", "q2": "C", "q3": "C", "case": ["B", "A", ""]}] * 5,
]


def examined(people: int = 40) -> Any:
    """Return a sitting of the table with its statistics."""
    banked(*OTHERS, CASE)
    sitting = sat([*OTHERS, CASE], SAT[:people])
    computed(sitting)
    return sitting


def section(app: Flask) -> Tag:
    question_id = db.session.scalar(sa.select(Question.id).where(Question.code == "case"))
    page = entered(app, "reader", Role.REGULATOR, "330100").open(f"/questions/{question_id}")
    found = page.html.find("section", attrs={"aria-labelledby": "figures"})
    assert isinstance(found, Tag)
    return found


def tables(app: Flask) -> dict[str, list[str]]:
    """Return the tables of the section: heading -> rows as text."""
    return {
        heading.get_text(" ", strip=True): [row.get_text(" ", strip=True) for row in heading.find_next("table")("tr")]
        for heading in section(app)("h3")
    }


def test_the_job_counts_the_options_of_every_part(app: Flask) -> None:
    examined()
    case = item("case")
    assert case is not None
    assert case.option_counts == {
        "right": 25,
        "partly": 15,
        "1.right": 30,
        "1.wrong": 10,
        "1.B": 30,
        "1.C": 10,
        "2.right": 30,
        "2.wrong": 10,
        "2.A": 30,
        "2.B": 10,
        "3.right": 35,
        "3.": 5,
    }
    assert (case.best, case.best_counts["1.C"], case.best_counts["2.B"]) == (10, 10, 10)
    assert {one.code: one.figures for one in case.reasons if "parts" in one.figures} == {
        "key_missed_by_best": {
            "parts": [
                {
                    "part": 1,
                    "kind": "single_choice",
                    "option": "C",
                    "option_count": 10,
                    "key": "B",
                    "key_count": 0,
                    "best": 10,
                },
                {
                    "part": 2,
                    "kind": "true_false",
                    "option": "B",
                    "option_count": 10,
                    "key": "A",
                    "key_count": 0,
                    "best": 10,
                },
            ]
        },
        "distractor_unused": {"parts": [{"part": 1, "options": "A", "most": 0, "n": 40}]},
    }


def test_the_page_shows_the_options_part_by_part(app: Flask) -> None:
    examined()
    found = tables(app)
    assert list(found) == ["整道案例题", "第 1 小题 单选题", "第 2 小题 判断题", "第 3 小题 数值题"]
    assert found["整道案例题"] == [
        "作答结果 全体 成绩最好的 10 人",
        "答对 25 62.5% 0 0.0%",
        "部分得分 15 37.5% 10 100%",
        "答错 0 0.0% 0 0.0%",
        "未作答 0 0.0% 0 0.0%",
    ]
    assert found["第 1 小题 单选题"] == [
        "选项 全体 成绩最好的 10 人",
        "A 0 0.0% 0 0.0%",
        "B ✓ 正确答案 30 75.0% 0 0.0%",
        "C 10 25.0% 10 100%",
        "未作答 0 0.0% 0 0.0%",
    ]
    assert found["第 2 小题 判断题"][1:3] == ["正确 ✓ 正确答案 30 75.0% 0 0.0%", "错误 10 25.0% 10 100%"]
    assert found["第 3 小题 数值题"][1:] == [
        "答对 35 87.5% 10 100%",
        "部分得分 0 0.0% 0 0.0%",
        "答错 0 0.0% 0 0.0%",
        "未作答 5 12.5% 0 0.0%",
    ]


def test_the_reasons_name_the_part_on_the_page_and_in_the_list(app: Flask) -> None:
    examined()
    browser = entered(app, "city", Role.REGULATOR, "330100")
    for said in (
        section(app).get_text(" ", strip=True),
        browser.open("/banks/attention").html.get_text(" ", strip=True),
    ):
        assert (
            "第 1 小题：成绩最好的 10 人中，10 人选了错误选项 C，只有 0 人选了正确选项 B。请核对答案；"
            "第 2 小题：成绩最好的 10 人中，10 人判断为“错误”，只有 0 人按答案判断为“正确”。请核对答案"
        ) in said
        assert "干扰项无人选 第 1 小题：40 人作答，错误选项 A 几乎无人选（最多 0 人）" in said


def test_under_thirty_answers_no_part_is_shown(app: Flask) -> None:
    examined(29)
    case = item("case")
    assert case is not None
    assert (case.n, case.option_counts, case.reasons) == (29, {}, [])
    said = section(app)
    assert "29 人作答，不足 30 人，暂不显示数据" in said.get_text()
    assert said("table") == []


def aged(stored: dict[str, Any], pairs: list[int]) -> dict[str, Any]:
    """Return sums as they were kept before parts were counted and sittings told apart."""
    counts = {name: {taken: n for taken, n in stored[name].items() if "." not in taken} for name in _counted(stored)}
    return {**{name: value for name, value in stored.items() if name != "within"}, **counts, "pairs": pairs}


def _counted(stored: dict[str, Any]) -> list[str]:
    return [name for name in ("counts", "best_counts") if name in stored]


def make_old() -> None:
    """Put every sum in the database back to what an earlier version kept."""
    pairs = [40, 1, 1, 1, 1, 1]
    for row in db.session.scalars(sa.select(SittingItem)):
        row.sums = aged(row.sums, pairs)
    for figures in db.session.scalars(sa.select(ItemStatistics)):
        figures.sums = aged(figures.sums, pairs)
        figures.option_counts = {name: n for name, n in figures.option_counts.items() if "." not in name}
        figures.best_counts = {name: n for name, n in figures.best_counts.items() if "." not in name}
    db.session.commit()
    db.session.expire_all()


def test_figures_of_older_sums_are_shown_without_parts(app: Flask) -> None:
    examined()
    make_old()
    said = section(app)
    assert [heading.get_text() for heading in said("h3")] == ["整道案例题"]
    assert "各小题已统计的作答不足 30 人，暂不显示" in said.get_text()


def test_the_job_counts_older_sums_again(app: Flask) -> None:
    sitting = examined()
    fresh = rows(*EVERYTHING)
    make_old()
    assert rows(*EVERYTHING) != fresh
    computed(sitting)
    assert rows(*EVERYTHING) == fresh


def test_a_sitting_beside_older_ones_counts_what_it_knows(app: Flask) -> None:
    """Discrimination and parts are those of the sitting that was counted again; facility is everybody's."""
    first = examined()
    second = sat([*OTHERS, CASE], SAT)
    computed(second)
    make_old()
    computed(second)
    case = item("case")
    assert case is not None
    assert (case.n, case.option_counts["right"], case.option_counts["1.C"]) == (80, 50, 10)
    alone = case.discrimination
    computed(first)
    db.session.expire_all()
    case = item("case")
    assert case is not None
    assert (case.n, case.option_counts["1.C"]) == (80, 20)
    assert case.discrimination == pytest.approx(alone)


def test_of_fewer_than_eight_best_no_column_is_shown(app: Flask) -> None:
    """Nobody is better than most: of forty people thirty share the first place with their rest of q2, 1 of 2."""
    banked(*QUESTIONS)
    given = [{"q1": "B", "q2": "BC"[place % 2], "q3": "A" if place < 34 else "B"} for place in range(40)]
    compute_statistics({"sitting_id": sat(QUESTIONS, given).id}, now())
    db.session.commit()
    figures = item("q2")
    assert figures is not None and (figures.best, figures.best_counts) == (0, {})
    question_id = db.session.scalar(sa.select(Question.id).where(Question.code == "q2"))
    page: BeautifulSoup = entered(app, "reader", Role.REGULATOR, "330100").open(f"/questions/{question_id}").html
    shown = page.find("section", attrs={"aria-labelledby": "figures"})
    assert isinstance(shown, Tag)
    assert "成绩最好的" not in shown.get_text()
    assert "B ✓ 正确答案 20 50.0%" in shown.get_text(" ", strip=True)


def test_sittings_that_were_counted_before_are_counted_again_by_the_worker(tmp_path: Path) -> None:
    """The first was counted, the third waits for it already; the second is still open."""
    with sittings_before_statistics(tmp_path) as path:
        with closing(sqlite3.connect(path)) as old:
            old.execute("UPDATE job SET state = 'done' WHERE id = 1")
            old.commit()
        flask_migrate.upgrade(revision="0011")
        asked = sa.text("SELECT arguments, state FROM job WHERE kind = 'compute_statistics' ORDER BY id")
        jobs = [tuple(row) for row in db.session.execute(asked)]
    assert jobs == [('{"sitting_id": 1}', "done"), ('{"sitting_id": 3}', "queued"), ('{"sitting_id": 1}', "queued")]
