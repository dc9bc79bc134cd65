"""The question kinds. A new kind is one file here and one line in KINDS."""

from collections.abc import Mapping

from question_bank.kinds.multiple_choice import MultipleChoice
from question_bank.kinds.protocol import Answerable, QuestionKind, Response
from question_bank.kinds.single_choice import SingleChoice
from question_bank.kinds.true_false import TrueFalse

# In the order in which Chinese papers print them.
_ALL: tuple[QuestionKind, ...] = (TrueFalse(), SingleChoice(), MultipleChoice())

KINDS: Mapping[str, QuestionKind] = {kind.code: kind for kind in _ALL}

__all__ = ["KINDS", "Answerable", "QuestionKind", "Response"]
