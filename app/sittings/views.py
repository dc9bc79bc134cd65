"""The pages of sittings: a file in pages/ for each kind of reader puts its routes on the blueprint."""

from app.sittings.blueprint import bp
from app.sittings.pages import boards, entry, exam, requests, saving, shortages

__all__ = ["boards", "bp", "entry", "exam", "requests", "saving", "shortages"]
