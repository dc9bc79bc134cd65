"""Notes about a question: remarks that have no place yet."""

from collections.abc import Iterable

from question_bank.formats.protocol import Note, Remark


def gathered(notes: Iterable[Note]) -> list[Note]:
    """Return *notes*, each once, with all elements that were removed in one note."""
    removed: set[str] = set()
    others: dict[str, Note] = {}
    for code, data in notes:
        elements = data.get("elements")
        if code == "markup_removed" and isinstance(elements, tuple):
            removed.update(elements)
        else:
            others.setdefault(f"{code} {data}", (code, data))
    markup: list[Note] = [("markup_removed", {"elements": tuple(sorted(removed))})] if removed else []
    return [*markup, *others.values()]


def remarks_of(notes: Iterable[Note], row: int, line: int, part: str) -> list[Remark]:
    """Return *notes*, gathered, as remarks at the place given."""
    return [Remark(row, code, data, line, part) for code, data in gathered(notes)]
