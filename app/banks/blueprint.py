from __future__ import annotations

from flask import Blueprint

bp = Blueprint("banks", __name__)
