def split_points(points, weights):
    """Split whole points in proportion to weights, so that the parts add up.

    >>> split_points(20, [20])
    [20]
    >>> split_points(100, [1, 1, 1])
    [34, 33, 33]
    >>> split_points(67, [30, 15, 15])
    [33, 17, 17]
    >>> split_points(0, [])
    []
    """
    total = sum(weights)
    parts = [points * weight // total for weight in weights]
    by_remainder = sorted(
        range(len(weights)), key=lambda i: points * weights[i] % total, reverse=True)
    for i in by_remainder[:points - sum(parts)]:
        parts[i] += 1
    return parts
