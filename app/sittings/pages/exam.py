"""The exam as the candidate sees it: one question a page, the answer sheet, handing in, the receipt.

Every page works without JavaScript; exam.js saves answers as they are given and turns pages without the network.
"""

from __future__ import annotations

import json
import re
from typing import Any

from flask import flash, get_template_attribute, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import Identity, actor, admitted_sitting, requires, signed_identity
from app.banks import pictures
from app.banks.showing import picture_response
from app.core.actors import Role
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound, ServiceError, worded
from app.sittings import answers, finishing
from app.sittings.blueprint import bp
from app.sittings.models import Attempt, AttemptState
from app.sittings.permissions import own_attempt
from app.sittings.starting import paper_of
from app.sittings.wording import kind_name, points, question_hint
from question_bank.kinds.numeric import number_in
from question_bank.kinds.written import LONGEST_RESPONSE
from question_bank.papers import Paper, candidate_view
from question_bank.rich_text import pictures_in


@bp.get("/exam/<int:attempt_id>/<int:position>")
@requires(Role.TRAINEE, admitted=True)
def question(attempt_id: int, position: int) -> Response | str:
    attempt = _own(attempt_id)
    if not _is_running(attempt):
        return redirect(url_for("sittings.hand_in", attempt_id=attempt_id))
    sheet = _sheet(attempt)
    if not 1 <= position <= len(sheet["questions"]):
        raise NotFound("not_found")
    shown = sheet["questions"][position - 1]
    return render_template(
        "sittings/question.html",
        attempt=attempt,
        sheet=sheet,
        shown=shown,
        position=position,
        pictures=picture_address(attempt_id),
    )


@bp.post("/exam/<int:attempt_id>/<int:position>")
@requires(Role.TRAINEE, admitted=True)
def answer(attempt_id: int, position: int) -> Response:
    """Keep what the form says and turn to the page that its button names."""
    attempt = _own(attempt_id)
    if not 1 <= position <= len(attempt.paper["slots"]):
        raise NotFound("not_found")
    try:
        _keep(attempt, position)
    except answers.Over:
        db.session.rollback()
        return redirect(url_for("sittings.hand_in", attempt_id=attempt_id))
    except ServiceError as error:
        db.session.rollback()
        flash(worded(error), "stop")
        return redirect(url_for("sittings.question", attempt_id=attempt_id, position=position))
    db.session.commit()
    return redirect(_next_page(attempt, position))


@bp.get("/exam/<int:attempt_id>/paper")
@requires(Role.TRAINEE, admitted=True)
def paper(attempt_id: int) -> dict[str, Any]:
    """All that the page needs to go on without the network: the questions, never a key; the answers; the time.

    Each question is position, about (kind, worth, how it is marked) and html, the piece of page it is without scripts.
    """
    attempt = _own(attempt_id)
    if attempt.state is AttemptState.FINISHED:
        raise answers.Over("attempt_over")
    sheet = _sheet(attempt)
    return {**sheet, "questions": [_as_page(each, picture_address(attempt_id)) for each in sheet["questions"]]}


@bp.get("/exam/<int:attempt_id>/pictures/<digest>")
@requires(Role.TRAINEE, admitted=True)
def picture(attempt_id: int, digest: str) -> Response:
    """A picture that a question of the candidate's own paper shows, while the attempt is under way."""
    attempt = _own(attempt_id)
    if attempt.state is AttemptState.FINISHED or digest not in _pictures(paper_of(attempt)):
        raise NotFound("not_found")
    return picture_response(pictures.picture(digest))


@bp.route("/exam/<int:attempt_id>/hand-in", methods=["GET", "POST"])
@requires(Role.TRAINEE, admitted=True)
def hand_in(attempt_id: int) -> Response | str:
    attempt = _own(attempt_id)
    if request.method == "POST":
        return _handed_in(attempt)
    if attempt.state is AttemptState.FINISHED:
        return redirect(url_for("sittings.receipt", attempt_id=attempt_id))
    sheet = _sheet(attempt)
    given = [(one, sheet["answers"].get(str(one["position"]))) for one in sheet["questions"]]
    return render_template(
        "sittings/hand_in.html",
        attempt=attempt,
        sheet=sheet,
        blank=[one["position"] for one, response in given if not response],
        partly=[one["position"] for one, response in given if response and one["input"] == "parts" and "" in response],
        no_numbers=[one["position"] for one, response in given if response and not _has_numbers(one, response)],
        is_over=not _is_running(attempt),
    )


@bp.get("/exam/<int:attempt_id>/receipt")
@requires(Role.TRAINEE, admitted=True)
def receipt(attempt_id: int) -> Response | str:
    """What was handed in and what it is worth. Nothing is said of single questions (register, trap 11)."""
    attempt = _own(attempt_id)
    if attempt.state is not AttemptState.FINISHED:
        return redirect(url_for("sittings.question", attempt_id=attempt_id, position=answers.first_blank(attempt)))
    rule = attempt.candidate.sitting.rule
    return render_template(
        "sittings/receipt.html",
        attempt=attempt,
        received=len(answers.latest(answers.log_of(attempt.id))),
        questions=len(attempt.paper["slots"]),
        points=points,
        pass_points=points(attempt.maximum * rule["pass_percent"] / 100),
        resits_left=max(0, rule["resits"] + 1 - attempt.number),
    )


def picture_address(attempt_id: int) -> str:
    """Return where the pictures of an attempt's paper are served, without the digest."""
    return url_for("sittings.picture", attempt_id=attempt_id, digest="x").removesuffix("/x")


def _pictures(paper: Paper) -> set[str]:
    """Return the digests of the pictures that a candidate may see: not those of explanations and feedback."""
    views: list[dict[str, Any]] = candidate_view(paper)
    asked = [each for view in views for each in (view, *view.get("parts", []))]
    texts = [text for each in asked for text in (each["stem"], *(option["text"] for option in each["options"]))]
    return {digest for text in texts for digest in pictures_in(text)}


def _own(attempt_id: int) -> Attempt:
    return own_attempt(attempt_id, actor(), admitted_sitting())


def _is_running(attempt: Attempt) -> bool:
    return attempt.state is AttemptState.OPEN and now() <= attempt.deadline_at


def _identity() -> Identity:
    identity = signed_identity()
    if identity is None:
        raise answers.SignedOut("signed_out")
    return identity


def _sheet(attempt: Attempt) -> dict[str, Any]:
    """Return questions (candidate_view with words), answers by position as text, sequence and remaining_seconds."""
    frozen, log = paper_of(attempt), answers.log_of(attempt.id)
    return {
        "questions": [_question(each, frozen) for each in candidate_view(frozen)],
        "answers": {str(slot): labels for slot, labels in answers.latest(log).items()},
        "sequence": log[-1].sequence if log else 0,
        "remaining_seconds": answers.seconds_left(attempt.deadline_at, now()),
    }


def _question(view: dict[str, Any], frozen: Paper) -> dict[str, Any]:
    """Return *view* with "about", the line over the question, and one for each of its parts."""
    worth = _("%(points)s 分", points=points(view["points"]))
    parts = [{**part, "about": _about(part, frozen, "")} for part in view.get("parts", [])]
    return {**view, "parts": parts, "about": _about(view, frozen, worth)}


def _about(view: dict[str, Any], frozen: Paper, worth: str) -> str:
    hint = question_hint(view, frozen.marking_rule)
    return " · ".join(part for part in (kind_name(view["kind"]), worth, hint) if part)


def _as_page(question: dict[str, Any], address: str) -> dict[str, Any]:
    asked = get_template_attribute("sittings/_inputs.html", "asked")
    return {name: question[name] for name in ("position", "about")} | {"html": asked(question, [], address)}


def _has_numbers(question: dict[str, Any], response: list[str]) -> bool:
    """Say whether each text of *response* that should be a number is one; an empty text is no wrong one."""
    asked = question["parts"] if question["input"] == "parts" else [question]
    pairs = zip(asked, response, strict=False)
    return all(not text or one["input"] != "number" or number_in(text, one["unit"]) is not None for one, text in pairs)


def _keep(attempt: Attempt, position: int) -> None:
    """Append the form's answer unless it is what the log holds already."""
    given = _given(len(paper_of(attempt).slot(position).question.parts))
    held = answers.latest(answers.log_of(attempt.id)).get(position, [])
    if given == held:
        return
    sequence = request.form.get("sequence", type=int)
    entries = answers.parse_entries({"sequence": sequence, "slot": position, "response": given})
    answers.append(attempt.id, entries, _identity(), now=now())


def _given(parts: int) -> list[str]:
    """Return the response in the form: labels or the text typed, or one text for each of that many *parts*."""
    names = [f"answer-{number}" for number in range(1, parts + 1)]
    texts = ["".join(_texts(name)) for name in names] or _texts("answer")
    return texts if any(texts) else []


def _texts(name: str) -> list[str]:
    """Return the entries of a field, sorted, cut and rid of what no keyboard types, as exam-answer.js does."""
    found = (re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", text).strip() for text in request.form.getlist(name))
    return sorted(text[:LONGEST_RESPONSE].strip() for text in found)


def _next_page(attempt: Attempt, position: int) -> str:
    go, last = request.form.get("go", "next"), len(attempt.paper["slots"])
    if go == "hand-in":
        return url_for("sittings.hand_in", attempt_id=attempt.id)
    steps = {"next": position + 1, "prev": position - 1, "stay": position}
    asked = steps.get(go, int(go) if go.isdecimal() and len(go) < 4 else 1)
    return url_for("sittings.question", attempt_id=attempt.id, position=min(max(asked, 1), last))


def _handed_in(attempt: Attempt) -> Response:
    try:
        unsent = json.loads(request.form.get("unsent") or "[]")
        entries = answers.parse_entries(unsent, answers.MOST_SLOT) if unsent else []
        finishing.hand_in(attempt.id, entries, _identity(), actor=actor(), now=now())
    except (ServiceError, ValueError, RecursionError) as error:
        db.session.rollback()
        flash(worded(error if isinstance(error, ServiceError) else answers.Malformed("answer_malformed")), "stop")
        return redirect(url_for("sittings.hand_in", attempt_id=attempt.id, stale=1))
    db.session.commit()
    return redirect(url_for("sittings.receipt", attempt_id=attempt.id))
