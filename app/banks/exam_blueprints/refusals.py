"""What the library says against a blueprint, as a refusal that the application words."""

from __future__ import annotations

from app.core.errors import ServiceError
from question_bank.errors import BlueprintError

_BY_FIELD = {
    "count": "blueprint_bad_count",
    "difficulties": "blueprint_bad_difficulty",
    "minimum_shares": "blueprint_too_many_shares",
}


def refusal(error: BlueprintError) -> ServiceError:
    """Return the refusal for *error*; its field is the name that the library gives it."""
    field = str(error.data.get("field", ""))
    code = _BY_FIELD.get(field, "blueprint_wrong_type") if error.code == "out_of_range" else f"blueprint_{error.code}"
    data = {name: value for name, value in error.data.items() if name != "field"}
    if code in ("blueprint_wrong_type", "blueprint_unknown_field"):
        return _naming(code, field)
    return ServiceError(code, field=field, **data)


def _naming(code: str, field: str) -> ServiceError:
    """These two sentences name the field, which ServiceError takes for itself."""
    refused = ServiceError(code, field=field)
    refused.data["field"] = field
    return refused
