"""Where a page of a session stands: the breadcrumb."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from app.training.models import TrainingSession


def places(session: TrainingSession, label: str) -> list[tuple[str, str | None]]:
    """Return the way from the list of sessions to the page called *label*."""
    return [
        (_("培训班"), url_for("training.sessions")),
        (session.title, url_for("desk.class_file", session_id=session.id)),
        (label, None),
    ]
