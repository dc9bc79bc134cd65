"""The institution's journey, the exam site's and the trainee's inside it: from the catalogue to a closed session."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from openpyxl import Workbook
from playwright.sync_api import Page, expect

from app.cli.demo.exams import right_answers
from app.core.clock import SHANGHAI
from app.core.db import db
from app.registry.models import Appointment, Enterprise, SectorMembership
from app.sittings.models import Attempt, Candidate
from app.sittings.starting import paper_of
from app.training.models import Enrolment, TrainingSession
from tests import sample
from tests.browser.conftest import Opened, Site, shoot, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

TITLE = "2026 年第二期大型商业综合体消防安全责任人再培训（示例）"
COURSE = "大型商业综合体消防安全责任人年度再培训"


def people_to_train(site: Site) -> list[tuple[str, str, str]]:
    """Return (name, document number, credit code) of two people whom the course is for."""
    with site.app.app_context():
        query = (
            sa.select(Appointment)
            .join(Enterprise)
            .join(SectorMembership)
            .where(SectorMembership.sector_code == "large_commercial_complexes")
            .where(Enterprise.region_code.startswith("33"))
            .where(Appointment.role_code == "fire_responsible", Appointment.valid_to.is_(None))
            .order_by(Appointment.id.desc())
            .limit(2)
        )
        return [
            (one.person.name, one.person.document_number, one.enterprise.credit_code)
            for one in db.session.scalars(query)
        ]


def trainee_file(path: Path, rows: Sequence[tuple[str, str, str]]) -> Path:
    book = Workbook()
    book.active.append(["姓名", "证件号码", "统一社会信用代码"])
    for row in rows:
        book.active.append(list(row))
    buffer = io.BytesIO()
    book.save(buffer)
    path.write_bytes(buffer.getvalue())
    return path


def admission_number(site: Site, name: str) -> str:
    with site.app.app_context():
        query = sa.select(Candidate).order_by(Candidate.id.desc())
        return next(one.admission_number for one in db.session.scalars(query) if one.enrolment.person.name == name)


def right_labels(site: Site, attempt_id: int) -> dict[int, tuple[str, ...]]:
    """Return the right labels by position, as somebody who knows the subject would choose them."""
    with site.app.app_context():
        paper = paper_of(db.session.get_one(Attempt, attempt_id))
        return {entry.slot: entry.response for entry in right_answers(paper)}


def test_from_the_catalogue_to_a_closed_session(site: Site, desktop: Opened, phone: Opened, tmp_path: Path) -> None:
    trainees = people_to_train(site)
    teacher = desktop()
    sign_in(teacher, "teacher")
    schedule(teacher, site)
    enrol(teacher, trainees, tmp_path)
    record_attendance(teacher, site)
    ask_for_a_sitting(teacher, site)
    refused_to_close(teacher)
    invigilator = desktop()
    open_the_sitting(invigilator)
    sit_the_exam(phone, site, trainees[0])
    see_who_is_in(invigilator)
    exempt_the_other(teacher, trainees[1][0])
    finish_the_sitting(invigilator, site)
    close_the_session(teacher)
    agree_with_the_pages(site)


def schedule(page: Page, site: Site) -> None:
    shoot(page, "institution-home")
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="课程目录").click()
    page.get_by_role("searchbox").fill("大型商业综合体")
    page.get_by_role("button", name="查找").click()
    shoot(page, "course-catalogue")
    page.get_by_role("link", name=COURSE).click()
    shoot(page, "course")
    page.get_by_role("link", name="安排培训班").first.click()
    first = site.clock().astimezone(SHANGHAI).date()
    page.get_by_label("培训班名称").fill(TITLE)
    page.get_by_label("开班日期").fill(first.isoformat())
    page.get_by_label("结束日期").fill((first + timedelta(days=1)).isoformat())
    page.get_by_label("主课堂地点").fill("杭州市示例培训楼 305 室")
    page.get_by_label("分课堂（选填）").fill("宁波分课堂 | 宁波市示例学校礼堂")
    page.get_by_label("所服务的任务条款").select_option(index=1)
    page.get_by_role("button", name="安排培训班").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("还没有学员")


def enrol(page: Page, trainees: list[tuple[str, str, str]], folder: Path) -> None:
    """A file with a wrong row loads nothing and says where; the mended file is loaded whole."""
    name, number, code = trainees[1]
    page.get_by_role("link", name="导入学员").first.click()
    upload(page, trainee_file(folder / "wrong.xlsx", [trainees[0], (name, sample.mistyped(number), code)]))
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 行有错，没有导入任何数据")
    expect(page.get_by_role("row", name=re.compile("^3 "))).to_contain_text("证件号码")
    shoot(page, "import-report")
    page.get_by_role("link", name="修改后重新上传").click()
    upload(page, trainee_file(folder / "trainees.xlsx", trainees))
    page.get_by_role("button", name="导入 2 行").click()
    page.get_by_role("link", name="查看结果").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已导入 2 行")


def upload(page: Page, file: Path) -> None:
    page.get_by_label("文件（.xlsx）").set_input_files(file)
    page.get_by_role("button", name="检查文件").click()


def to_class_file(page: Page) -> None:
    page.goto("/sessions")
    page.get_by_role("link", name=TITLE).click()


def record_attendance(page: Page, site: Site) -> None:
    site.clock.advance(days=2)
    to_class_file(page)
    page.get_by_role("link", name="记录考勤").first.click()
    for day in range(2):
        page.get_by_role("navigation", name="选择日期").get_by_role("link").nth(day).click()
        page.get_by_role("link", name="全部勾选").click()
        page.get_by_role("button", name="保存考勤").click()
    shoot(page, "attendance")
    to_class_file(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("2 人学时已满，可以申请考试")


def ask_for_a_sitting(page: Page, site: Site) -> None:
    page.get_by_role("link", name="申请考试").first.click()
    starts_at = site.clock().astimezone(SHANGHAI) + timedelta(minutes=2)
    page.get_by_label("考试点").select_option(label="杭州示例第二考试点")
    page.get_by_label("开考时间").fill(starts_at.strftime("%Y-%m-%dT%H:%M"))
    shoot(page, "sitting-request")
    page.get_by_role("button", name="申请考试").click()
    expect(page.get_by_text("准考证号").first).to_be_visible()


def refused_to_close(page: Page) -> None:
    to_class_file(page)
    page.get_by_role("button", name="结班").click()
    refusal = page.get_by_text(re.compile("未考试|没有考试结果|等待考试|尚未结束")).first
    expect(refusal).to_be_visible()


def open_the_sitting(page: Page) -> None:
    sign_in(page, "site")
    shoot(page, "exam-site-home")
    page.goto("/sittings")
    row = page.get_by_role("row").filter(has_text=TITLE)
    row.get_by_role("link").first.click()
    page.get_by_role("button", name="开考").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("等待 2 人")


def sit_the_exam(phone: Opened, site: Site, trainee: tuple[str, str, str]) -> None:
    """Sit it on a phone; half-way the browser is closed and another one goes on where the first stopped."""
    site.clock.advance(minutes=3)
    first = phone()
    enter(first, site, trainee)
    shoot(first, "exam-lobby")
    first.get_by_role("button", name="开始答题").click()
    attempt_id = int(re.search(r"/exam/(\d+)/", first.url)[1])  # type: ignore[index]
    labels = right_labels(site, attempt_id)
    answer(first, labels, range(1, 13))
    shoot(first, "exam")
    first.context.close()
    second = phone()
    enter(second, site, trainee)
    expect(second.get_by_role("status").first).to_contain_text("已保存 12 题，全部在服务器")
    second.goto(f"/exam/{attempt_id}/13")
    answer(second, labels, range(13, 26))
    second.get_by_role("button", name="交卷", exact=True).click()
    expect(second.get_by_role("heading", level=1)).to_contain_text("全部 25 题已作答")
    second.get_by_role("button", name="确认交卷").click()
    expect(second.get_by_role("heading", level=1)).to_contain_text("合格，100 分")
    shoot(second, "receipt")


def enter(page: Page, site: Site, trainee: tuple[str, str, str]) -> None:
    page.goto("/enter")
    page.get_by_label("证件号码").fill(trainee[1])
    page.get_by_label("准考证号").fill(admission_number(site, trainee[0]))
    shoot(page, "enter")
    page.get_by_role("button", name="进入考试").click()


def answer(page: Page, labels: dict[int, tuple[str, ...]], positions: range) -> None:
    for position in positions:
        expect(page.get_by_text(f"第 {position} / 25 题")).to_be_visible()
        for label in labels[position]:
            page.locator(f"label.opt:has(input[value='{label}'])").click()
        expect(page.get_by_role("status").first).to_contain_text(f"已保存 {position} 题")
        if position != positions[-1]:
            page.get_by_role("button", name="下一题").click()


def see_who_is_in(page: Page) -> None:
    page.reload()
    expect(page.get_by_role("cell", name="已交卷").first).to_be_visible()
    shoot(page, "exam-board")


def exempt_the_other(page: Page, name: str) -> None:
    to_class_file(page)
    shoot(page, "class-file")
    page.get_by_role("row").filter(has_text=name).get_by_role("link", name="免考").click()
    page.get_by_label("免考理由").fill("示例：持有等效的有效合格证明")
    page.get_by_label("批准文号").fill("示例应急〔2026〕1 号")
    page.get_by_role("button", name="登记免考").click()


def finish_the_sitting(page: Page, site: Site) -> None:
    site.clock.advance(minutes=40)
    page.reload()
    page.get_by_role("button", name="结束考试").click()
    page.get_by_role("link", name="抽题公示").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    shoot(page, "fairness")


def close_the_session(page: Page) -> None:
    to_class_file(page)
    page.get_by_role("button", name="结班").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已结班：2 人参训，1 人合格")
    link = page.get_by_role("link", name=re.compile(r"^ZJ-2026-"))
    expect(link).to_be_visible()


def agree_with_the_pages(site: Site) -> None:
    """The database holds what the pages said."""
    with site.app.app_context():
        session = db.session.scalars(sa.select(TrainingSession).where(TrainingSession.title == TITLE)).one()
        enrolled = sa.select(Enrolment.id).where(Enrolment.training_session_id == session.id)
        attempts = db.session.scalars(sa.select(Attempt).where(Attempt.enrolment_id.in_(enrolled))).all()
        assert session.closed_at is not None
        assert [(attempt.score, attempt.passed) for attempt in attempts] == [(100, True)]
