"""The question kinds. A new kind is one file here and one line in KINDS."""

from collections.abc import Mapping

from question_bank.kinds.case_study import SIMPLE_KINDS, CaseStudy
from question_bank.kinds.protocol import Answerable, QuestionKind, Response

KINDS: Mapping[str, QuestionKind] = {**SIMPLE_KINDS, CaseStudy.code: CaseStudy()}

__all__ = ["KINDS", "SIMPLE_KINDS", "Answerable", "QuestionKind", "Response"]
