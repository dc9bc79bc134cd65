"""The blueprint of training; its pages stand in the modules imported at the end, a topic each."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("training", __name__)

from app.training import attendance_views, course_views, session_views, trainee_views  # noqa: E402, F401
