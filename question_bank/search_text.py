"""What of a question can be searched for, and the pairs of characters an index finds it by.

Chinese has no spaces, so an index of words misses most of what people look for. Every single character and every pair
of neighbours is a token: a word of one or two characters is found by its one token, a longer one by all of its pairs
together, after which the text itself decides (two pairs may both occur, but apart).
"""

import unicodedata
from itertools import pairwise

SEPARATOR = "x"  # between two code points in a token; no hexadecimal digit


def folded(text: str) -> str:
    """Return *text* without width and case, blanks as single spaces: what is written differently but read alike."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(plain.replace("\0", "").split())


def search_text(code: str, stem: str) -> str:
    """Return what a question with this code and this stem (plain text) is searched in."""
    return f"{folded(code)}\n{folded(stem)}"


def search_words(asked: str) -> tuple[str, ...]:
    """Return the words that *asked* looks for, folded, each once; a question is found if it contains all of them."""
    return tuple(dict.fromkeys(folded(asked).split()))


def tokens(text: str) -> list[str]:
    """Return the tokens of the folded *text*, each once: its characters and its pairs of neighbours, without blanks.

    A token is written in hexadecimal code points ("5b89x5168" for 安全), so that no database's own idea of letters,
    case or quotation marks touches it.
    """
    found: dict[str, None] = {}
    for word in text.split():
        points = [f"{ord(character):x}" for character in word]
        found.update(dict.fromkeys(points))
        found.update((SEPARATOR.join(pair), None) for pair in pairwise(points))
    return list(found)


def tokens_of_word(word: str) -> list[str]:
    """Return the tokens that every text with the folded *word* in it has: the word's pairs, or its one character."""
    points = [f"{ord(character):x}" for character in word]
    pairs = [SEPARATOR.join(pair) for pair in pairwise(points)]
    return list(dict.fromkeys(pairs or points))
