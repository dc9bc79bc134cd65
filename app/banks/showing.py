"""Questions on a page: plain texts escaped, rich ones as they were sanitised, pictures at an address."""

from __future__ import annotations

from flask import Response, request, url_for
from markupsafe import Markup, escape
from werkzeug.wrappers import Response as BaseResponse

from app.banks.blueprint import bp
from app.banks.models import Picture
from question_bank.rich_text import HTML, with_addresses

KEPT_SECONDS = 24 * 60 * 60


@bp.app_template_filter()
def rich(text: str, markup: str, picture_address: str) -> Markup:
    """Return *text* of a checked question for a page.

    markup: as in Question; what is "html" there has been sanitised when the question was made, so nothing is asked
    again here. picture_address: where pictures are served, without the digest; no slash at its end.
    """
    return Markup(with_addresses(text, picture_address)) if markup == HTML else escape(text)  # noqa: S704


@bp.app_template_global()
def bank_pictures() -> str:
    """Return where readers of the banks are served pictures, without the digest."""
    return url_for("banks.picture", digest="x").removesuffix("/x")


def picture_response(picture: Picture) -> BaseResponse:
    """Return a picture as it was checked. A digest never means other bytes, so the reader's own browser may keep it."""
    response = Response(picture.content, content_type=picture.media_type)
    response.headers["Content-Disposition"] = "inline"
    response.headers["Cache-Control"] = f"private, max-age={KEPT_SECONDS}, immutable"
    response.set_etag(picture.digest)
    return response.make_conditional(request)
