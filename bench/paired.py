"""Measure the same requests on two servers in turns, and compare."""
import random
import statistics
from dataclasses import dataclass, field

RESAMPLES = 2000
CONFIDENCE = 0.95


@dataclass
class Subject:
    """A question asked of both servers, and what the answers cost.

    ``questions[i]`` holds what to send to server ``i``, in as many variants as wanted.
    """

    name: str
    questions: tuple[list, list]
    sessions: tuple
    limit: float | None = None  # the ratio that must not be passed
    costs: tuple[list, list] = field(default_factory=lambda: ([], []))

    def ask(self, servers, number, keep=True):
        """Ask both servers variant ``number``; who is first alternates: A B, B A."""
        results = [None, None]
        for side in (0, 1) if number % 2 == 0 else (1, 0):
            variants = self.questions[side]
            results[side], cost = servers[side].send(
                self.sessions[side], variants[number // 2 % len(variants)],
            )
            if keep:
                self.costs[side].append(cost)
        return results

    def median(self, side, what):
        """Return the median of one server's costs."""
        return statistics.median(getattr(cost, what) for cost in self.costs[side])

    def quartiles(self, side, what):
        """Return the first and the third quartile of one server's costs."""
        first, _median, third = statistics.quantiles(
            (getattr(cost, what) for cost in self.costs[side]), n=4, method='inclusive',
        )
        return first, third

    def ratios(self, what):
        """Return what the second server's answers cost for one of the first's, pair by pair."""
        return [
            getattr(second, what) / getattr(first, what)
            for first, second in zip(*self.costs, strict=True)
        ]

    def ratio(self, what):
        """Return the median of the paired ratios, and its bootstrap confidence interval."""
        ratios = self.ratios(what)
        # The same figures must give the same interval.
        chance = random.Random(0)
        medians = sorted(
            statistics.median(chance.choices(ratios, k=len(ratios))) for _ in range(RESAMPLES)
        )
        tail = round(RESAMPLES * (1 - CONFIDENCE) / 2)
        return statistics.median(ratios), medians[tail], medians[-1 - tail]

    def undecided(self):
        """Return whether chance may still explain on which side of the limit the ratio is."""
        if self.limit is None:
            return False
        _ratio, low, high = self.ratio('wall')
        return low <= self.limit <= high

    def extra_queries(self):
        """Return the most SQL queries that the second server made more than the first."""
        return max(
            second.queries - first.queries for first, second in zip(*self.costs, strict=True)
        )
