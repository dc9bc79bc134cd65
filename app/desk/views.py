"""The blueprint of the desks; each desk stands in a module of its own, imported at the end."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("desk", __name__)

from app.desk import class_file, exam_site, institution, trainee  # noqa: E402, F401
