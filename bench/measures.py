"""How good a ranking is."""


def auc(scores, outcomes):
    """Return the chance that who did has a higher score than who did not; ties count half.

    >>> auc([3, 2, 1], [True, False, False]), auc([1, 1], [True, False])
    (1.0, 0.5)
    """
    order = sorted(range(len(scores)), key=scores.__getitem__)
    ranks, start = [0.0] * len(scores), 0
    while start < len(order):
        end = start
        while end < len(order) and scores[order[end]] == scores[order[start]]:
            end += 1
        for index in order[start:end]:
            ranks[index] = (start + end + 1) / 2
        start = end
    positive = sum(outcomes)
    negative = len(outcomes) - positive
    if not positive or not negative:
        return float('nan')
    total = sum(rank for rank, outcome in zip(ranks, outcomes, strict=True) if outcome)
    return (total - positive * (positive + 1) / 2) / (positive * negative)


def quintiles(values):
    """Return floor(5 × (rank − 1) / n) + 1 of each value, where equals share the lowest rank.

    >>> quintiles([10, 20, 20, 30, 40])
    [1, 2, 2, 4, 5]
    """
    lowest = {}
    for rank, value in enumerate(sorted(values)):
        lowest.setdefault(value, rank)
    return [5 * lowest[value] // len(values) + 1 for value in values]


def abc(amounts, first=80, second=95):
    """Return A, B, C or None of each (id, amount): {id: class}."""
    ranked = sorted(((-amount, key) for key, amount in amounts.items() if amount > 0))
    total, running, result = sum(-amount for amount, _key in ranked), 0, {}
    for amount, key in ranked:
        result[key] = 'a' if running * 100 < first * total else (
            'b' if running * 100 < second * total else 'c')
        running -= amount
    return result
