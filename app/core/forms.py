"""Forms: errors in words beside the field and in a summary on top, whoever refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, StringField
from wtforms.validators import DataRequired, Length

from app.core.db import db
from app.core.errors import ServiceError, worded


class Form(FlaskForm):  # type: ignore[misc]  # flask_wtf publishes no types
    """The base of every form."""

    refused = False

    def refuse(self, error: ServiceError) -> None:
        """Put the sentence for *error* beside its field, or on top if it belongs to none."""
        self.refused = True
        field: Field | None = self._fields.get(error.field) if error.field else None
        if field is None:
            self.form_errors.append(worded(error))
        else:
            field.errors = [*field.errors, worded(error)]


def id_in(text: str) -> int | None:
    """Return the id that *text* from an address or a tick box is, None if it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


@contextmanager
def refusals_on(form: Form) -> Iterator[None]:
    """Run a service call; a refusal rolls back and appears on *form*, so that the view shows it again filled in.

    with refusals_on(form):
        service.do(...)
        db.session.commit()
        return redirect(...)
    return render_template(...)
    """
    try:
        yield
    except ServiceError as error:
        db.session.rollback()
        form.refuse(error)


def text(label: Any, *, length: int = 200, required: bool = True, **kwargs: Any) -> StringField:
    """Return a one-line text field of at most *length* characters that strips white space."""
    validators: list[Any] = [Length(max=length)]
    if required:
        validators.insert(0, DataRequired(_l("请填写此项。")))
    return StringField(label, validators, filters=[lambda value: value.strip() if value else value], **kwargs)
