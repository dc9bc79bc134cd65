"""Pictures of questions: kept in the database once, by digest, so that an import that fails leaves none behind."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.banks.models import Picture
from app.core.db import db, portions
from app.core.errors import NotFound, ServiceError
from question_bank.pictures import Picture as Checked
from question_bank.pictures import PictureError, checked
from question_bank.questions import Question


def keep(data: bytes, *, now: datetime) -> str:
    """Check and keep one picture; return its digest. The same bytes are kept once. Flushes.

    Raises ServiceError (field "picture") with the codes of question_bank.pictures.PictureError.
    """
    try:
        found = checked(data)
    except PictureError as error:
        raise ServiceError(error.code, field="picture", **error.data) from error
    keep_all([found], now=now)
    return found.digest


def keep_all(pictures: Iterable[Checked], *, now: datetime) -> None:
    """Keep pictures that question_bank.pictures has checked, but for those that are there. Flushes."""
    new = {one.digest: one for one in pictures}
    for digest in sorted(new.keys() - known(new)):
        try:
            with db.session.begin_nested():
                db.session.add(_row(new[digest], now))
        except IntegrityError:  # somebody was faster with the same bytes
            continue


def known(digests: Iterable[str]) -> set[str]:
    """Return those of *digests* that are kept."""
    found: set[str] = set()
    for some in portions(sorted(set(digests))):
        found.update(db.session.scalars(sa.select(Picture.digest).where(Picture.digest.in_(some))))
    return found


def stored(digests: Collection[str]) -> dict[str, Checked]:
    """Return those of *digests* that are kept, as pictures that a file can be written with."""
    return {
        row.digest: Checked(row.digest, row.media_type, row.width, row.height, row.content)
        for some in portions(sorted(digests))
        for row in db.session.scalars(sa.select(Picture).where(Picture.digest.in_(some)))
    }


def refuse_unknown(content: Question) -> None:
    """Raise ServiceError("question_picture_unknown") if *content* shows a picture that nobody has brought."""
    if set(content.pictures) - known(content.pictures):
        raise ServiceError("question_picture_unknown", field="stem")


def picture(digest: str) -> Picture:
    """Return a picture with its bytes. Raises NotFound("picture_unknown")."""
    found = db.session.get(Picture, digest)
    if found is None:
        raise NotFound("picture_unknown")
    return found


def _row(of: Checked, now: datetime) -> Picture:
    return Picture(
        digest=of.digest,
        media_type=of.media_type,
        width=of.width,
        height=of.height,
        size=len(of.data),
        content=of.data,
        created_at=now,
    )
