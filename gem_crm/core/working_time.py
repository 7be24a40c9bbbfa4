"""Working time: arithmetic on the hours at which people work."""
from bisect import bisect_left, bisect_right
from datetime import timedelta
from itertools import accumulate


class WorkingTime:
    """Sums and finds working time among sorted intervals that do not overlap.

    >>> from datetime import datetime
    >>> monday = [(datetime(2026, 3, 2, 9), datetime(2026, 3, 2, 12)),
    ...           (datetime(2026, 3, 2, 13), datetime(2026, 3, 2, 18))]
    >>> tuesday = [(datetime(2026, 3, 3, 9), datetime(2026, 3, 3, 12))]
    >>> time = WorkingTime(monday + tuesday)

    What is not worked does not count:

    >>> time.between(datetime(2026, 3, 2, 8), datetime(2026, 3, 2, 14))
    4.0
    >>> time.between(datetime(2026, 3, 2, 17), datetime(2026, 3, 3, 10))
    2.0
    >>> time.between(datetime(2026, 3, 2, 12, 10), datetime(2026, 3, 2, 12, 50))
    0.0

    A deadline falls into working time, and at the end of a day rather than on the next morning:

    >>> time.after(datetime(2026, 3, 2, 17), 1)
    datetime.datetime(2026, 3, 2, 18, 0)
    >>> time.after(datetime(2026, 3, 2, 17), 1.5)
    datetime.datetime(2026, 3, 3, 9, 30)
    >>> time.after(datetime(2026, 3, 1, 20), 4)
    datetime.datetime(2026, 3, 2, 14, 0)

    The intervals may not reach so far:

    >>> time.after(datetime(2026, 3, 2, 17), 40) is None
    True
    """

    def __init__(self, intervals):
        """Take (start, end) pairs of datetimes."""
        self.starts = [start for start, _end in intervals]
        self.ends = [end for _start, end in intervals]
        # Working time before each interval, and after the last one.
        self.before = list(accumulate(
            (end - start for start, end in intervals), initial=timedelta()))

    def _until(self, moment):
        """Return the working time from the first interval to ``moment``."""
        index = bisect_right(self.starts, moment)
        if not index:
            return timedelta()
        return self.before[index - 1] + min(moment, self.ends[index - 1]) - self.starts[index - 1]

    def between(self, start, end):
        """Return the working hours from ``start`` to ``end``, as a float."""
        return (self._until(end) - self._until(start)) / timedelta(hours=1)

    def after(self, start, hours):
        """Return when ``hours`` of work are over from ``start`` on; None beyond the intervals."""
        target = self._until(start) + timedelta(hours=hours)
        if target > self.before[-1]:
            return None
        index = max(bisect_left(self.before, target) - 1, 0)
        if index >= len(self.starts):
            return None
        return self.starts[index] + (target - self.before[index])
