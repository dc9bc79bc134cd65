"""What can go wrong in the field's data and rules, as stable codes that the web layer words."""

from __future__ import annotations


class CourseError(Exception):
    """Base of every error of this package.

    code: stable snake_case name of the problem; details: attributes that a message can name.
    """

    def __init__(self, code: str, **details: object) -> None:
        self.code = code
        self.details = details
        named = ", ".join(f"{name}={value!r}" for name, value in details.items())
        super().__init__(f"{code}: {named}" if named else code)


class CourseDataError(CourseError):
    """A data file is wrong, or a code is not in it; details name the file and the entry where there is one."""
