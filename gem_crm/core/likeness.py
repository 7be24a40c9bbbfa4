"""How alike two products are, by what is written about them.

>>> price_likeness(10, 10), price_likeness(10, 20), price_likeness(0, 5)
(1.0, 0.5, 0.0)
>>> sorted(words("Set of 3 RED tea-cups (large)"))
['cups', 'large', 'red', 'set', 'tea']
>>> rare = rarity([{'red', 'cup'}, {'blue', 'cup'}, {'red', 'plate'}, {'green', 'bowl'}])
>>> round(word_likeness({'red', 'cup'}, {'blue', 'cup'}, rare), 2)
0.4
>>> word_likeness({'red'}, {'bowl'}, rare)
0.0
"""
import math
import re
from collections import Counter

_WORD = re.compile(r"[^\W\d_]{3,}")


def words(text):
    """Return the words of three letters or more, in lower case."""
    return set(_WORD.findall((text or '').lower()))


def rarity(texts):
    """Return the weight of each word: the fewer texts have it, the more it says.

    :param texts: sets of words
    """
    counts = Counter(word for text in texts for word in text)
    return {word: math.log(1 + len(texts) / count) for word, count in counts.items()}


def word_likeness(mine, theirs, rare):
    """Return the cosine of two sets of words, weighted by their rarity: 0 to 1."""
    both = sum(rare.get(word, 0) ** 2 for word in mine & theirs)
    if not both:
        return 0.0
    norms = [math.sqrt(sum(rare.get(word, 0) ** 2 for word in text)) for text in (mine, theirs)]
    return both / (norms[0] * norms[1])


def price_likeness(mine, theirs):
    """Return 1 for equal prices, 0.5 where one is twice the other, 0 if one is not known."""
    if mine <= 0 or theirs <= 0:
        return 0.0
    return 1 / (1 + abs(math.log2(mine / theirs)))
