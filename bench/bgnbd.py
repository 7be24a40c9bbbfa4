"""BG/NBD, the reference that the product's own score is compared with, in plain Python.

Fader, Hardie & Lee, "Counting Your Customers" the Easy Way, Marketing Science 24 (2005).
Fitted by maximum likelihood with the method of Nelder and Mead.
"""
import math
from collections import Counter


def log_likelihood(parameters, groups):
    """Return the log-likelihood of (repeat purchases, week of the last, weeks) and counts."""
    r, alpha, a, b = (math.exp(value) for value in parameters)
    total = 0
    for (x, last, weeks), count in groups.items():
        terms = [-(r + x) * math.log(alpha + weeks)]
        if x:
            terms.append(
                math.log(a) - math.log(b + x - 1) - (r + x) * math.log(alpha + last))
        top = max(terms)
        total += count * (
            math.lgamma(r + x) - math.lgamma(r) + r * math.log(alpha)
            + math.lgamma(a + b) + math.lgamma(b + x) - math.lgamma(b) - math.lgamma(a + b + x)
            + top + math.log(sum(math.exp(term - top) for term in terms))
        )
    return total


def fit(customers, rounds=400):
    """Return the logarithms of r, alpha, a and b that make the customers likeliest.

    :param customers: triples (repeat purchases, weeks from the first purchase to the last, weeks
        from the first purchase to now)
    """
    groups = Counter((x, round(last, 1), round(weeks, 1)) for x, last, weeks in customers)

    def cost(point):
        # the maximum may lie at infinity: look no further than anybody needs
        if any(abs(value) > 12 for value in point):
            return math.inf
        return -log_likelihood(point, groups)

    return nelder_mead(cost, [0.0, 1.0, 0.0, 1.0], rounds)


def nelder_mead(cost, start, rounds):
    size = len(start)
    points = [list(start)] + [
        [value + (0.5 if index == number else 0) for index, value in enumerate(start)]
        for number in range(size)
    ]
    ranked = sorted((cost(point), point) for point in points)
    for _round in range(rounds):
        worst = ranked[-1]
        centre = [sum(point[i] for _cost, point in ranked[:-1]) / size for i in range(size)]

        def along(factor, centre=centre, worst=worst):
            point = [c + factor * (c - w) for c, w in zip(centre, worst[1], strict=True)]
            return cost(point), point

        reflected = along(1)
        if reflected[0] < ranked[0][0]:
            expanded = along(2)
            ranked[-1] = min(reflected, expanded)
        elif reflected[0] < ranked[-2][0]:
            ranked[-1] = reflected
        else:
            contracted = along(0.5) if reflected[0] < worst[0] else along(-0.5)
            if contracted[0] < min(reflected[0], worst[0]):
                ranked[-1] = contracted
            else:
                best = ranked[0][1]
                shrunk = [[(p + b) / 2 for p, b in zip(point, best, strict=True)]
                          for _cost, point in ranked[1:]]
                ranked[1:] = [(cost(point), point) for point in shrunk]
        ranked.sort()
        if ranked[-1][0] - ranked[0][0] < 1e-7:
            break
    return ranked[0][1]


def chance_alive(parameters, x, last, weeks):
    """Return the chance that a customer has not left."""
    r, alpha, a, b = (math.exp(value) for value in parameters)
    return 1 / (1 + (a / (b + x - 1) * ((alpha + weeks) / (alpha + last)) ** (r + x)
                     if x else 0))


def chance(parameters, x, last, weeks, horizon):
    """Return the chance that a customer buys within so many weeks.

    Who has not left buys at a rate of gamma distribution (r + x, alpha + weeks).
    """
    r, alpha, _a, _b = (math.exp(value) for value in parameters)
    nothing = ((alpha + weeks) / (alpha + weeks + horizon)) ** (r + x)
    return chance_alive(parameters, x, last, weeks) * (1 - nothing)


def expected(parameters, x, last, weeks, horizon):
    """Return the purchases expected of a customer within so many weeks."""
    r, alpha, a, b = (math.exp(value) for value in parameters)
    alive = chance_alive(parameters, x, last, weeks)
    z = horizon / (alpha + weeks + horizon)
    try:
        series = hypergeometric(r + x, b + x, a + b + x - 1, z)
        value = (a + b + x - 1) / (a - 1) * (
            1 - ((alpha + weeks) / (alpha + weeks + horizon)) ** (r + x) * series) * alive
    except (OverflowError, ZeroDivisionError):
        value = math.nan
    if math.isfinite(value) and value >= 0:
        return value
    # the expectation overflows where the maximum runs to the boundary: its rate then
    return alive * (r + x) / (alpha + weeks) * horizon


def hypergeometric(a, b, c, z):
    term = total = 1.0
    for n in range(10_000):
        term *= (a + n) * (b + n) / ((c + n) * (n + 1)) * z
        total += term
        if abs(term) < 1e-10 * abs(total):
            break
    return total
