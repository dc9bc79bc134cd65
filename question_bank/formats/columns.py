"""The columns of a question table, as Chinese banks name them."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from question_bank.options import LETTERS

REQUIRED = ("kind", "stem", "key")
SHOWN_LETTERS = LETTERS[:8]
"""Options that every table has a column for; the others have one where a question needs it."""
JOINED = "options"
"""What a column is called here that holds all options of a question in one cell; it is read, never written."""
FURTHER = "further_answers"
"""What columns are called here that hold the answers of other blanks than the first."""

_NUMERALS = "一二三四五六七八九十"
# Field of a row -> headings, the first of them written. Banks in use differ in these words, hardly in the layout.
_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "kind": ("题型", "试题类型", "题目类型", "问题类型", "试题题型", "题目题型", "题型名称", "question type"),
    "stem": (
        "题干", "题目", "试题", "试题内容", "题目内容", "题干内容", "试题题干", "题目题干", "问题",
        "试题名称", "题目名称", "试题描述", "题目描述", "题面", "question", "question text", "stem",
    ),
    **{
        f"option_{letter}": (
            f"选项{letter}", f"{letter}选项", letter, f"{letter}项", f"备选项{letter}", f"备选答案{letter}",
            f"候选项{letter}", f"答案{letter}", f"选项内容{letter}", f"选项{letter}内容", f"option{letter}",
            f"选项{number}", f"option{number}", f"备选答案{number}", f"选择项{number}", f"选择项{letter}",
            f"答案项{letter}",
            *(f"选项{word}" for word in _NUMERALS[number - 1 : number]),
        )
        for number, letter in enumerate(LETTERS, start=1)
    },
    "key": (
        "答案", "正确答案", "标准答案", "参考答案", "试题答案", "题目答案", "正确选项", "答案选项", "正确答案选项",
        "正确答案H", "answer", "correct answer", "correct answers", "correct option",
    ),
    "explanation": (
        "解析", "答案解析", "试题解析", "题目解析", "试题分析", "题目分析", "答题解析", "解析内容", "解析说明", "题解",
        "详解", "官方解析", "explanation", "answer explanation",
    ),
    "difficulty": (
        "难度", "难易度", "难易程度", "难度等级", "难度级别", "试题难度", "题目难度", "试题难易程度", "difficulty",
    ),
    "knowledge_point": ("知识点", "考点", "所属知识点", "知识点名称", "考核点", "knowledge point"),
    "tags": ("标签", "试题标签", "题目标签", "tags"),
    "source_document": (
        "法规依据", "法律依据", "法律法规依据", "规范依据", "标准依据", "依据法规", "依据文件", "法规名称", "出题依据",
        "命题依据", "题目依据", "试题依据",
    ),
    "source_article": ("条款", "依据条款", "法规条款", "条款号", "条文", "条文号", "依据条文", "article"),
    "code": ("编号", "试题编号", "题目编号", "code"),
    "version": ("版本", "版本号", "version"),
    "bank": ("题库", "题库代码", "bank"),
    "case": ("所属案例", "案例编号", "case"),
    "unit": ("单位", "计量单位", "unit"),
    "is_case_sensitive": ("区分大小写", "case sensitive"),
    "source_from": ("依据生效日", "依据生效日期", "生效日期", "effective from"),
    "source_to": ("依据失效日", "依据失效日期", "失效日期", "effective to"),
    "markup": ("格式", "文本格式", "markup"),
    **{f"weight_{letter}": (f"权重{letter}", f"weight {letter}") for letter in LETTERS},
    **{f"feedback_{letter}": (f"反馈{letter}", f"feedback {letter}") for letter in LETTERS},
}  # fmt: skip
_JOINED_HEADINGS = (
    "选项", "选项内容", "备选答案", "备选项", "候选项", "候选答案", "试题选项", "题目选项", "所有选项", "全部选项",
    "options",
)  # fmt: skip
# Headings that mean a field only where no other column does: 类型 beside 题型 is something else.
_OTHERWISE: Mapping[str, tuple[str, ...]] = {
    "kind": ("类型", "type"),
    "key": ("答案1", "空1答案"),
    "explanation": ("判断题解析",),
    "knowledge_point": (
        "知识模块", "章节", "所属章节", "章节名称", "试题分类", "题目分类", "所属分类", "知识分类", "分类",
    ),
    "source_document": ("依据", "出处", "来源", "试题来源", "题目来源", "source"),
}  # fmt: skip
# Beside 答案1: what other blanks take. A question here has one blank.
_FURTHER_HEADINGS = tuple(name for number in range(2, 10) for name in (f"答案{number}", f"空{number}答案"))

FIELDS: tuple[str, ...] = tuple(_HEADINGS)
ALWAYS: tuple[str, ...] = tuple(
    field for field in FIELDS[: FIELDS.index("case")] if field[-2:-1] != "_" or field[-1] in SHOWN_LETTERS
)
"""The fields that every written table has a column for."""
CARRIED = frozenset(
    {"kind", "stem", "options", "key", "explanation", "difficulty", "knowledge_point", "tags", "source_document",
     "source_article", "code", "version", "bank", "unit", "is_case_sensitive", "source_from", "source_to", "markup",
     "parts", "weights", "feedback"}
)  # fmt: skip
"""What a table carries of a question: all but pictures."""
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
# Blanks, marks, and the byte order mark and zero-width spaces that come along when headings are copied.
_SIGNS = re.compile(r"[\s*:_.、/()\[\]【】\u200b-\u200d\ufeff-]")


def heading(field: str) -> str:
    """Return the usual heading of *field*, one of FIELDS."""
    return _HEADINGS[field][0]


def needed(rows: Iterable[Mapping[str, str]]) -> list[str]:
    """Return the fields that need a column in a table of *rows*: ALWAYS, and others in which a row has something."""
    filled = {field for row in rows for field, text in row.items() if text}
    return [field for field in FIELDS if field in ALWAYS or field in filled]


def fields_of(headings: Sequence[str]) -> list[str | None]:
    """Return the field, JOINED or FURTHER, that each heading stands for, None where it stands for none.

    Case, width, blanks and signs do not matter, nor what stands in brackets ("题干 *（必填）" is "题干"), unless it is
    the letter of an option ("选项（A）").
    """
    found = [_FIELD_OF.get(_plain(name)) or _FIELD_OF.get(_plain(_bare(name))) for name in headings]
    for place, name in enumerate(headings):
        otherwise = _OTHERWISE_OF.get(_plain(_bare(name)))
        if otherwise and found[place] is None and otherwise not in found:
            found[place] = otherwise
            if otherwise == "key":
                found = [
                    FURTHER if _plain(_bare(one)) in _FURTHER else own for one, own in zip(headings, found, strict=True)
                ]
    return found


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _bare(text: str) -> str:
    return _BRACKETED.sub("", _folded(text))


def _plain(text: str) -> str:
    return _SIGNS.sub("", _folded(text))


_FIELD_OF = {_plain(name): field for field, names in _HEADINGS.items() for name in names} | {
    _plain(name): JOINED for name in _JOINED_HEADINGS
}
_OTHERWISE_OF = {_plain(name): field for field, names in _OTHERWISE.items() for name in names}
_FURTHER = frozenset(_plain(name) for name in _FURTHER_HEADINGS)
