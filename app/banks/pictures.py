"""Pictures of questions: kept in the database once, by digest, so that an import that fails leaves none behind.

A picture that is uploaded in the form of a question is there before any version shows it, and perhaps none ever does.
It stays unclaimed until a version is written that shows it, then it is kept for good; what nobody has claimed or
brought again for LEFT_AFTER is removed by the worker.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.banks.models import Picture
from app.core.db import db, portions
from app.core.errors import NotFound, ServiceError
from question_bank.pictures import Picture as Checked
from question_bank.pictures import PictureError, checked
from question_bank.questions import Question

LEFT_AFTER = timedelta(days=7)  # a form that is filled in for longer finds its picture gone, and says so
REMOVED_AT_ONCE = 20  # of up to 2 MB each


def keep(data: bytes, *, now: datetime) -> str:
    """Check and keep one picture that somebody uploads; return its digest. The same bytes are kept once. Flushes.

    Raises ServiceError (field "picture") with the codes of question_bank.pictures.PictureError.
    """
    try:
        found = checked(data)
    except PictureError as error:
        raise ServiceError(error.code, field="picture", **error.data) from error
    unclaimed = (Picture.digest == found.digest, Picture.unclaimed_since.is_not(None))
    db.session.execute(sa.update(Picture).where(*unclaimed).values(unclaimed_since=now))
    if not known([found.digest]):
        _insert(_row(found, now, unclaimed_since=now))
    return found.digest


def keep_all(pictures: Iterable[Checked], *, now: datetime) -> None:
    """Keep pictures that question_bank.pictures has checked and that versions are about to show, but for those that are
    there. Flushes."""
    new = {one.digest: one for one in pictures}
    for digest in sorted(new.keys() - claim(new)):
        if not _insert(_row(new[digest], now)):
            claim([digest])


def claim(digests: Iterable[str]) -> set[str]:
    """Return those of *digests* that are kept: a version is about to show them, so that none is removed any more."""
    wanted = set(digests)
    for some in portions(sorted(wanted)):
        unclaimed = sa.select(Picture.digest).where(Picture.digest.in_(some), Picture.unclaimed_since.is_not(None))
        # In one order, so that two who claim the same ones do not wait for each other.
        held = db.session.scalars(unclaimed.order_by(Picture.digest).with_for_update(key_share=True)).all()
        if held:
            db.session.execute(sa.update(Picture).where(Picture.digest.in_(held)).values(unclaimed_since=None))
    return known(wanted)


def claim_all(content: Question) -> None:
    """Claim the pictures of *content*. Raises ServiceError("question_picture_unknown") if one is not there: nobody has
    brought it, or it was left too long."""
    if content.pictures and set(content.pictures) - claim(content.pictures):
        raise ServiceError("question_picture_unknown", field="stem")


def remove_left(now: datetime) -> int:
    """Remove pictures that nobody has claimed for LEFT_AFTER, the oldest first, at most REMOVED_AT_ONCE; return how
    many. What somebody is claiming at this moment is left to them."""
    old = sa.select(Picture.digest).where(Picture.unclaimed_since < now - LEFT_AFTER)
    oldest = old.order_by(Picture.unclaimed_since, Picture.digest).limit(REMOVED_AT_ONCE)
    digests = db.session.scalars(oldest.with_for_update(skip_locked=True)).all()
    if digests:
        db.session.execute(sa.delete(Picture).where(Picture.digest.in_(digests)))
    return len(digests)


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


def picture(digest: str) -> Picture:
    """Return a picture with its bytes. Raises NotFound("picture_unknown")."""
    found = db.session.get(Picture, digest)
    if found is None:
        raise NotFound("picture_unknown")
    return found


def _insert(row: Picture) -> bool:
    """Write *row*; return False if somebody was faster with the same bytes."""
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        return False
    return True


def _row(of: Checked, now: datetime, *, unclaimed_since: datetime | None = None) -> Picture:
    return Picture(
        digest=of.digest,
        media_type=of.media_type,
        width=of.width,
        height=of.height,
        size=len(of.data),
        content=of.data,
        created_at=now,
        unclaimed_since=unclaimed_since,
    )
