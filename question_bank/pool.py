"""Pool: the questions that a sitting may draw from, indexed once."""

from collections.abc import Iterable, Mapping

from question_bank import draw
from question_bank.blueprint import Blueprint, Stratum
from question_bank.canonical import digest_of
from question_bank.draw import Plan
from question_bank.draw_weighted import WeightedPlan, algorithm_for, weighted_plan
from question_bank.errors import PoolError
from question_bank.questions import Question


class Pool:
    """A fixed set of questions with an order of its own, so that the order they came in changes no paper.

    Make it once a sitting: indexing 10,000 questions takes far longer than drawing a paper from them.
    """

    def __init__(self, questions: Iterable[Question], exposure: Mapping[str, int] | None = None) -> None:
        """Index *questions*, each code once (two versions of one question are refused).

        exposure: in how many papers each question stood so far, 0 or more, by code; 0 for those left out. Others'
        codes do not matter. Where all questions are equal in it, the pool is the same as without it: same digest, same
        papers. Raises PoolError: "question_twice", "bad_exposure".
        """
        self.questions = tuple(sorted(questions, key=lambda question: (question.bank, question.code)))
        _refuse_repeats(self.questions)
        self.exposure = _exposure(self.questions, exposure or {})
        digests = [question.digest for question in self.questions]
        self.digest = digest_of({"questions": digests, "exposure": self.exposure} if self.exposure else digests)
        self._by_bank_and_kind: dict[tuple[str, str], list[int]] = {}
        for index, question in enumerate(self.questions):
            self._by_bank_and_kind.setdefault((question.bank, question.kind), []).append(index)
        self._matching: dict[Stratum, tuple[int, ...]] = {}
        self._plans: dict[tuple[Blueprint, str], Plan | WeightedPlan] = {}

    def __len__(self) -> int:
        """Return the number of questions."""
        return len(self.questions)

    def matching(self, stratum: Stratum) -> tuple[int, ...]:
        """Return the places in ``questions`` of all that *stratum* admits, ascending."""
        if stratum not in self._matching:
            candidates = self._by_bank_and_kind.get((stratum.bank, stratum.kind), [])
            self._matching[stratum] = tuple(i for i in candidates if stratum.admits(self.questions[i]))
        return self._matching[stratum]

    def plan(self, blueprint: Blueprint, algorithm: str | None = None) -> Plan | WeightedPlan:
        """Return how to draw *blueprint* from this pool; worked out once and kept.

        algorithm: the draw that a paper on record names; the one for new papers if it cannot have been that one.
        """
        usable = algorithm_for(blueprint, has_exposure=self.exposure is not None)
        if algorithm == draw.ALGORITHM and self.exposure is None and not blueprint.minimum_shares:
            usable = algorithm
        if (blueprint, usable) not in self._plans:
            self._plans[blueprint, usable] = self._plan(blueprint, usable)
        return self._plans[blueprint, usable]

    def _plan(self, blueprint: Blueprint, algorithm: str) -> Plan | WeightedPlan:
        groups, counts = self._signatures(blueprint), [stratum.count for stratum in blueprint.strata]
        if algorithm == draw.ALGORITHM:
            return draw.plan(groups, counts)
        needs = [share.needed(blueprint.count) for share in blueprint.minimum_shares]
        return weighted_plan(groups, counts, needs, self.exposure)

    def _signatures(self, blueprint: Blueprint) -> dict[int, tuple[int, ...]]:
        """Return the questions that some stratum admits, grouped by which ones do and by which shares they count for.

        Bit s of a signature is set if stratum s admits the question; after the strata comes a bit for each share.
        Questions with the same signature are interchangeable. Signatures and places ascend.
        """
        signature_of: dict[int, int] = {}
        for number, stratum in enumerate(blueprint.strata):
            for index in self.matching(stratum):
                signature_of[index] = signature_of.get(index, 0) | 1 << number
        for number, share in enumerate(blueprint.minimum_shares, start=len(blueprint.strata)):
            for index in signature_of:
                signature_of[index] |= (share.tag in self.questions[index].tags) << number
        groups: dict[int, list[int]] = {}
        for index in sorted(signature_of):
            groups.setdefault(signature_of[index], []).append(index)
        return {signature: tuple(groups[signature]) for signature in sorted(groups)}


def _exposure(questions: tuple[Question, ...], exposure: Mapping[str, int]) -> tuple[int, ...] | None:
    """Return the exposure of each question, or None if all are equal."""
    for code, times in exposure.items():
        if type(times) is not int or times < 0:
            raise PoolError("bad_exposure", question=code)
    found = tuple(exposure.get(question.code, 0) for question in questions)
    return found if len(set(found)) > 1 else None


def _refuse_repeats(questions: tuple[Question, ...]) -> None:
    seen: set[str] = set()
    for question in questions:
        if question.code in seen:
            raise PoolError("question_twice", question=question.code)
        seen.add(question.code)
