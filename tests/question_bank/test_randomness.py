"""The stream that papers are drawn from: exactly as documented, and fair."""

import hashlib
import hmac
from collections import Counter
from itertools import islice, permutations

from hypothesis import given
from hypothesis import strategies as st

from question_bank.flow import Filling
from question_bank.randomness import Stream
from tests.question_bank.chi_square import equally, is_fair
from tests.question_bank.samples import SEED, quick


def words(label: bytes, blocks: int) -> list[int]:
    """Return the 32-bit words of the stream, written down a second time from its definition."""
    found = []
    for block in range(blocks):
        digest = hmac.new(SEED, label + block.to_bytes(8, "big"), hashlib.sha256).digest()
        found += [int.from_bytes(digest[start : start + 4], "big") for start in range(0, 32, 4)]
    return found


def test_the_stream_is_hmac_sha256_in_counter_mode() -> None:
    stream = Stream(SEED, b"label/")
    assert [stream.below(1 << 32) for _ in range(24)] == words(b"label/", 3)


def test_words_that_would_favour_small_numbers_are_thrown_away() -> None:
    # With this bound almost half of all words lie in the incomplete multiple.
    bound = (1 << 31) + 1
    stream = Stream(SEED, b"label/")
    kept = [word for word in words(b"label/", 8) if word < bound]
    assert [stream.below(bound) for _ in range(len(kept))] == kept


def test_a_large_number_is_made_of_words_from_the_top() -> None:
    bound = 3 << 38  # 40 bits: two words, of which the last 24 bits are not used
    first, second = words(b"label/", 1)[:2]
    number = (first << 32 | second) >> 24
    assert number < bound
    assert Stream(SEED, b"label/").below_any(bound) == number
    assert Stream(SEED, b"label/").below_any(1) == 0


@quick
@given(bound=st.integers(1, 1 << 200))
def test_a_large_number_stays_below_its_bound(bound: int) -> None:
    stream = Stream(SEED, b"label/")
    assert all(0 <= stream.below_any(bound) < bound for _ in range(20))


def test_large_numbers_fall_evenly() -> None:
    stream, bound = Stream(SEED, b"label/"), 5 << 61
    found = Counter(stream.below_any(bound) * 20 // bound for _ in range(10_000))
    assert is_fair(found, equally(list(range(20)), 10_000))


def test_streams_of_other_labels_and_seeds_differ() -> None:
    first = [
        Stream(SEED, b"a").below(1 << 32),
        Stream(SEED, b"b").below(1 << 32),
        Stream(bytes(32), b"a").below(1 << 32),
    ]
    assert len(set(first)) == 3


@quick
@given(size=st.integers(0, 40), taken=st.integers(0, 40))
def test_a_random_order_holds_every_item_once(size: int, taken: int) -> None:
    order = list(islice(Stream(SEED, b"label/").in_random_order(range(size)), taken))
    assert len(set(order)) == len(order) == min(size, taken)
    assert set(order) <= set(range(size))


def test_every_order_and_every_shuffle_is_equally_likely() -> None:
    stream = Stream(SEED, b"label/")
    drawn: Counter[tuple[int, ...]] = Counter()
    shuffled: Counter[tuple[int, ...]] = Counter()
    for _ in range(2400):
        drawn[tuple(stream.in_random_order(range(4)))] += 1
        items = list(range(4))
        stream.shuffle(items)
        shuffled[tuple(items)] += 1
    for counts in (drawn, shuffled):
        assert set(counts) == set(permutations(range(4)))
        assert is_fair(counts, equally(list(permutations(range(4))), 2400))


def test_a_placed_question_moves_but_never_goes_back() -> None:
    # Group 0b11 takes the only gap of stratum 0; group 0b01 can only go there, so the first has to move on.
    filling = Filling({0b11: 1, 0b01: 1}, [1, 1])
    assert filling.augment(0b11)
    assert filling.placed[0b11] == [1, 0]
    assert filling.augment(0b01)
    assert (filling.placed[0b11], filling.placed[0b01], filling.missing) == ([0, 1], [1, 0], [0, 0])
