"""The editor's form: strata as typed, which may not be a blueprint yet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import (  # type: ignore[attr-defined]  # the stubs are older
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from app.banks.exam_blueprints import words
from app.banks.exam_blueprints.refusals import refusal
from app.banks.words import DIFFICULTIES, KIND_NAMES
from app.core.errors import ServiceError, worded
from app.core.forms import Form, text
from question_bank.blueprint import QUESTION_ORDERS, Blueprint, MinimumShare, Stratum
from question_bank.errors import BlueprintError
from question_bank.points import points_from
from question_bank.questions import MAJOR_HAZARD_CRITERIA
from question_bank.tags import tags_in, tags_text

MOST_STRATA = 40
_ONE_POINT = Decimal(1)


def _line(label: Any, **kwargs: Any) -> StringField:
    return StringField(label, filters=[lambda value: value.strip() if value else ""], **kwargs)


class StratumForm(wtforms.Form):
    """One row: which questions, how many, what each is worth."""

    bank = SelectField(_l("所属题库"), validate_choice=False)
    kind = SelectField(_l("题型"), choices=[SelectChoice(*each) for each in KIND_NAMES.items()], validate_choice=False)
    difficulties = SelectMultipleField(
        _l("难度"),
        choices=[SelectChoice(str(number), word) for number, word in DIFFICULTIES.items()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )
    knowledge_points = _line(_l("知识点"), validators=[Length(max=400)])
    tags = _line(_l("标签"), validators=[Length(max=400)])
    count = _line(_l("题数"), validators=[Length(max=10)])
    points = _line(_l("每题分值"), validators=[Length(max=10)])

    def stratum(self, *, as_typed: bool = False) -> Stratum | None:
        """Return the row as a stratum; None after putting what is wrong beside its field.

        as_typed: number and worth do not matter yet, only which questions are meant; nothing is put anywhere.
        """
        try:
            return Stratum(
                bank=self.bank.data or "",
                kind=self.kind.data or "",
                count=1 if as_typed else whole(self.count.data),
                points=_ONE_POINT if as_typed else points_from(self.points.data) or Decimal(0),
                knowledge_points=tuple(split(self.knowledge_points.data, _BETWEEN_POINTS)),
                difficulties=tuple(int(each) for each in self.difficulties.data or () if each in ("1", "2", "3")),
                tags=tags_in(self.tags.data or ""),
            )
        except BlueprintError as error:
            if not as_typed:
                self.refuse(error)
            return None

    def refuse(self, error: BlueprintError) -> None:
        refused = refusal(error)
        field = self._fields[refused.field or "count"]
        field.errors = [*field.errors, worded(refused)]


_ROW_FIELD = re.compile(r"strata-([0-9]{1,4})-[a-z_]+")
_BETWEEN_POINTS = re.compile(r"[;；\n]+")


class BlueprintForm(Form):
    """A whole blueprint. The marking rule is the exam rule's and is not asked for."""

    title = text(_l("方案名称"), length=200)
    strata = FieldList(FormField(StratumForm), max_entries=MOST_STRATA)
    question_order = RadioField(
        _l("出题顺序"),
        choices=[SelectChoice(code, words.ORDERS[code]) for code in QUESTION_ORDERS],
        default=QUESTION_ORDERS[0],
        validate_choice=False,
    )
    hazard_percent = _line(_l("重大事故隐患判定标准试题至少占百分之"), validators=[Length(max=10)])
    other_tag = _line(_l("另一标签"), validators=[Length(max=64)], description=_l("可不填；例如 有限空间"))
    other_percent = _line(_l("该标签试题至少占百分之"), validators=[Length(max=10)])
    note = TextAreaField(
        _l("说明"),
        [Length(max=500)],
        description=_l("给启用人看：为什么这样组卷"),
        filters=[lambda value: value.strip() if value else ""],
        render_kw={"rows": 3, "maxlength": 500},
    )
    seen = HiddenField()

    def offer(self, banks: Iterable[tuple[str, str]]) -> None:
        """Fill every row's choice of banks: (code, name); a bank that is not among them stays as it is typed."""
        choices = list(banks)
        for row in self.strata:
            known = {code for code, _name in choices}
            typed = row.form.bank.data
            row.form.bank.choices = choices if not typed or typed in known else [*choices, (typed, typed)]

    def blueprint(self, marking_rule: str) -> Blueprint | None:
        """Return the blueprint as filled in; None after putting everything that is wrong beside its field."""
        rows = [row.form.stratum() for row in self.strata]
        named = ((MAJOR_HAZARD_CRITERIA, "hazard_percent"), (self.other_tag.data or "", "other_percent"))
        shares = [self._share(tag, field) for tag, field in named]
        if self.refused or None in rows:
            self.refused = True
            return None
        try:
            return Blueprint(
                strata=tuple(row for row in rows if row is not None),
                marking_rule=marking_rule,
                question_order=self.question_order.data or "",
                minimum_shares=tuple(share for share in shares if share is not None),
            )
        except BlueprintError as error:
            self.refuse(refusal(error))
            return None

    def problems(self) -> list[tuple[str, str]]:
        """Return (id of the field, sentence) of everything that is wrong, in the order of the page; "" for no field."""
        found = [("", str(message)) for message in self.form_errors]
        for name, field in self._fields.items():
            if name == "strata":
                found += [(name, message) for message in field.errors if isinstance(message, str)]
                for number, row in enumerate(field, 1):
                    found += [(one.id, _in_row(number, one, message)) for one in row.form for message in one.errors]
            else:
                found += [(field.id, str(message)) for message in field.errors]
        return found

    def _share(self, tag: str, field: str) -> MinimumShare | None:
        percent = self._fields[field].data
        if not percent and (field == "hazard_percent" or not tag):
            return None  # not asked for
        try:
            return MinimumShare(tag, points_from(percent) or Decimal(0))
        except BlueprintError as error:
            named = refusal(error)
            place = "other_tag" if error.code == "bad_tag" else field
            self.refuse(ServiceError(named.code, field=place, **named.data))
            return None


def filled_in(blueprint: Blueprint, **more: Any) -> dict[str, Any]:
    """Return what BlueprintForm shows for *blueprint*."""
    shares = {share.tag: words.plain(share.percent) for share in blueprint.minimum_shares}
    hazard = shares.pop(MAJOR_HAZARD_CRITERIA, "")
    other_tag, other_percent = next(iter(shares.items()), ("", ""))
    return {
        "strata": [_row(stratum) for stratum in blueprint.strata],
        "question_order": blueprint.question_order,
        "hazard_percent": hazard,
        "other_tag": other_tag,
        "other_percent": other_percent,
        **more,
    }


def _row(stratum: Stratum) -> Mapping[str, Any]:
    return {
        "bank": stratum.bank,
        "kind": stratum.kind,
        "difficulties": [str(each) for each in stratum.difficulties],
        "knowledge_points": "; ".join(stratum.knowledge_points),
        "tags": tags_text(stratum.tags),
        "count": str(stratum.count),
        "points": words.plain(stratum.points),
    }


def kept(typed: MultiDict[str, str], without: int | None = None) -> MultiDict[str, str]:
    """Return what was typed without the row numbered *without*, and without fields that no page of ours has."""
    fields = MultiDict[str, str]()
    for name, value in typed.items(multi=True):
        row = _ROW_FIELD.fullmatch(name)
        if not name.startswith("strata") or (row and int(row[1]) != without):
            fields.add(name, value)
    return fields


def new_row(bank: str) -> Mapping[str, Any]:
    """Return what a row shows that has just been added."""
    return {"bank": bank, "kind": "single_choice", "count": "1", "points": "1"}


def _in_row(number: int, field: Any, message: object) -> str:
    return str(_("第 %(number)s 层%(label)s：%(message)s", number=number, label=field.label.text, message=message))


def whole(value: str | None) -> int:
    """Return the whole number that was typed, 0 for what is none; Stratum says whether it is in range."""
    digits = value or ""
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 6 else 0


def split(value: str | None, between: re.Pattern[str]) -> list[str]:
    """Return the entries of a line; nothing between two separators is none."""
    return [part.strip() for part in between.split(value or "") if part.strip()]
