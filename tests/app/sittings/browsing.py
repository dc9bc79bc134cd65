"""A candidate's way into the exam in a real browser, and what the server holds of the answers."""

from __future__ import annotations

import sqlalchemy as sa
from playwright.sync_api import BrowserContext, Page

from app.core.db import db
from app.sittings.answers import latest, log_of
from app.sittings.models import Attempt, Candidate

# A browser that is killed says no goodbye: the page's own last attempt to send is kept from it. (A goodbye may reach
# the server though the page was offline: the emulated lack of a network ends with the page.)
KILLED = """
for (const name of ["pagehide", "visibilitychange"]) {
  addEventListener(name, (event) => event.stopImmediatePropagation(), true);
}
"""


def entered(site: str, device: BrowserContext, candidate: Candidate) -> Page:
    """The page that *candidate* sees after identity number and admission number."""
    document, admission = candidate.enrolment.person.document_number, candidate.admission_number
    db.session.rollback()
    page = device.new_page()
    page.goto(f"{site}/enter")
    page.get_by_label("证件号码").fill(document)
    page.get_by_label("准考证号").fill(admission)
    page.get_by_role("button", name="进入考试").click()
    return page


def held() -> dict[int, list[str]]:
    """What the server holds of the only attempt, by position."""
    db.session.rollback()
    [attempt_id] = db.session.scalars(sa.select(Attempt.id)).all()
    found = latest(log_of(attempt_id))
    db.session.rollback()
    return found
