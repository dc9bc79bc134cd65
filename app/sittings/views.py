"""The blueprint; the pages stand in app/sittings/pages, a file for each kind of reader."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("sittings", __name__)

from app.sittings.pages import boards, entry, exam, requests, saving  # noqa: E402, F401 - they put their routes on bp
