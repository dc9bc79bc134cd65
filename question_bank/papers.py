"""Papers: drawn from a seed, frozen, shown without their keys.

The same blueprint, pool and seed give the same paper for ever. ALGORITHM names the rules by which they do; a change
to any of randomness.py, draw.py or this file that changes one paper needs a new name, and the old rules stay.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from question_bank.blueprint import BY_STRATUM, Blueprint, Stratum
from question_bank.canonical import digest_of
from question_bank.credit import RULES
from question_bank.errors import InvalidQuestionError, InvalidResponseError, PaperError
from question_bank.kinds import Response
from question_bank.options import LETTERS
from question_bank.points import points_from
from question_bank.pool import Pool
from question_bank.questions import Question
from question_bank.randomness import Stream

ALGORITHM = "bikao-draw-1"
SHORTEST_SEED = 16


@dataclass(frozen=True)
class Slot:
    """One place of a paper.

    position: 1, 2, 3, ... question: as frozen, with its key. option_order: the bank's option letters in the order
    shown, so that shown label "A" is option_order[0]. points: full marks. stratum: number in the blueprint, from 0.
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
        labels = self.question.rules.parse_response(self.question, shown)
        if not self.option_order:
            return labels
        return tuple(sorted(self.option_order[LETTERS.index(label)] for label in labels))

    def shown(self, letters: Sequence[str]) -> Response:
        """Return option letters of the bank (a key or a stored response) as shown labels, sorted."""
        if not self.option_order:
            return tuple(letters)
        return tuple(sorted(LETTERS[self.option_order.index(letter)] for letter in letters))

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


def assemble(blueprint: Blueprint, pool: Pool, seed: bytes) -> Paper:
    """Return the paper that *seed* (at least 16 bytes) draws from *pool* by *blueprint*.

    Deterministic for ever; uniform within strata (see draw.py); each question at most once; never short.
    Raises PaperError: "short_seed", or "not_feasible" with the strata that cannot be filled.
    """
    if len(seed) < SHORTEST_SEED:
        raise PaperError("short_seed", length=len(seed), least=SHORTEST_SEED)
    plan = pool.plan(blueprint)
    if not plan.is_feasible:
        missing = tuple((number, count) for number, count in enumerate(plan.filling.missing) if count)
        raise PaperError("not_feasible", missing=missing)
    drawn = plan.draw(Stream(seed, b"bikao-draw-1/questions/"))
    places = [(index, stratum) for stratum in range(len(blueprint.strata)) for index in drawn[stratum]]
    if blueprint.question_order != BY_STRATUM:
        Stream(seed, b"bikao-draw-1/order/").shuffle(places)
    options = Stream(seed, b"bikao-draw-1/options/")
    slots = tuple(
        _slot(position, pool.questions[index], stratum, blueprint.strata[stratum], options)
        for position, (index, stratum) in enumerate(places, start=1)
    )
    return Paper(slots, blueprint.marking_rule, ALGORITHM, blueprint.digest, pool.digest)


def candidate_view(paper: Paper) -> list[dict[str, object]]:
    """Return what the candidate's browser may know, one dictionary a question in order of position.

    position; kind; input ("one" or "many", see QuestionKind); stem; points (text); options as shown, each with label
    "A", "B", ... and text. No key, explanation, source, tags, question code, or letters of the bank.
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
    order = [option.key for option in question.options]
    if question.rules.shuffles_options:
        stream.shuffle(order)
    return Slot(position, question, tuple(order), stratum.points, number)


def _slot_view(slot: Slot) -> dict[str, object]:
    texts = {option.key: option.text for option in slot.question.options}
    return {
        "position": slot.position,
        "kind": slot.question.kind,
        "input": slot.question.rules.response_input,
        "stem": slot.question.stem,
        "points": str(slot.points),
        "options": [
            {"label": label, "text": texts[letter]} for label, letter in zip(LETTERS, slot.option_order, strict=False)
        ],
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
    if sorted(order) != [option.key for option in question.options]:
        raise ValueError("option order")
    if not isinstance(values["stratum"], int):
        raise TypeError("stratum")
    return Slot(position, question, order, points, values["stratum"])
