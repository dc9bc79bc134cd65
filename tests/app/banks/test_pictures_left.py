"""Pictures that were uploaded in the form of a question and left there: the worker removes them, and no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app import worker
from app.banks import pictures, queries, service
from app.banks.importing import QUESTIONS
from app.banks.models import Bank, Picture, Question
from app.core import imports
from app.core.clock import now
from app.core.db import db
from app.core.errors import ServiceError
from question_bank.questions import Question as Content
from question_bank.rich_text import HTML
from tests.app.banks.files import count, picture_bytes, with_picture
from tests.app.banks.samples import LI, WANG, single_choice
from tests.app.banks.test_lifecycle import edit
from tests.app.banks.test_pictures import NEW, errors, fill, form_of, kept, png, press, uploaded, writer
from tests.app.banks.test_source_races import behind
from tests.app.sittings.test_races import at_once
from tests.conftest import Clock


def brought(colour: str = "white") -> str:
    """Return the digest of a picture that was uploaded and left."""
    digest = pictures.keep(png(colour), now=now())
    db.session.commit()
    return digest


def showing(*digests: str, code: str = "sc-1") -> Content:
    stem = "".join(f'<img src="picture:{digest}" alt="图">' for digest in digests)
    return single_choice(code, f"看图（　　）。{stem}", markup=HTML)


def left() -> list[str]:
    """Return the digests that are still there once the worker has swept."""
    worker.sweep()
    return [one.digest for one in kept()]


def test_what_nobody_used_goes_after_a_week_and_not_before(app: Flask, bank: Bank, clock: Clock) -> None:
    digest = brought()
    clock.advance(days=7)
    assert left() == [digest]
    clock.advance(seconds=1)
    assert left() == []
    assert brought() == digest, "and may be brought again"


@pytest.mark.parametrize("place", ["stem", "explanation", "option", "feedback"])
def test_what_a_version_shows_anywhere_stays_for_good(app: Flask, bank: Bank, clock: Clock, place: str) -> None:
    digest = brought()
    picture = f'<img src="picture:{digest}" alt="图">'
    content = single_choice(markup=HTML)
    if place in ("stem", "explanation"):
        content = replace(content, **{place: f"看图{picture}"})
    else:
        own = {"text" if place == "option" else place: f"看图{picture}"}
        content = replace(content, options=(replace(content.options[0], **own), *content.options[1:]))
    question = service.create(bank, content, actor=WANG, now=now())
    db.session.commit()
    clock.advance(days=30)
    assert left() == [digest]
    edit(question, LI, stem="不再看图（　　）。", explanation="没有图", options=single_choice().options)
    db.session.commit()
    clock.advance(days=30)
    assert left() == [digest], "an older version shows it"
    assert queries.content_of(question.versions[0]).pictures == (digest,)


def test_what_only_a_later_version_shows_stays_too(app: Flask, bank: Bank, clock: Clock) -> None:
    digest = brought()
    question = service.create(bank, single_choice(), actor=WANG, now=now())
    edit(question, WANG, stem=showing(digest).stem, markup=HTML)
    db.session.commit()
    clock.advance(days=8)
    assert left() == [digest]


def test_what_is_uploaded_again_stays_another_week(app: Flask, bank: Bank, clock: Clock) -> None:
    digest = brought()
    clock.advance(days=6)
    assert brought() == digest
    clock.advance(days=6)
    assert left() == [digest]
    clock.advance(days=2)
    assert left() == []


def test_uploading_anew_what_a_version_shows_changes_nothing(app: Flask, bank: Bank, clock: Clock) -> None:
    digest = brought()
    service.create(bank, showing(digest), actor=WANG, now=now())
    db.session.commit()
    brought()
    clock.advance(days=8)
    assert left() == [digest]


def test_an_import_that_was_checked_loads_its_picture_though_the_upload_of_it_is_gone(
    app: Flask, bank: Bank, clock: Clock
) -> None:
    digest = pictures.keep(picture_bytes(), now=now())
    imported = imports.check_file(QUESTIONS, "示例.xml", with_picture(), {"bank": "general"}, actor=WANG, now=now())
    db.session.commit()
    clock.advance(days=8)
    assert left() == []
    imports.load(QUESTIONS, imported, actor=WANG, now=now())
    db.session.commit()
    assert [one.digest for one in kept()] == [digest] and count() == 1
    clock.advance(days=30)
    assert left() == [digest]


def test_an_import_that_shows_what_was_uploaded_keeps_it(app: Flask, bank: Bank, clock: Clock) -> None:
    digest = pictures.keep(picture_bytes(), now=now())
    imported = imports.check_file(QUESTIONS, "示例.xml", with_picture(), {"bank": "general"}, actor=WANG, now=now())
    imports.load(QUESTIONS, imported, actor=WANG, now=now())
    db.session.commit()
    clock.advance(days=8)
    assert left() == [digest]


def test_a_sweep_removes_some_the_oldest_first_and_the_next_one_more(
    app: Flask, bank: Bank, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "REMOVED_AT_ONCE", 2)
    digests = []
    for colour in ("red", "green", "blue"):
        digests.append(brought(colour))
        clock.advance(minutes=1)
    clock.advance(days=8)
    assert left() == [digests[2]]
    assert left() == []


def test_who_saves_too_late_is_told_that_the_picture_is_gone_and_loses_nothing(
    app: Flask, bank: Bank, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = writer(app)
    form = fill(form_of(browser.open(f"{NEW}/true_false")), stem="见图。", truth="A")
    form = form_of(uploaded(form, png()))
    monkeypatch.setattr(pictures, "LEFT_AFTER", timedelta(minutes=1))
    clock.advance(minutes=2)
    assert left() == []
    page = press(browser, form, "save")
    assert "不在题库里" in errors(page)["stem"]
    assert form_of(page)["stem"].value == form["stem"].value


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_what_somebody_is_saving_at_this_moment_is_left_to_them(app: Flask, bank: Bank, clock: Clock) -> None:
    digest, bank_id = brought(), bank.id
    clock.advance(days=8)
    service.create(db.session.get_one(Bank, bank_id), showing(digest), actor=WANG, now=now())
    assert at_once(app, lambda: pictures.remove_left(now())) == [0]
    db.session.commit()
    assert left() == [digest]


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_who_saves_behind_the_sweep_is_refused_in_words(app: Flask, bank: Bank, clock: Clock) -> None:
    digest, bank_id = brought(), bank.id
    clock.advance(days=8)

    def save() -> int:
        return service.create(db.session.get_one(Bank, bank_id), showing(digest), actor=WANG, now=now()).id

    refused = behind(app, lambda: pictures.remove_left(now()), save)
    assert isinstance(refused, ServiceError) and refused.code == "question_picture_unknown"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Question)) == 0


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_who_uploads_behind_the_sweep_has_it_kept_anew(app: Flask, bank: Bank, clock: Clock) -> None:
    digest = brought()
    clock.advance(days=8)
    assert behind(app, lambda: pictures.remove_left(now()), lambda: pictures.keep(png(), now=now())) == digest
    assert [one.digest for one in kept()] == [digest]
    assert db.session.scalar(sa.select(Picture.unclaimed_since)) == now()
