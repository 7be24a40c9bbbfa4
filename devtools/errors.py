"""The one exception that a user of ./dev is meant to see."""
import re


class Problem(Exception):
    """A failure the user can mend: one sentence, and what to do about it."""

    def __init__(self, sentence, what_to_do):
        super().__init__(sentence)
        self.sentence = sentence
        self.what_to_do = what_to_do


DISK_FULL = Problem(
    "The disk is full.",
    "Free about 5 GB, then run the same command again: it goes on where it stopped.",
)
NO_NETWORK = Problem(
    "The network, or a server on it, does not answer.",
    "Check the connection (and the proxy, if there is one), then run the same command again: "
    "what is already here is not fetched twice.",
)
KNOWN_CAUSES = [
    (r"No space left on device|Disk quota exceeded", DISK_FULL),
    (
        r"Temporary failure (in name resolution|resolving)|Could not resolve|Could not connect"
        r"|Connection (failed|refused|timed out)|Network is unreachable"
        r"|Failed to establish a new connection|dns error|error sending request",
        NO_NETWORK,
    ),
]


def known_cause(output):
    """Return the Problem that a program's output speaks of, or None."""
    for pattern, problem in KNOWN_CAUSES:
        if re.search(pattern, output, re.IGNORECASE):
            return problem
    return None
