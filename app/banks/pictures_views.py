"""Pictures of questions for whoever may read the banks. Candidates get those of their own papers from the exam."""

from __future__ import annotations

from werkzeug.wrappers import Response

from app.accounts.access import requires
from app.banks import pictures, showing
from app.banks.blueprint import bp
from app.banks.permissions import READERS


@bp.get("/banks/pictures/<digest>")
@requires(*READERS)
def picture(digest: str) -> Response:
    return showing.picture_response(pictures.picture(digest))
