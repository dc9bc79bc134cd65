"""bikao blueprint check and bikao paper replay: what they print, how they end, what they refuse."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask import Flask

from app.cli.main import main
from app.core.clock import now
from app.core.db import db
from app.sittings.answers import Entry
from app.sittings.finishing import hand_in
from app.sittings.models import Answer
from tests import sample
from tests.app.banks.exam_blueprints.samples import COURSE, exam, fitting, one_stratum
from tests.app.sittings.exam import Exam, actor_of, identity_of, opened, right_answers
from tests.tampering import tamper

Run = Callable[..., Result]
ROOT = Path(__file__).parents[2]
TOML = """
marking_rule = "proportional"
question_order = "mixed"
strata = [
    { bank = "general", kind = "single_choice", count = 25, points = 4.0, difficulties = [1, 2, 3] },
]
minimum_shares = [{ tag = "major_hazard_criteria", percent = 10 }]
"""


@pytest.fixture
def run(app: Flask) -> Run:
    def invoke(*arguments: str) -> Result:
        db.session.commit()
        result = CliRunner().invoke(main, arguments, obj=app)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return invoke


def written(folder: Path, payload: Any, name: str = "blueprint.json") -> str:
    path = folder / name
    path.write_text(payload if isinstance(payload, str) else json.dumps(payload), encoding="utf-8")
    return str(path)


def test_a_blueprint_that_is_filled_says_what_papers_will_be_like(app: Flask, run: Run, tmp_path: Path) -> None:
    sample.banks()
    result = run("blueprint", "check", written(tmp_path, fitting().to_payload()), "--course", COURSE)
    lines = result.output.splitlines()
    assert result.exit_code == 0
    assert lines[0] == f"25 questions, 100.00 points, digest {fitting().digest}"
    assert lines[1].startswith("stratum 1\tgeneral true_false\tneeds 5 of ")
    assert "Every paper can be filled." in lines and any(line.startswith("Two papers share ") for line in lines)


def test_what_blocks_is_named_and_ends_with_status_1(app: Flask, run: Run, tmp_path: Path) -> None:
    sample.banks("general")
    result = run("blueprint", "check", written(tmp_path, fitting().to_payload()))
    assert result.exit_code == 1
    assert "stratum 4\tmetal_smelting true_false\tneeds 3 of 0\tlacks 3" in result.output
    assert result.output.endswith("Papers cannot be filled.\n")


def test_strata_that_compete_are_named(app: Flask, run: Run, tmp_path: Path) -> None:
    sample.banks("general")
    payload = one_stratum(60, "1").to_payload()
    result = run("blueprint", "check", written(tmp_path, {**payload, "strata": payload["strata"] * 2}))  # type: ignore[operator]
    assert result.exit_code == 1 and "competes with" in result.output


def test_the_report_for_machines_holds_every_figure(app: Flask, run: Run, tmp_path: Path) -> None:
    sample.banks()
    file = written(tmp_path, fitting().to_payload())
    good = json.loads(run("blueprint", "check", file, "--report", "json", "--course", COURSE).output)
    assert (good["feasible"], good["questions"], good["points"], good["misfits"]) == (True, 25, "100.00", [])
    assert [each["count"] for each in good["strata"]] == [each.count for each in exam().derived().strata]
    assert good["expected_overlap"] > 0 and 1 <= good["mean_difficulty"] <= 3 and good["difficulty_spread"] >= 0
    result = run("blueprint", "check", written(tmp_path, one_stratum(500, "1").to_payload()), "--report", "json")
    short = json.loads(result.output)
    assert result.exit_code == 1 and short["feasible"] is False and short["expected_overlap"] is None
    assert short["strata"][0]["missing"] == 500 - short["strata"][0]["available"]


def test_toml_is_read_too_and_a_course_rule_is_asked(app: Flask, run: Run, tmp_path: Path) -> None:
    sample.banks("general")
    file = written(tmp_path, TOML, "blueprint.toml")
    assert run("blueprint", "check", file, "--course", COURSE).exit_code == 0
    wrong = written(tmp_path, TOML.replace("25", "24").replace("percent = 10", "percent = 1"), "wrong.toml")
    result = run("blueprint", "check", wrong, "--course", COURSE)
    assert result.exit_code == 1 and result.output.count("24") >= 2


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("", "b.json", "cannot be read as JSON"),
        ("{", "b.json", "cannot be read as JSON"),
        ("[" * 100_000, "b.json", "cannot be read as JSON"),
        ("a = [", "b.toml", "cannot be read as TOML"),
        ("{}", "b.json", "strata"),
        ("[]", "b.json", "blueprint"),
        ('{"strata": []}', "b.json", "strata"),
        ('{"strata": [{"bank": "general"}]}', "b.json", "kind"),
        ('{"strata": [], "colour": "red"}', "b.json", "colour"),
        ('{"strata": [{"bank": "general", "kind": "essay", "count": 1, "points": 1}]}', "b.json", "kind"),
        ('{"strata": [{"bank": "general", "kind": "numeric", "count": 0, "points": 1}]}', "b.json", "count"),
        ('{"strata": [{"bank": "general", "kind": "numeric", "count": 1, "points": "x"}]}', "b.json", "points"),
    ],
)
def test_a_file_that_is_no_blueprint_is_refused_in_one_sentence(
    app: Flask, run: Run, tmp_path: Path, text: str, name: str, said: str
) -> None:
    result = run("blueprint", "check", written(tmp_path, text, name))
    assert result.exit_code == 1 and said in result.output and len(result.output.splitlines()) == 1


def test_a_refusal_says_which_stratum_or_share_it_is_about(app: Flask, run: Run, tmp_path: Path) -> None:
    payload = json.loads(json.dumps(fitting().to_payload()))
    payload["strata"][1]["count"] = 0
    file = written(tmp_path, payload)
    assert run("blueprint", "check", file).output.startswith("Error: stratum 2, count: ")
    told = json.loads(run("blueprint", "check", file, "--report", "json").output)["refused"]
    assert (told["place"], told["code"]) == ("stratum 2, count", "blueprint_bad_count") and told["reason"]
    payload = {**fitting().to_payload(), "minimum_shares": [{"tag": "a", "percent": 10}, {"tag": "b", "percent": 101}]}
    assert "share 2, percent: " in run("blueprint", "check", written(tmp_path, payload)).output


def test_a_bank_or_a_point_that_is_not_there_is_named(app: Flask, run: Run, tmp_path: Path) -> None:
    sample.banks("general")
    nowhere = {"bank": "nowhere", "kind": "numeric", "count": 1, "points": 1}
    pointless = {"bank": "general", "kind": "numeric", "count": 1, "points": 1, "knowledge_points": ["没有这一点"]}
    result = run("blueprint", "check", written(tmp_path, {"strata": [nowhere, pointless]}))
    first, second = result.output.splitlines()[1:3]
    assert "nowhere" in first.split("\t")[-1]
    assert "没有这一点" in second.split("\t")[-1]


def test_the_example_of_the_documentation_is_a_blueprint(app: Flask, run: Run, tmp_path: Path) -> None:
    sample.banks()
    text = (ROOT / "docs" / "blueprint-files.md").read_text("utf-8")
    file = written(tmp_path, text.partition("```toml")[2].partition("```")[0], "b.toml")
    assert "30 questions, 100.00 points" in run("blueprint", "check", file).output


def test_a_file_too_large_a_wrong_encoding_and_an_unknown_course_are_refused(
    app: Flask, run: Run, tmp_path: Path
) -> None:
    assert "no blueprint" in run("blueprint", "check", written(tmp_path, " " * 1_000_001)).output
    (tmp_path / "b.json").write_bytes(b"\xff\xfe\x00")
    assert "cannot be read" in run("blueprint", "check", str(tmp_path / "b.json")).output
    file = written(tmp_path, fitting().to_payload())
    assert run("blueprint", "check", file, "--course", "none").exit_code == 1


def sat(exam_: Exam, number: int = 0) -> int:
    attempt, candidate = exam_.start(number), exam_.candidates[number]
    key = right_answers(attempt)
    entries = [Entry(slot, slot, tuple(key[slot])) for slot in range(1, 26)]
    hand_in(attempt.id, entries, identity_of(candidate), actor=actor_of(candidate), now=now())
    db.session.commit()
    return attempt.id


def test_replay_says_equal_or_names_each_difference(app: Flask, run: Run) -> None:
    exam_ = opened(2)
    first, second = sat(exam_, 0), sat(exam_, 1)
    result = run("paper", "replay", str(first))
    assert (result.exit_code, result.output) == (0, f"attempt {first}: equal\n")
    code = exam_.sitting.code
    result = run("paper", "replay", "--sitting", code)
    assert result.exit_code == 0 and result.output.endswith("2 attempts, 0 of them differ.\n")
    tamper(sa.update(Answer).where(Answer.attempt_id == second, Answer.slot == 3).values(response=[]))
    result = run("paper", "replay", str(second))
    lines = [line.split("\t") for line in result.output.splitlines()]
    assert result.exit_code == 1 and [line[1] for line in lines] == ["answers_digest", "score", "mark"]
    assert lines[2][2] == "question 3" and lines[2][3].startswith("recorded ") and lines[2][4].startswith("replayed ")
    result = run("paper", "replay", "--sitting", code)
    assert result.exit_code == 1 and result.output.endswith("2 attempts, 1 of them differ.\n")


def test_replay_prints_nothing_personal(app: Flask, run: Run) -> None:
    exam_ = opened()
    attempt_id, person = sat(exam_), exam_.person
    private = (person.name, person.document_number, exam_.candidates[0].admission_number)
    tamper(sa.update(Answer).values(response=[]))
    output = run("paper", "replay", str(attempt_id)).output
    assert not any(each in output for each in private)


@pytest.mark.parametrize(
    ("arguments", "status"),
    [(["1"], 1), (["--sitting", "KS1"], 1), ([], 2), (["1", "--sitting", "KS1"], 2), (["x"], 2)],
)
def test_replay_of_what_is_not_there_is_one_sentence(app: Flask, run: Run, arguments: list[str], status: int) -> None:
    assert run("paper", "replay", *arguments).exit_code == status
