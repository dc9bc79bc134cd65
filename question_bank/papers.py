"""Papers: drawn from a seed, frozen, shown without their keys.

The same blueprint, pool and seed give the same paper for ever. A paper's algorithm names the rules by which they do:
bikao-draw-1 (draw.py), or bikao-draw-2 (draw_weighted.py) where the pool has exposure or the blueprint minimum shares
or strata that cross.
A change to these, to what they import or to this file that changes one paper needs a new name, and the old rules stay.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from question_bank import draw, draw_weighted
from question_bank.blueprint import BY_STRATUM, Blueprint, Stratum
from question_bank.canonical import digest_of
from question_bank.credit import RULES
from question_bank.errors import InvalidQuestionError, InvalidResponseError, PaperError
from question_bank.kinds import Response
from question_bank.points import points_from
from question_bank.pool import Pool
from question_bank.questions import Question
from question_bank.randomness import Stream

ALGORITHMS = (draw.ALGORITHM, draw_weighted.ALGORITHM)
SHORTEST_SEED = 16


@dataclass(frozen=True)
class Slot:
    """One place of a paper.

    position: 1, 2, 3, ... question: as frozen, with its key. option_order: the bank's option letters in the order
    shown, so that shown label "A" is option_order[0]; () where nothing is offered, one entry a part for a case study.
    points: full marks. stratum: number in the blueprint, from 0.
    """

    position: int
    question: Question
    option_order: tuple[str, ...]
    points: Decimal
    stratum: int

    def original(self, shown: object) -> Response:
        """Return a response given in shown labels as option letters of the bank, sorted.

        shown: None, text or a list of text, as the kind accepts. Raises InvalidResponseError.
        """
        rules = self.question.rules
        return rules.original(self.question, self.option_order, rules.parse_response(self.question, shown))

    def shown(self, response: Sequence[str]) -> Response:
        """Return a response in letters of the bank (a key, or a stored one) as one in shown labels, sorted."""
        return self.question.rules.shown(self.question, self.option_order, tuple(response))

    def to_payload(self) -> dict[str, object]:
        """Return the slot as JSON values, key included."""
        return {
            "position": self.position,
            "question": self.question.to_payload(),
            "option_order": list(self.option_order),
            "points": str(self.points),
            "stratum": self.stratum,
        }


@dataclass(frozen=True)
class Paper:
    """One candidate's paper, frozen.

    slots: positions 1..n. marking_rule: a name in credit.RULES. algorithm: the rules it was drawn by.
    blueprint_digest, pool_digest: what it was drawn from.
    """

    slots: tuple[Slot, ...]
    marking_rule: str
    algorithm: str
    blueprint_digest: str
    pool_digest: str

    @property
    def points(self) -> Decimal:
        """Full marks."""
        return sum((slot.points for slot in self.slots), Decimal("0.00"))

    @cached_property
    def digest(self) -> str:
        """SHA-256 over everything in the paper; each question enters with its own digest."""
        slots = [[s.position, s.question.digest, list(s.option_order), str(s.points), s.stratum] for s in self.slots]
        return digest_of([self.algorithm, self.marking_rule, self.blueprint_digest, self.pool_digest, slots])

    def slot(self, position: int) -> Slot:
        """Return the slot at *position*, from 1; raises PaperError ("no_such_position")."""
        if not 1 <= position <= len(self.slots):
            raise PaperError("no_such_position", position=position, count=len(self.slots))
        return self.slots[position - 1]

    def to_payload(self) -> dict[str, object]:
        """Return the paper as JSON values, keys and all: for storage, never for the browser."""
        return {
            "algorithm": self.algorithm,
            "marking_rule": self.marking_rule,
            "blueprint_digest": self.blueprint_digest,
            "pool_digest": self.pool_digest,
            "digest": self.digest,
            "slots": [slot.to_payload() for slot in self.slots],
        }

    @classmethod
    def from_payload(cls, payload: object) -> "Paper":
        """Return the stored paper; raises PaperError if it is damaged or its digest does not hold."""
        try:
            paper = _paper(_object(payload))
            recorded = _object(payload)["digest"]
        except (KeyError, TypeError, ValueError, InvalidQuestionError) as error:
            raise PaperError("damaged_paper", reason=str(error)) from error
        if recorded != paper.digest:
            raise PaperError("digest_differs", recorded=recorded, computed=paper.digest)
        return paper


def assemble(blueprint: Blueprint, pool: Pool, seed: bytes, algorithm: str | None = None) -> Paper:
    """Return the paper that *seed* (at least 16 bytes) draws from *pool* by *blueprint*.

    Deterministic for ever; uniform within strata, up to exposure (see draw.py, draw_weighted.py); each question at
    most once; never short, never below a minimum share.
    algorithm: what a paper on record names, to draw it again; a new paper names none.
    Raises PaperError: "short_seed", or "not_feasible" with the strata that cannot be filled (missing: number and
    count), or if they can, with the tags of the shares that cannot be held in a full paper (shares).
    """
    if len(seed) < SHORTEST_SEED:
        raise PaperError("short_seed", length=len(seed), least=SHORTEST_SEED)
    plan = pool.plan(blueprint, algorithm)
    if not plan.is_feasible:
        missing = tuple((number, count) for number, count in enumerate(plan.filling.missing) if count)
        shares = () if missing else tuple(share.tag for share in blueprint.minimum_shares)
        raise PaperError("not_feasible", missing=missing, shares=shares)
    label = plan.algorithm.encode()
    drawn = plan.draw(Stream(seed, label + b"/questions/"))
    places = [(index, stratum) for stratum in range(len(blueprint.strata)) for index in drawn[stratum]]
    if blueprint.question_order != BY_STRATUM:
        Stream(seed, label + b"/order/").shuffle(places)
    options = Stream(seed, label + b"/options/")
    slots = tuple(
        _slot(position, pool.questions[index], stratum, blueprint.strata[stratum], options)
        for position, (index, stratum) in enumerate(places, start=1)
    )
    return Paper(slots, blueprint.marking_rule, plan.algorithm, blueprint.digest, pool.digest)


def candidate_view(paper: Paper) -> list[dict[str, object]]:
    """Return what the candidate's browser may know, one dictionary a question in order of position.

    position; kind; markup; stem; points (text); input (see QuestionKind); options as shown, each with label "A", "B",
    ... and text; unit of a written answer; parts of a case study, each with kind, stem, input, options, unit.
    No key, explanation, weight, feedback, source, tags, question code, or letters of the bank.
    """
    return [_slot_view(slot) for slot in paper.slots]


def parse_responses(paper: Paper, raw: Mapping[int, object]) -> dict[int, Response]:
    """Return the responses of a candidate, by position, in shown labels of normal form; empty ones are left out.

    raw: position -> what the browser sent. Raises InvalidResponseError or PaperError for the first that is wrong.
    """
    responses = {}
    for position, value in raw.items():
        slot = paper.slot(position)
        try:
            response = slot.question.rules.parse_response(slot.question, value)
        except InvalidResponseError as error:
            raise InvalidResponseError(error.code, position=position, **error.data) from error
        if response:
            responses[position] = response
    return responses


def _slot(position: int, question: Question, number: int, stratum: Stratum, stream: Stream) -> Slot:
    return Slot(position, question, question.rules.order(question, stream.shuffle), stratum.points, number)


def _slot_view(slot: Slot) -> dict[str, object]:
    question = slot.question
    return {
        "position": slot.position,
        "kind": question.kind,
        "markup": question.markup,
        "stem": question.stem,
        "points": str(slot.points),
        **question.rules.view(question, slot.option_order),
    }


def _object(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise TypeError("not an object")
    return value


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError("not a list")
    return value


def _paper(values: Mapping[str, object]) -> Paper:
    slots = tuple(_stored_slot(position, _object(slot)) for position, slot in enumerate(_list(values["slots"]), 1))
    if values["marking_rule"] not in RULES:
        raise ValueError("unknown marking rule")
    return Paper(
        slots=slots,
        marking_rule=str(values["marking_rule"]),
        algorithm=str(values["algorithm"]),
        blueprint_digest=str(values["blueprint_digest"]),
        pool_digest=str(values["pool_digest"]),
    )


def _stored_slot(position: int, values: Mapping[str, object]) -> Slot:
    question = Question.from_payload(_object(values["question"]))
    order = tuple(str(letter) for letter in _list(values["option_order"]))
    points = points_from(values["points"])
    if values["position"] != position or points is None:
        raise ValueError("position or points")
    if not question.rules.is_order(question, order):
        raise ValueError("option order")
    if not isinstance(values["stratum"], int):
        raise TypeError("stratum")
    return Slot(position, question, order, points, values["stratum"])
