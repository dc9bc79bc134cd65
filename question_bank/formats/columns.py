"""The columns of a question table, as Chinese banks name them."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from question_bank.options import LETTERS

REQUIRED = ("kind", "stem", "key")

# Field of a row -> headings, the first of them written. Banks in use differ in these words, hardly in the layout.
_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "kind": ("题型", "试题类型", "题目类型", "类型", "type"),
    "stem": ("题干", "题目", "试题", "试题内容", "题目内容", "问题", "question", "stem"),
    **{
        f"option_{letter}": (
            f"选项{letter}", f"{letter}选项", letter, f"备选项{letter}", f"备选答案{letter}", f"option{letter}",
        )
        for letter in LETTERS
    },
    "key": ("答案", "正确答案", "标准答案", "参考答案", "answer"),
    "explanation": ("解析", "答案解析", "试题解析", "题目解析", "explanation"),
    "difficulty": ("难度", "难易度", "难易程度", "难度等级", "试题难度", "difficulty"),
    "knowledge_point": ("知识点", "考点", "所属知识点", "knowledge point"),
    "tags": ("标签", "tags"),
    "source_document": ("法规依据", "法律依据", "依据", "依据文件", "出处", "来源", "source"),
    "source_article": ("条款", "依据条款", "法规条款", "条文", "article"),
    "code": ("编号", "试题编号", "题目编号", "code"),
    "version": ("版本", "版本号", "version"),
    "bank": ("题库", "题库代码", "bank"),
}  # fmt: skip

FIELDS: tuple[str, ...] = tuple(_HEADINGS)
CARRIED = frozenset({*(field for field in FIELDS if not field.startswith("option_")), "options"})
"""The fields of a question that a table carries: all of them."""


def heading(field: str) -> str:
    """Return the usual heading of *field*, one of FIELDS."""
    return _HEADINGS[field][0]


def plain(text: str) -> str:
    """Return a heading without case, width, blanks, asterisks and bracketed notes: "题干 *（必填）" is "题干"."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"\(.*?\)|\[.*?\]|[\s*:]", "", folded)


_FIELD_OF = {plain(name): field for field, names in _HEADINGS.items() for name in names}


def fields_of(headings: Sequence[str]) -> list[str | None]:
    """Return the field that each heading stands for, None where it stands for none."""
    return [_FIELD_OF.get(plain(name)) for name in headings]
