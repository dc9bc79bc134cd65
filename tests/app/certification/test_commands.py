"""bikao certificate issue, revoke, verify."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask import Flask

from app.certification import keys
from app.certification.addresses import qr_text
from app.certification.models import Certificate, CertificateState
from app.cli.main import main
from app.core.db import db
from tests.app.certification.samples import changed, issued, passed_attempt


def run(app: Flask, *arguments: str) -> Result:
    db.session.rollback()
    return CliRunner().invoke(main, ["certificate", *arguments], obj=app)


def numbers() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Certificate.number).order_by(Certificate.id)))


def test_one_attempt_is_certified_by_its_id(app: Flask) -> None:
    attempt, _other = passed_attempt("甲示例"), passed_attempt("乙示例")
    done = run(app, "issue", "--attempt", str(attempt.id))
    assert done.exit_code == 0, done.output
    assert len(numbers()) == 1 and numbers()[0] in done.output


def test_a_session_is_certified_by_its_code_and_once_only(app: Flask) -> None:
    attempt, _other = passed_attempt("甲示例"), passed_attempt("乙示例")
    code = attempt.enrolment.training_session.code
    assert run(app, "issue", "--session", code).exit_code == 0
    assert "Issued: 0." in run(app, "issue", "--session", code).output
    assert len(numbers()) == 1


def test_what_cannot_be_issued_is_named_and_the_rest_is_issued(app: Flask) -> None:
    short, _good = passed_attempt("甲示例"), passed_attempt("乙示例")
    short.enrolment.credited_hours -= 1
    db.session.commit()
    done = run(app, "issue")
    assert done.exit_code == 1
    assert f"attempt {short.id}: Too few credited hours" in done.output
    assert len(numbers()) == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("issue", "--session", "PX0000"), "no training session with the number PX0000"),
        (("issue", "--attempt", "999"), "no attempt with the number 999"),
        (("issue", "--attempt", "1", "--session", "PX1"), "not both"),
        (("revoke", "ZJ-2026-0000001-0", "--reason", "a", "--document", "b"), "copied wrongly in one place"),
        (("verify", "hello"), "not a certificate number"),
    ],
)
def test_bad_input_is_one_sentence_and_a_failing_status(app: Flask, arguments: tuple[str, ...], sentence: str) -> None:
    refused = run(app, *arguments)
    assert refused.exit_code != 0
    assert sentence in refused.output
    assert "Traceback" not in refused.output


def test_revoking_wants_reason_and_document(app: Flask) -> None:
    number = issued().number
    assert run(app, "revoke", number, "--reason", "替考").exit_code != 0
    assert run(app, "revoke", number, "--reason", " ", "--document", "示例〔2026〕3号").exit_code == 1
    assert run(app, "verify", number).exit_code == 0
    assert run(app, "revoke", number.lower(), "--reason", "替考", "--document", "示例〔2026〕3号").exit_code == 0
    db.session.rollback()
    assert db.session.scalars(sa.select(Certificate.state)).all() == [CertificateState.REVOKED]


def test_verify_says_the_state_and_fails_for_all_but_valid(app: Flask) -> None:
    certificate = issued("章示例")
    found = run(app, "verify", certificate.number)
    assert found.exit_code == 0 and "valid" in found.output
    assert "章*例" in found.output and "章示例" not in found.output
    changed(certificate, "suspend")
    found = run(app, "verify", certificate.number)
    assert found.exit_code == 1 and "suspended" in found.output


def test_the_text_of_the_code_is_checked_by_its_signature(app: Flask) -> None:
    certificate = issued()
    text = qr_text(certificate, keys.records())
    assert run(app, "verify", text).exit_code == 0
    altered = text[:-70] + ("A" if text[-70] != "A" else "B") + text[-69:]
    assert "Not to be trusted: altered" in run(app, "verify", altered).output
    elsewhere = text.replace("http://127.0.0.1:8000", "https://zs.example.com")
    assert "spoofed_address" in run(app, "verify", elsewhere).output
    assert "carries no signature" in run(app, "verify", text.partition("#")[0]).output


def test_help_gives_an_example(app: Flask) -> None:
    for command in ("issue", "revoke", "verify"):
        assert "Example: bikao certificate" in run(app, command, "--help").output
