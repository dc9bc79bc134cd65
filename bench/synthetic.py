"""Synthetic questions: as varied as a real bank in kind, length, source and tag, and plainly no content."""

from __future__ import annotations

import random
from collections.abc import Iterator

from question_bank.kinds import KINDS
from question_bank.options import lettered
from question_bank.questions import MAJOR_HAZARD_CRITERIA, Part, Question

COMMON, RARE = "安全", "示范罕见词"  # in about a third of the stems; in one of 5,000
PHRASES = (
    *("安全生产责任制", "主要负责人", "从业人员", "教育和培训", "应急预案", "事故隐患", "排查治理", "双重预防机制"),
    *("特种作业", "危险化学品", "有限空间作业", "粉尘爆炸", "动火作业", "高处作业", "临时用电", "受限空间"),
    *("通风检测", "监护人员", "个体防护装备", "职业健康检查", "工伤认定", "事故调查组", "处罚决定", "安全设施"),
    *("设计审查", "验收", "评价报告", "风险分级管控", "操作规程", "交接班记录", "监测数据", "报警装置"),
    *("消防通道", "疏散演练", "救援队伍", "物资储备", "承包单位", "统一协调管理", "作业许可", "检维修"),
)
JOINTS = (
    "应当建立",
    "负责组织",
    "不得擅自停用",
    "每年至少开展一次",
    "按照规定",
    "在进入现场前",
    "对本单位的",
    "经确认后",
)
SOURCES = tuple(f"示例安全规程第{number}部" for number in range(1, 31))
POINTS = tuple(f"示例知识点{number:02d}" for number in range(1, 61))
TAGS = ("重点", "案例改编", "新增", "易错", "图表", "计算")
WEIGHTS = {
    "single_choice": 40,
    "true_false": 25,
    "multiple_choice": 20,
    "numeric": 5,
    "short_answer": 5,
    "case_study": 5,
}


def questions(bank: str, count: int, seed: int, prefix: str = "") -> Iterator[Question]:
    """Yield *count* different questions for *bank*; the same seed gives the same questions."""
    draw = random.Random(seed)
    for number in range(count):
        yield _question(draw, bank, number, f"{prefix or bank}-{number:06d}")


def _question(draw: random.Random, bank: str, number: int, code: str) -> Question:
    kind = draw.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    rare = RARE if number % 5_000 == 17 else ""
    stem = f"{_said(draw)}{rare}（示例第{number}题）"
    options, key, parts = _answers(draw, kind)
    tags = {MAJOR_HAZARD_CRITERIA} if draw.random() < 0.12 else set()
    tags |= {tag for tag in TAGS if draw.random() < 0.08}
    return Question(
        code,
        1,
        bank,
        kind,
        stem,
        options,
        key,
        explanation=f"依据所引条文，{_said(draw)}。",
        knowledge_point=draw.choice(POINTS),
        difficulty=draw.choices((1, 2, 3), (3, 5, 2))[0],
        tags=tuple(sorted(tags)),
        source_document=draw.choice(SOURCES),
        source_article=f"第{draw.randrange(1, 120)}条",
        unit="米" if kind == "numeric" else "",
        parts=parts,
    )


def _said(draw: random.Random) -> str:
    pairs = (draw.choice(PHRASES) + draw.choice(JOINTS) for _pair in range(draw.randint(2, 4)))
    return "，".join(pairs) + draw.choice(PHRASES)


def _answers(draw: random.Random, kind: str) -> tuple[tuple, tuple[str, ...], tuple[Part, ...]]:  # type: ignore[type-arg]
    if kind == "true_false":
        return KINDS[kind].fixed_options, (draw.choice("AB"),), ()
    if kind == "numeric":
        return lettered([f"{draw.randrange(1, 500)}±{draw.randrange(0, 5)}"]), ("A",), ()
    if kind == "short_answer":
        return lettered([draw.choice(PHRASES)]), ("A",), ()
    if kind == "case_study":
        return (), (), (_part(draw, "single_choice"), _part(draw, "true_false"), _part(draw, "multiple_choice"))
    texts = draw.sample(PHRASES, 4)
    return lettered(texts), tuple("ABD") if kind == "multiple_choice" else (draw.choice("ABCD"),), ()


def _part(draw: random.Random, kind: str) -> Part:
    options, key, _parts = _answers(draw, kind)
    return Part(kind, _said(draw), options, key)
