"""Roles (人员类别) in which a person answers for an enterprise, and the forms that a principal takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from courses.errors import CourseDataError
from courses.tables import Entry, entries

FILE = "roles.toml"
SUBJECTS = frozenset({"person", "institution", "enterprise"})


@dataclass(frozen=True, slots=True)
class Role:
    """One kind of subject of a mandate.

    subject: "person", or a body ("institution", "enterprise") that is never counted in persons.
    """

    code: str
    name_zh: str
    name_en: str
    subject: str
    note_zh: str


@dataclass(frozen=True, slots=True)
class PrincipalForm:
    """One form of principal: 法定代表人, 实际控制人, 董事长, 经理. Several may stand side by side in one enterprise."""

    code: str
    name_zh: str
    name_en: str


@cache
def roles() -> Mapping[str, Role]:
    """Return every role by code, in the order of the data file. Raises CourseDataError if an entry is wrong."""
    return MappingProxyType({entry.name: _role(entry) for entry in entries(FILE, "role")})


@cache
def principal_forms() -> Mapping[str, PrincipalForm]:
    """Return every form of principal by code. Raises CourseDataError if an entry is wrong."""
    return MappingProxyType({entry.name: _form(entry) for entry in entries(FILE, "principal_form")})


def role(code: str) -> Role:
    """Return the role of *code*. Raises CourseDataError(code="unknown_role")."""
    try:
        return roles()[code]
    except KeyError:
        raise CourseDataError("unknown_role", role=code) from None


def principal_form(code: str) -> PrincipalForm:
    """Return the form of principal of *code*. Raises CourseDataError(code="unknown_principal_form")."""
    try:
        return principal_forms()[code]
    except KeyError:
        raise CourseDataError("unknown_principal_form", form=code) from None


def _role(entry: Entry) -> Role:
    read = Role(
        code=entry.name,
        name_zh=entry.text("name_zh"),
        name_en=entry.text("name_en"),
        subject=entry.choice("subject", SUBJECTS),
        note_zh=entry.text("note_zh", ""),
    )
    entry.finish()
    return read


def _form(entry: Entry) -> PrincipalForm:
    read = PrincipalForm(code=entry.name, name_zh=entry.text("name_zh"), name_en=entry.text("name_en"))
    entry.finish()
    return read
