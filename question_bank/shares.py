"""Minimum shares of a paper: whether they hold, and whether a pool can hold them while every stratum is filled.

If the strata can be filled at all, any questions that find room in them together can be completed to a full paper, none
of them given up (they are the independent sets of a transversal matroid). So a share can be held if and only if as
many questions with its tag as it needs find room together. Two shares are tried with each number of questions that
carry both tags: it leaves so many that must carry the one tag only, and a flow with these quotas says whether all of
them find room. All this is exact.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from question_bank.network import SINK, SOURCE, Network

Placed = dict[int, list[int]]
"""How many questions of each group stand in each stratum."""


@dataclass(frozen=True)
class Shares:
    """The minimum shares of one blueprint in one pool.

    tagged: by share, the places in the pool of the questions that carry its tag. needs: by share, how many a paper must
    hold.
    """

    tagged: tuple[frozenset[int], ...] = ()
    needs: tuple[int, ...] = ()

    def numbers(self, places: Iterable[int]) -> list[int]:
        """Return how many of the questions at *places* count towards each share."""
        drawn = list(places)
        return [sum(place in tagged for place in drawn) for tagged in self.tagged]

    def hold(self, places: Iterable[int]) -> bool:
        """Say whether a paper with the questions at *places* holds every share."""
        return all(number >= need for number, need in zip(self.numbers(places), self.needs, strict=True))


@dataclass(frozen=True)
class ShareProblem:
    """Strata that can be filled, and the shares that a paper of them is to hold.

    sizes: questions in each group, by signature: bit s is set if stratum s admits them, bit len(counts) + t if they
    count towards share t. counts: questions per stratum. needs: questions per share, at most two shares.
    """

    sizes: Mapping[int, int]
    counts: Sequence[int]
    needs: Sequence[int]

    def most(self, share: int) -> int:
        """Return how many questions that count towards *share* a full paper can hold at most, the other left aside."""
        return self._network({tags: sum(self.counts) for tags in self._kinds() if tags >> share & 1}).push()

    def most_beside_the_first(self) -> int:
        """Return how many a full paper that holds the first of two shares can hold at most of the second.

        The first must be possible by itself. Not looked for beyond what the second needs.
        """
        return self._best_split()[1]

    def arrangement(self) -> Placed | None:
        """Return a full paper that holds every share, as numbers by group and stratum; None if there is none."""
        if any(self.most(share) < need for share, need in enumerate(self.needs)):
            return None
        quotas = dict(enumerate([0, *self.needs]))
        if len(self.needs) == 2:
            both, most = self._best_split()
            if most < self.needs[1]:
                return None
            quotas = {0b11: both, 0b01: max(0, self.needs[0] - both), 0b10: max(0, self.needs[1] - both)}
        network = self._network(quotas)
        network.push()
        for tags in self._kinds():
            network.connect(SOURCE, ("tags", tags), sum(self.counts))
        network.push()
        return {
            group: [self._flow(network, group, stratum) for stratum in range(len(self.counts))] for group in self.sizes
        }

    def _kinds(self) -> list[int]:
        """Return the combinations of tags that occur, as bits by share."""
        return sorted({group >> len(self.counts) for group in self.sizes})

    def _best_split(self) -> tuple[int, int]:
        """Return a number of questions with both tags, and the most of the second share that goes with it."""
        best = (0, -1)
        for both in range(
            min(sum(self.counts), sum(n for group, n in self.sizes.items() if self._has_both(group))) + 1
        ):
            quotas = {0b11: both, 0b01: max(0, self.needs[0] - both)}
            network = self._network(quotas)
            if network.push() < sum(quotas.values()):
                continue
            network.connect(SOURCE, ("tags", 0b10), sum(self.counts))
            best = max(best, (both, both + network.push()), key=lambda split: split[1])
            if best[1] >= self.needs[1]:
                break
        return best

    def _has_both(self, group: int) -> bool:
        return group >> len(self.counts) == 0b11

    def _network(self, quotas: Mapping[int, int]) -> Network:
        """Return the network source -> combination of tags (at most its quota) -> group -> stratum -> sink."""
        network = Network()
        for tags, quota in quotas.items():
            network.connect(SOURCE, ("tags", tags), quota)
        for group, size in self.sizes.items():
            network.connect(("tags", group >> len(self.counts)), ("group", group), size)
            for stratum in range(len(self.counts)):
                if group >> stratum & 1:
                    network.connect(("group", group), ("stratum", stratum), size)
        for stratum, count in enumerate(self.counts):
            network.connect(("stratum", stratum), SINK, count)
        return network

    def _flow(self, network: Network, group: int, stratum: int) -> int:
        return network.flow(("group", group), ("stratum", stratum)) if group >> stratum & 1 else 0
