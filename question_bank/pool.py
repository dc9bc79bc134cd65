"""Pool: the questions that a sitting may draw from, indexed once."""

from collections.abc import Iterable

from question_bank.blueprint import Blueprint, Stratum
from question_bank.canonical import digest_of
from question_bank.draw import Plan, plan
from question_bank.errors import PoolError
from question_bank.questions import Question


class Pool:
    """A fixed set of questions with an order of its own, so that the order they came in changes no paper.

    Make it once a sitting: indexing 10,000 questions takes far longer than drawing a paper from them.
    """

    def __init__(self, questions: Iterable[Question]) -> None:
        """Index *questions*, each code once (two versions of one question are refused). Raises PoolError."""
        self.questions = tuple(sorted(questions, key=lambda question: (question.bank, question.code)))
        _refuse_repeats(self.questions)
        self.digest = digest_of([question.digest for question in self.questions])
        self._by_bank_and_kind: dict[tuple[str, str], list[int]] = {}
        for index, question in enumerate(self.questions):
            self._by_bank_and_kind.setdefault((question.bank, question.kind), []).append(index)
        self._matching: dict[Stratum, tuple[int, ...]] = {}
        self._plans: dict[Blueprint, Plan] = {}

    def __len__(self) -> int:
        """Return the number of questions."""
        return len(self.questions)

    def matching(self, stratum: Stratum) -> tuple[int, ...]:
        """Return the places in ``questions`` of all that *stratum* admits, ascending."""
        if stratum not in self._matching:
            candidates = self._by_bank_and_kind.get((stratum.bank, stratum.kind), [])
            self._matching[stratum] = tuple(i for i in candidates if stratum.admits(self.questions[i]))
        return self._matching[stratum]

    def plan(self, blueprint: Blueprint) -> Plan:
        """Return how to draw *blueprint* from this pool; worked out once and kept."""
        if blueprint not in self._plans:
            counts = [stratum.count for stratum in blueprint.strata]
            self._plans[blueprint] = plan(self._signatures(blueprint), counts)
        return self._plans[blueprint]

    def _signatures(self, blueprint: Blueprint) -> dict[int, tuple[int, ...]]:
        """Return the questions that some stratum admits, grouped by which ones do.

        Bit s of a signature is set if stratum s admits the question; questions with the same signature are
        interchangeable. Signatures and places ascend.
        """
        signature_of: dict[int, int] = {}
        for number, stratum in enumerate(blueprint.strata):
            for index in self.matching(stratum):
                signature_of[index] = signature_of.get(index, 0) | 1 << number
        groups: dict[int, list[int]] = {}
        for index in sorted(signature_of):
            groups.setdefault(signature_of[index], []).append(index)
        return {signature: tuple(groups[signature]) for signature in sorted(groups)}


def _refuse_repeats(questions: tuple[Question, ...]) -> None:
    seen: set[str] = set()
    for question in questions:
        if question.code in seen:
            raise PoolError("question_twice", question=question.code)
        seen.add(question.code)
