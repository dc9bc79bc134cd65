"""MathML to a line of HTML: what powers, indices, fractions and roots say, without their layout."""

import re

_MATH = re.compile(r"<(?:[A-Za-z]{1,8}:)?math\b")
_TAG = re.compile(r"<(/?)(?:[A-Za-z]{1,8}:)?([A-Za-z][A-Za-z0-9-]*)((?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>")
_SILENT = frozenset({"annotation", "annotation-xml"})
_MOST_DEPTH = 60
_FORMS = {
    "msup": "{0}<sup>{1}</sup>",
    "msub": "{0}<sub>{1}</sub>",
    "msubsup": "{0}<sub>{1}</sub><sup>{2}</sup>",
    "mover": "{0}<sup>{1}</sup>",
    "munder": "{0}<sub>{1}</sub>",
    "munderover": "{0}<sub>{1}</sub><sup>{2}</sup>",
    "mroot": "<sup>{1}</sup>√({0})",
}


def linear(source: str) -> tuple[str, bool]:
    """Return *source*, HTML, with every formula in it on a line, and whether there was one. In linear time.

    A formula whose elements are not closed in order stays as it is.
    """
    made: list[str] = []
    place = 0
    while found := _MATH.search(source, place):
        made.append(source[place : found.start()])
        line, place = _formula(source, found.start())
        made.append(line)
    return ("".join((*made, source[place:])), True) if made else (source, False)


def _formula(source: str, start: int) -> tuple[str, int]:
    """Return the formula that begins at *start* as HTML, and where it ends."""
    frames: list[tuple[str, list[str]]] = []
    place = start
    silent = 0
    while tag := _TAG.search(source, place):
        closing, name, rest = tag[1], tag[2].lower(), tag[3]
        text = source[place : tag.start()].strip()
        if frames and text and not silent:
            frames[-1][1].append(text)
        place = tag.end()
        if name in _SILENT:
            silent = max(0, silent + (-1 if closing else not rest.endswith("/")))
        elif not closing and len(frames) < _MOST_DEPTH:
            frames.append((name, []))
        if name not in _SILENT and (closing or rest.endswith("/")):
            if not frames or frames[-1][0] != name:
                break
            line = _line(*frames.pop())
            if not frames:
                return line, place
            frames[-1][1].append(line)
    return source[start:place], place


def _line(name: str, children: list[str]) -> str:
    form = _FORMS.get(name)
    if form and len(children) == form.count("{"):
        return form.format(*children)
    if name == "mfrac" and len(children) == 2:
        return "/".join(child if child.isalnum() else f"({child})" for child in children)
    inner = "".join(children)
    if name == "msqrt":
        return f"√({inner})"
    if name == "mfenced":
        return f"({', '.join(children)})"
    return f"{inner} " if name == "mtr" else inner
