"""One QTI item to what it states."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from question_bank.formats.found import MANY, ONE, TRUE_FALSE, Answer, Found, Note, error_at, is_true_false
from question_bank.formats.markup import PlainText
from question_bank.formats.protocol import RowError
from question_bank.formats.qti.dialects import respelt
from question_bank.formats.qti.scoring import scored
from question_bank.formats.xml_elements import Element

ROOTS = ("assessmentItem", "qti-assessment-item")
_FEEDBACK = ("feedbackInline", "feedbackBlock", "modalFeedback")
_APART = (*_FEEDBACK, "templateBlock", "templateInline", "infoControl", "stylesheet", "catalogInfo")
_WRAPPERS = frozenset({"itemBody", "prompt", "simpleChoice", "contentBody", "rubricBlock", *_FEEDBACK})
_ABOUT = {"correct": "答对时", "right": "答对时", "incorrect": "答错时", "wrong": "答错时"}
# What makes an item more than its text: it cannot be shown as it stands.
_BEYOND = {"templateDeclaration": "template", "assessmentStimulusRef": "stimulus", "printedVariable": "template"}


def read_item(
    root: Element, row: int, part: str, fields: Mapping[str, str], notes: tuple[Note, ...]
) -> Found | RowError:
    """Return what the item with the element *root* states.

    row, part: its place. fields, notes: what its package says about it.
    """
    root = respelt(root)
    found = Found(row, root.line, "", "", fields=fields, notes=notes, part=part)
    body = root.first("itemBody")
    if body is None:
        return error_at(found, "item_body_missing")
    interactions = [one for one in body.every() if one.name.endswith("Interaction")]
    found = replace(
        found, named=", ".join(one.name for one in interactions) or "itemBody", form=_form(root, interactions)
    )
    reader = _READERS.get(found.named) if found.form == "choice" else None
    return reader(root, body, interactions[0], found) if reader else found


def _form(root: Element, interactions: list[Element]) -> str:
    """Return "choice" for what _READERS reads, else what the item is."""
    beyond = {one.name for one in root.every(*_BEYOND)}
    if root.attributes.get("adaptive") == "true":
        return "adaptive"
    if beyond:
        return _BEYOND[min(beyond)]
    if len(interactions) != 1:
        return "composite" if interactions else "description"
    name = interactions[0].name
    if name == "textEntryInteraction":
        declared = _declaration(root, interactions[0])
        return "numeric" if declared and declared.attributes.get("baseType") in ("float", "integer") else "short_answer"
    return "choice" if name in _READERS else {"extendedTextInteraction": "essay"}.get(name, name)


def _choice(root: Element, body: Element, interaction: Element, found: Found) -> Found | RowError:
    declared = _declaration(root, interaction)
    if declared is None:
        return error_at(found, "response_declaration_missing", "key")
    cardinality = declared.attributes.get("cardinality", "")
    if cardinality not in ("single", "multiple"):
        return error_at(replace(found, line=declared.line), "cardinality_not_read", "key", value=cardinality[:40])
    choices = interaction.elements("simpleChoice")
    names = [choice.attributes.get("identifier", "") for choice in choices]
    if len(set(names)) != len(names):
        return error_at(replace(found, line=interaction.line), "choice_identifier_twice", "options")
    is_one = cardinality == "single" or interaction.attributes.get("maxChoices") == "1"
    score = scored(declared, root.first("responseProcessing"), names, is_one)
    if isinstance(score, str):
        return error_at(replace(found, line=declared.line), score, "key")
    stem, stem_notes = _plain(body)
    said = [_plain(choice) for choice in choices]
    answers = tuple(
        Answer(text, weight, "\n".join(_plain(one)[0] for one in choice.every(*_FEEDBACK)))
        for (text, _), weight, choice in zip(said, score.weights, choices, strict=True)
    )
    explanation, feedback, told = _feedback(
        root, interaction, dict(zip(names, (text for text, _ in said), strict=True))
    )
    own = tuple(note for _, some in said for note in some)
    form = _named_form(found, is_one, answers)
    notes = found.notes + stem_notes + own + told + score.notes
    return replace(
        found, form=form, stem=stem, answers=answers, explanation=explanation, feedback=feedback, notes=notes
    )


_READERS: Mapping[str, Callable[[Element, Element, Element, Found], Found | RowError]] = {"choiceInteraction": _choice}


def _named_form(found: Found, is_one: bool, answers: tuple[Answer, ...]) -> str:
    """Return the form; QTI has no type for true and false, so two choices that say so are one unless we wrote them."""
    if not is_one:
        return MANY
    if found.fields.get("kind", TRUE_FALSE) == TRUE_FALSE and is_true_false(answer.text for answer in answers):
        return TRUE_FALSE
    return ONE


def _declaration(root: Element, interaction: Element) -> Element | None:
    name = interaction.attributes.get("responseIdentifier", "")
    return next((one for one in root.elements("responseDeclaration") if one.attributes.get("identifier") == name), None)


def _feedback(
    root: Element, interaction: Element, texts: Mapping[str, str]
) -> tuple[str, tuple[tuple[str, str], ...], tuple[Note, ...]]:
    """Return explanation, feedback with what it is about, and notes; texts: choice identifier -> its text."""
    inner = set(map(id, interaction.every(*_FEEDBACK)))
    listed = [one for one in root.every(*_FEEDBACK) if id(one) not in inner]
    general: list[str] = []
    told: list[tuple[str, str]] = []
    notes: tuple[Note, ...] = ()
    for one in listed:
        text, own = _plain(one)
        notes += own
        name = one.attributes.get("identifier", "")
        if len(listed) == 1 or one.attributes.get("showHide") == "hide":
            general.append(text)
        elif text:
            told.append((f"“{texts[name]}”" if name in texts else _ABOUT.get(name.lower(), name), text))
    return "\n".join(text for text in general if text), tuple(told), notes


def _plain(element: Element) -> tuple[str, tuple[Note, ...]]:
    made = PlainText()
    _walk(element, made)
    return made.result(), made.notes()


def _walk(element: Element, made: PlainText) -> None:
    for child in element.children:
        if isinstance(child, str):
            made.text(child)
        elif child.name.endswith("Interaction"):
            for prompt in child.elements("prompt"):
                _inside(prompt, "div", made)
        elif child.name == "rubricBlock" and "candidate" not in child.attributes.get("view", "candidate").split():
            continue
        elif child.name not in _APART:
            _inside(child, "div" if child.name in _WRAPPERS else child.name.lower(), made)


def _inside(element: Element, name: str, made: PlainText) -> None:
    made.start(name, element.attributes)
    _walk(element, made)
    made.end(name)
