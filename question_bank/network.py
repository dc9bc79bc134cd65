"""Maximum flow in whole numbers, by shortest augmenting paths (Edmonds and Karp 1972).

The networks here have a node for each combination of strata and tags, not for each question. They stay so small that
thirty lines do; tests compare what rests on them with trying every possibility.
"""

from collections import deque
from collections.abc import Hashable

SOURCE = "source"
SINK = "sink"


class Network:
    """Capacities between nodes, and the flow from SOURCE to SINK that was pushed through them so far."""

    def __init__(self) -> None:
        """Start without nodes."""
        self._residual: dict[Hashable, dict[Hashable, int]] = {SOURCE: {}, SINK: {}}

    def connect(self, start: Hashable, end: Hashable, capacity: int) -> None:
        """Let *capacity* (0 or more) more units go from *start* to *end*, between which nothing goes the other way."""
        forward = self._residual.setdefault(start, {})
        forward[end] = forward.get(end, 0) + capacity
        self._residual.setdefault(end, {}).setdefault(start, 0)

    def push(self) -> int:
        """Push as much more from SOURCE to SINK as goes through; return how much.

        What an earlier push sent over a connection of SOURCE stays: only further on it may take another way.
        """
        pushed = 0
        while (path := self._path()) is not None:
            amount = min(self._residual[start][end] for start, end in path)
            for start, end in path:
                self._residual[start][end] -= amount
                self._residual[end][start] += amount
            pushed += amount
        return pushed

    def flow(self, start: Hashable, end: Hashable) -> int:
        """Return how much flows from *start* to *end*."""
        return self._residual[end][start]

    def _path(self) -> list[tuple[Hashable, Hashable]] | None:
        """Return the steps of a shortest path from SOURCE to SINK that has room left, last step first."""
        reached_from: dict[Hashable, Hashable] = {SOURCE: SOURCE}
        queue: deque[Hashable] = deque([SOURCE])
        while queue:
            start = queue.popleft()
            for end, room in self._residual[start].items():
                if room and end not in reached_from:
                    reached_from[end] = start
                    if end == SINK:
                        return _steps(reached_from)
                    queue.append(end)
        return None


def _steps(reached_from: dict[Hashable, Hashable]) -> list[tuple[Hashable, Hashable]]:
    steps: list[tuple[Hashable, Hashable]] = []
    end: Hashable = SINK
    while end != SOURCE:
        steps.append((reached_from[end], end))
        end = reached_from[end]
    return steps
