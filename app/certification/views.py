"""The list and the record of certificates, changes of state, the trainee's own, the PDF."""

from __future__ import annotations

import io

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.accounts.access import actor, requires
from app.certification import keys, listing, permissions, queries, service, words
from app.certification.addresses import qr_text
from app.certification.forms import ChangeForm
from app.certification.models import Certificate
from app.core import storage
from app.core.actors import Role
from app.core.clock import now, today
from app.core.db import db
from app.core.errors import ServiceError, worded
from app.core.forms import refusals_on
from app.core.personal import PersonalDataError
from certificates.certificate import CertificateFacts, score_text
from certificates.qr import svg, symbol

bp = Blueprint("certification", __name__)

STAFF = (Role.ADMINISTRATOR, Role.REGULATOR, Role.INSTITUTION)


@bp.get("/certificates")
@requires(*STAFF)
def certificates() -> Response | str:
    query = queries.within_scope(actor())
    held = {*queries.sectors_of_issue(query), request.args.get("sector")}
    table = listing.certificates_table(queries.years_of_issue(query), held)
    if table.export_asked(request.args):
        return table.export(query, request.args)
    page = table.page(query, request.args)
    due = queries.counted(queries.uncertified_within_scope(actor()))
    return render_template("certification/certificates.html", table=table, page=page, state_of=_state_of, due=due)


@bp.get("/certificates/due")
@requires(*STAFF)
def uncertified() -> str:
    """Passed exams without a certificate: what the rules refused when the exam was over, to be asked again."""
    table = listing.uncertified_table()
    page = table.page(queries.uncertified_within_scope(actor()), request.args)
    return render_template("certification/uncertified.html", table=table, page=page)


@bp.post("/certificates/due/<int:attempt_id>")
@requires(*STAFF)
def issue(attempt_id: int) -> Response:
    attempt = permissions.attempt_in_scope(attempt_id, actor())
    try:
        issued = service.issue(attempt, actor=actor(), now=now())
        db.session.commit()
    except ServiceError as error:
        db.session.rollback()
        flash(worded(error), "warn")
        return redirect(url_for("certification.uncertified"))
    flash(_("证书 %(number)s 已签发。", number=issued.number))
    return redirect(url_for("certification.certificate", certificate_id=issued.id))


@bp.get("/certificates/<int:certificate_id>")
@requires(*STAFF)
def certificate(certificate_id: int) -> str:
    found = permissions.certificate_in_scope(certificate_id, actor())
    facts, offered = CertificateFacts.from_payload(found.facts), _offered(found)
    return render_template(
        "certification/certificate.html",
        certificate=found,
        state=_state_of(found),
        face=words.face(facts, name=facts.holder_name),
        events=words.EVENTS,
        officer=words.officer,
        first_change=next(iter(offered.items()), None),
        other_changes=list(offered.items())[1:],
        successor=queries.successor_of(found),
        plain=score_text,
    )


@bp.route(
    "/certificates/<int:certificate_id>/<any(suspend, reinstate, revoke, replace):change>", methods=["GET", "POST"]
)
@requires(Role.ADMINISTRATOR, Role.REGULATOR)
def change_state(certificate_id: int, change: str) -> Response | str:
    found = permissions.certificate_under_oversight(certificate_id, actor())
    form, worded = ChangeForm(), words.CHANGES[change]
    if form.validate_on_submit():
        with refusals_on(form):
            reason, document = form.reason.data or "", form.document_number.data or ""
            standing = service.change_state(found, change, reason, document, actor=actor(), now=now())
            db.session.commit()
            flash(str(worded.done))
            return redirect(url_for("certification.certificate", certificate_id=standing.id))
    return render_template("certification/change.html", certificate=found, form=form, change=worded)


@bp.get("/certificates/<int:certificate_id>/pdf")
@requires(*STAFF, Role.TRAINEE)
def download(certificate_id: int) -> Response:
    """Send the PDF; drawn here and now where the worker has not come to it yet."""
    found = permissions.downloadable_certificate(certificate_id, actor())
    content = _kept(found) or service.draw(found)
    name = f"{found.number}.pdf"  # a name of a person would stay in the history of every browser
    answer = send_file(io.BytesIO(content), mimetype="application/pdf", as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/my-certificates")
@requires(Role.TRAINEE)
def my_certificates() -> str:
    own = permissions.own_certificates(actor())
    records = keys.records()
    codes = {
        one.id: Markup(svg(symbol(qr_text(one, records)), one.number))  # noqa: S704 - the library escapes the title
        for one in own
        if one.state in queries.LIVE
    }
    return render_template(
        "certification/my_certificates.html",
        certificates=[(one, CertificateFacts.from_payload(one.facts)) for one in own],
        codes=codes,
        state_of=_state_of,
        words=words,
    )


def _state_of(row: Certificate) -> tuple[str, str, str]:
    """The state as shown: its code, its word, the colour of its tag."""
    code = words.shown_state(row, today())
    word, tone = words.STATES[code]
    return code, str(word), tone


def _offered(found: Certificate) -> dict[str, words.Change]:
    """The changes that this actor may make now, in the order of words.CHANGES."""
    if not actor().oversees(found.region_code):
        return {}
    return {name: words.CHANGES[name] for name, (states, _to) in service.CHANGES.items() if found.state in states}


def _kept(found: Certificate) -> bytes | None:
    """The stored PDF, or None if there is none to be read: a lost file is drawn again, byte for byte the same."""
    if found.pdf_digest is None:
        return None
    try:
        return storage.read(found.pdf_digest)
    except (FileNotFoundError, PersonalDataError):
        return None
