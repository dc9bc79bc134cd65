"""Exact filling of strata from groups of interchangeable questions: a bipartite b-matching by augmenting paths.

A question stands in one stratum at most, and a question may be admitted by several. Whether all strata can be filled
together is therefore a flow problem, not a comparison of counts. Questions with the same signature are one node, so
the network has as many nodes as there are combinations of strata, not as there are questions.
"""

from collections import deque
from collections.abc import Mapping, Sequence


class Filling:
    """How many questions of each group stand in each stratum; grows to the largest possible filling.

    sizes: questions in each group, by signature (bit s set: stratum s admits them). needs: questions per stratum.
    """

    def __init__(self, sizes: Mapping[int, int], needs: Sequence[int]) -> None:
        """Start with nothing placed."""
        self.spare = dict(sizes)
        self.missing = list(needs)
        self.placed: dict[int, list[int]] = {signature: [0] * len(needs) for signature in sizes}

    def fill(self) -> None:
        """Place as many questions as can be placed together (the maximum flow)."""
        for signature in self.placed:
            while self.spare[signature] and self.augment(signature):
                pass

    def augment(self, signature: int) -> bool:
        """Place one more question of the group *signature*, moving others on where needed; say whether it was possible.

        What is placed stays placed: a question moves to another stratum, it never goes back.
        """
        path = self._path(signature)
        if path is None:
            return False
        self.spare[signature] -= 1
        for group, taken_from, put_into in path:
            self.placed[group][put_into] += 1
            if taken_from is not None:
                self.placed[group][taken_from] -= 1
        self.missing[path[-1][2]] -= 1
        return True

    def _path(self, signature: int) -> list[tuple[int, int | None, int]] | None:
        """Return the shortest chain of moves (group, from stratum or None, into stratum) that ends in a gap."""
        reached_by: dict[int, tuple[int, int | None]] = {}
        queue: deque[tuple[int, int | None]] = deque([(signature, None)])
        while queue:
            group, origin = queue.popleft()
            for stratum in range(len(self.missing)):
                if group >> stratum & 1 and stratum not in reached_by:
                    reached_by[stratum] = (group, origin)
                    if self.missing[stratum]:
                        return _trace(reached_by, stratum)
                    queue.extend((other, stratum) for other, row in self.placed.items() if row[stratum])
        return None

    def competitors(self, stratum: int) -> tuple[int, ...]:
        """Return the strata that hold, directly or through others, questions which *stratum* still lacks; ascending.

        Together with *stratum* they admit fewer questions than they need: the proof (Hall's theorem) that not all
        can be filled. Only meaningful after fill().
        """
        reached = {stratum}
        queue = [stratum]
        while queue:
            current = queue.pop()
            for signature, row in self.placed.items():
                if signature >> current & 1:
                    fresh = {other for other, count in enumerate(row) if count} - reached
                    reached |= fresh
                    queue.extend(fresh)
        return tuple(sorted(reached - {stratum}))


def _trace(reached_by: Mapping[int, tuple[int, int | None]], stratum: int) -> list[tuple[int, int | None, int]]:
    path: list[tuple[int, int | None, int]] = []
    current: int | None = stratum
    while current is not None:
        group, origin = reached_by[current]
        path.append((group, origin, current))
        current = origin
    return path[::-1]
