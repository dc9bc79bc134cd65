"""Questions of every kind in an exam: shown, answered without a script, kept from curious eyes, marked."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from PIL import Image

from app.banks import pictures
from app.cli.demo.exams import entry_for
from app.core.actors import Role
from app.core.clock import now
from app.core.db import db
from app.sittings import answers, finishing
from app.sittings.answers import latest, log_of
from app.sittings.models import Attempt
from question_bank.kinds import KINDS
from question_bank.options import Option
from question_bank.papers import Paper
from question_bank.questions import Part, Question
from tests import sample
from tests.app.sittings.exam import Exam, identity_of, opened
from tests.app.sittings.kinds import EVERY_KIND, give, model_answers, paper_of_every_kind
from tests.app.sittings.test_exam_pages import enter
from tests.page import Browser, check_page
from tests.question_bank import samples


def begun(paper: Paper | None = None, people: int = 1) -> tuple[Exam, Attempt, Paper]:
    """An exam whose first candidate has begun a paper with a question of every kind."""
    exam = opened(people)
    attempt = exam.start()
    return exam, attempt, give(attempt, paper or paper_of_every_kind())


def answer(form: Any, question: Question | Part, response: list[str], number: str = "") -> None:
    """Put *response* into a form as a person would: choose, type, or answer part by part."""
    if question.parts:
        for place, (part, own) in enumerate(zip(question.parts, response, strict=True), start=1):
            answer(form, part, [own], f"-{place}")
        return
    name = f"answer{number}"
    if not "".join(response):
        return
    if not question.rules.offers_options or question.rules.response_input == "one":
        form[name] = "".join(response)
    else:
        for field in form.fields[name]:
            field.checked = field._value in "".join(response)


def at(browser: Browser, attempt_id: int, position: int) -> Any:
    return browser.open(f"/exam/{attempt_id}/{position}").forms["exam"]


def test_every_kind_is_answered_saved_found_again_handed_in_and_marked_without_a_script(app: Flask) -> None:
    exam, attempt, paper = begun()
    browser, attempt_id, right = enter(app, exam), attempt.id, model_answers(paper)
    for slot in paper.slots:
        form = at(browser, attempt_id, slot.position)
        answer(form, slot.question, right[slot.position])
        check_page(form.submit("go", value="next").follow())
    assert latest(log_of(attempt_id)) == right
    for slot in paper.slots:
        form = at(browser, attempt_id, slot.position)
        form.submit("go", value="stay")
    assert len(log_of(attempt_id)) == len(paper.slots), "what stands there already is not written again"
    page = browser.open(f"/exam/{attempt_id}/hand-in")
    assert "全部 6 题已作答" in page.text
    page = browser.submit(page.forms["hand-in"])
    assert "合格，30 分" in page.text and "服务器收到 6 题中的 6 题" in page.text


def test_wrong_answers_of_every_kind_earn_nothing(app: Flask) -> None:
    exam, attempt, paper = begun()
    entries = [entry_for(slot, is_right=False) for slot in paper.slots]
    answers.save(attempt.id, entries, identity_of(exam.candidates[0]), now=now())
    assert finishing.mark_log(paper, log_of(attempt.id)).score == Decimal("0.00")


def test_the_answers_of_the_demo_are_right_for_every_kind(app: Flask) -> None:
    exam, attempt, paper = begun()
    entries = [entry_for(slot, is_right=True) for slot in paper.slots]
    answers.save(attempt.id, entries, identity_of(exam.candidates[0]), now=now())
    assert finishing.mark_log(paper, log_of(attempt.id)).score == paper.points


def test_a_case_study_answered_in_part_earns_its_share_and_is_pointed_out(app: Flask) -> None:
    exam, attempt, paper = begun()
    browser, position = enter(app, exam), len(paper.slots)
    right = model_answers(paper)[position]
    form = at(browser, attempt.id, position)
    answer(form, paper.slot(position).question, [right[0], "", right[2], "", ""])
    page = form.submit("go", value="hand-in").follow()
    assert "1 道案例题只答了一部分小题" in page.text
    assert finishing.mark_log(paper, log_of(attempt.id)).score == Decimal("2.00")


def test_what_was_cleared_is_no_answer(app: Flask) -> None:
    exam, attempt, _paper = begun()
    browser = enter(app, exam)
    for typed in ("12.5", "  "):
        form = at(browser, attempt.id, 4)
        form["answer"] = typed
        form.submit("go", value="next")
    assert latest(log_of(attempt.id)) == {} and len(log_of(attempt.id)) == 2


def test_what_no_keyboard_types_is_taken_out_of_a_typed_answer(app: Flask) -> None:
    exam, attempt, _paper = begun()
    browser = enter(app, exam)
    form = at(browser, attempt.id, 5)
    form["answer"] = " 干粉\t灭火器" + "示" * 300
    form.submit("go", value="next")
    assert latest(log_of(attempt.id)) == {5: ["干粉 灭火器" + "示" * 194]}


def test_the_enter_key_keeps_the_answer_and_the_page(app: Flask) -> None:
    exam, attempt, _paper = begun()
    browser = enter(app, exam)
    form = at(browser, attempt.id, 4)
    first = BeautifulSoup(form.text, "html.parser").find("button")
    assert first is not None and first["value"] == "stay", "Enter presses the first button of a form"
    form["answer"] = "12.5"
    page = form.submit("go", value="stay").follow()
    assert page.request.path.endswith("/4") and 'value="12.5"' in page.text


@pytest.mark.parametrize("position", ["0", "7", "500"])
def test_no_answer_is_taken_for_a_question_outside_the_paper(app: Flask, position: str) -> None:
    exam, attempt, _paper = begun()
    browser = enter(app, exam)
    form = at(browser, attempt.id, 1)
    form.action = f"/exam/{attempt.id}/{position}"
    form["answer"] = "A"
    assert form.submit("go", value="next", expect_errors=True).status_int == 404
    assert log_of(attempt.id) == []


SECRETS = {
    "numeric": ("73.125±0.25", "73.125"),
    "short_answer": ("密写答案甲", "密写*答案乙"),
    "part": ("8192.5", "密写答案丙"),
    "told": ("密写反馈", "密写解析", "密写小题解析", "33.33333"),
}


def secretive() -> list[Question]:
    """Questions whose answers, weights, feedback and explanations are words that stand nowhere else."""
    told = Option("A", "示例甲", "100", "密写反馈")
    numeric, short = SECRETS["numeric"][0], SECRETS["short_answer"]
    parts = (
        Part("numeric", "小题一", (Option("A", "8192.5"),), ("A",), "密写小题解析", "米"),
        Part("short_answer", "小题二", (Option("A", "密写答案丙"),), ("A",)),
        Part("single_choice", "小题三", (told, Option("B", "示例乙", "-33.33333")), ("A",)),
    )
    return [
        replace(samples.single_choice(), options=(told, Option("B", "示例乙", "33.33333")), key=("A",)),
        samples.numeric(accepted=numeric, explanation="密写解析"),
        samples.short_answer("s-sa", *short, explanation="密写解析"),
        samples.case_study(parts=parts, explanation="密写解析"),
    ]


def test_nothing_that_is_accepted_weighed_or_explained_reaches_the_browser(app: Flask) -> None:
    exam, attempt, paper = begun(paper_of_every_kind(secretive()))
    browser = enter(app, exam)
    sent = json.dumps(browser.web.get(f"/exam/{attempt.id}/paper").json, ensure_ascii=False)
    sent += "".join(browser.open(f"/exam/{attempt.id}/{slot.position}").text for slot in paper.slots)
    sent += browser.open(f"/exam/{attempt.id}/hand-in").text
    assert "示例数值题" in sent and "小题二" in sent
    for secret in (word for words in SECRETS.values() for word in words):
        assert secret not in sent, secret


def test_how_a_part_is_marked_stands_over_it(app: Flask) -> None:
    exam, attempt, paper = begun()
    page = enter(app, exam).open(f"/exam/{attempt.id}/{len(paper.slots)}")
    assert "案例题 · 5 分 · 共 5 小题，分值相同" in page.text
    legends = [legend.get_text(" ", strip=True) for legend in page.html.select("fieldset.part legend")]
    assert legends[:3] == ["(1) 单选题", "(2) 多选题 · 选错不得分，少选按比例得分", "(3) 数值题"]
    for group in page.html.select("fieldset.part"):
        named = [page.html.find(id=name) for name in group["aria-labelledby"].split()]
        assert all(named) and "示例小题" in named[1].get_text()


EVIL = '<script>window.x = 1</script><img src=x onerror="window.x = 2"><svg onload="window.x = 3">'


def test_plain_text_that_looks_like_markup_is_shown_as_it_is(app: Flask) -> None:
    plain = replace(samples.single_choice(stem=EVIL), options=(Option("A", EVIL), Option("B", "乙")), key=("A",))
    exam, attempt, _paper = begun(paper_of_every_kind([plain]))
    browser = enter(app, exam)
    page = browser.open(f"/exam/{attempt.id}/1")
    asked = page.html.find(class_="asked")
    assert not asked.find_all(["script", "img", "svg"]) and EVIL in asked.find(id="stem").get_text()
    html = browser.web.get(f"/exam/{attempt.id}/paper").json["questions"][0]["html"]
    assert not BeautifulSoup(html, "html.parser").find_all(["script", "img", "svg"])


def test_rich_text_is_shown_with_its_tables_and_pictures_and_nothing_that_acts(app: Flask) -> None:
    digest = kept_picture()
    rich = samples.single_choice(
        markup="html",
        stem="<p>10<sup>3</sup></p><table><tbody><tr><td>甲</td></tr></tbody></table>"
        f'<img src="picture:{digest}" alt="图">',
        options=(Option("A", "<b>甲</b>"), Option("B", "乙 &lt;b&gt;"), Option("C", "丙"), Option("D", "丁")),
    )
    exam, attempt, _paper = begun(paper_of_every_kind([rich]))
    page = enter(app, exam).open(f"/exam/{attempt.id}/1")
    stem = page.html.find(id="stem")
    assert stem.find("sup") and stem.find("table")
    assert stem.find("img")["src"] == f"/exam/{attempt.id}/pictures/{digest}"
    texts = {text.decode_contents() for text in page.html.select(".opt .t")}
    assert "<b>甲</b>" in texts and "乙 &lt;b&gt;" in texts


def kept_picture(colour: str = "white") -> str:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(buffer, "PNG")
    digest = pictures.keep(buffer.getvalue(), now=now())
    db.session.commit()
    return digest


def with_pictures(shown: str, told: str) -> Question:
    """A question that shows one picture and explains itself with another."""
    parts = [replace(part, stem=f"<p>{part.stem}</p>") for part in samples.case_study().parts]
    parts[0] = replace(parts[0], explanation=f'<img src="picture:{told}" alt="图">')
    stem = f'<img src="picture:{shown}" alt="图">案例'
    return samples.case_study(markup="html", stem=stem, parts=tuple(parts))


def test_a_candidate_sees_the_pictures_of_the_own_paper_and_no_others(app: Flask) -> None:
    shown, told, other = kept_picture("red"), kept_picture("green"), kept_picture("blue")
    exam, attempt, _paper = begun(paper_of_every_kind([with_pictures(shown, told)]), people=2)
    exam.start(1)
    browser, neighbour = enter(app, exam), enter(app, exam, 1)
    address = f"/exam/{attempt.id}/pictures"
    answered = browser.web.get(f"{address}/{shown}")
    assert answered.content_type == "image/png" and Image.open(io.BytesIO(answered.body)).size == (8, 8)
    for digest in (told, other, "0" * 64, "x"):
        assert browser.web.get(f"{address}/{digest}", expect_errors=True).status_int == 404
    assert neighbour.web.get(f"{address}/{shown}", expect_errors=True).status_int == 404
    assert browser.web.get(f"/banks/pictures/{shown}", expect_errors=True).status_int == 403
    assert Browser(app).web.get(f"{address}/{shown}").status_int == 302
    assert Browser(app).web.get(f"/banks/pictures/{shown}").status_int == 302


def test_pictures_go_with_the_exam(app: Flask) -> None:
    shown, told = kept_picture("red"), kept_picture("green")
    exam, attempt, _paper = begun(paper_of_every_kind([with_pictures(shown, told)]))
    browser = enter(app, exam)
    browser.submit(browser.open(f"/exam/{attempt.id}/hand-in").forms["hand-in"])
    assert browser.web.get(f"/exam/{attempt.id}/pictures/{shown}", expect_errors=True).status_int == 404


def test_a_picture_is_kept_by_the_readers_own_browser_and_is_nothing_but_a_picture(app: Flask) -> None:
    digest = kept_picture()
    sample.user("city", Role.REGULATOR, "330100")
    db.session.commit()
    browser = Browser(app)
    browser.sign_in("city", sample.PASSWORD)
    answered = browser.web.get(f"/banks/pictures/{digest}")
    assert answered.headers["Cache-Control"].startswith("private") and "immutable" in answered.headers["Cache-Control"]
    assert answered.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answered.headers["Content-Security-Policy"]
    again = browser.web.get(f"/banks/pictures/{digest}", headers={"If-None-Match": answered.headers["ETag"]})
    assert (again.status_int, again.body) == (304, b"")


def test_every_kind_stands_in_the_sample_paper() -> None:
    assert {question.kind for question in EVERY_KIND} == set(KINDS)
