"""Who buys what and when in the demo data: plain data, told relative to today.

A wholesaler of books and stationery invoices the customers of
``res_partner_demo.xml`` during two years. Quantities and dates vary, but a given
day always tells the same story.
"""
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

YEARS = 2

# Months of the year in which a product is bought, where not all of them.
SEASONS = {
    'calendar': (10, 11, 12),
    'diary': (11, 12, 1),
    'exercise': (7, 8, 9),
    'postcard': (5, 6, 7, 8, 9),
}

class Invoice(NamedTuple):
    """One purchase of one customer."""
    customer: str  # end of the customer's XML id
    date: date
    lines: dict  # quantity by product
    discount: float  # percentage on each line
    returned: dict  # quantity by product, credited a week later
    paid_after: int  # days from the due date to the payment
    paid_share: float  # 1 when all of it is paid, 0 when nothing ever is
    is_draft: bool


class Customer(NamedTuple):
    """How one customer buys and pays."""
    rhythm: Callable  # the days on which they buy
    basket: dict  # by product, the usual quantity and the chance that it is bought that day
    growth: float = 1  # size of the last baskets against the first ones
    discount: float = 0  # percentage on each line
    returns: float = 0  # chance that a part of an invoice comes back
    pays: tuple = (-4, 0)  # earliest and latest payment, in days from the due date
    last_shares: tuple = ()  # what is ever paid of their last invoices, 1 for all
    has_draft: bool = False  # their last invoice is not posted yet


def every(interval, since=YEARS * 365 - 10, until=0, last_interval=None):
    """Return a rhythm: each ``interval`` days from ``since`` to ``until`` days ago.

    With ``last_interval`` the rhythm changes steadily from the one to the other.
    """
    last_interval = last_interval or interval

    def days(today, random):
        ago = since - random.uniform(0, interval / 2)
        while ago >= until:
            yield today - timedelta(days=round(ago))
            passed = (since - ago) / (since - until)
            ago -= (interval + (last_interval - interval) * passed) * random.uniform(0.85, 1.15)
    return days


def days_ago(*days):
    """Return a rhythm: exactly so many days ago."""
    return lambda today, random: (today - timedelta(days=day) for day in days)


def in_months(**days_by_month):
    """Return a rhythm: the given days of the given months (``aug=(3, 17)``) of each year."""
    months = ('jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec')

    def days(today, random):
        return sorted(
            date(year, months.index(month) + 1, day)
            for year in range(today.year - YEARS, today.year + 1)
            for month, month_days in days_by_month.items()
            for day in month_days
        )
    return days


CUSTOMERS = {
    # Regular: once a month, on time.
    'erables': Customer(every(30, until=6), {
        'lighthouse': (20, 0.9), 'snow': (15, 0.8), 'crime': (25, 0.7), 'fox': (12, 0.6),
        'calendar': (40, 0.9), 'diary': (30, 0.8), 'notebook': (5, 0.3),
    }),
    # Seasonal: before and after the start of the school year.
    'quatrevents': Customer(in_months(aug=(4, 12, 21, 28), sep=(3, 11, 24)), {
        'exercise': (30, 0.9), 'pencil': (12, 0.7), 'pen': (10, 0.6), 'atlas': (15, 0.5),
        'fox': (20, 0.4), 'delivery': (1, 0.5),
    }),
    # A public purse: buys steadily, pays weeks late.
    'saintaubin': Customer(every(21, until=4), {
        'lighthouse': (6, 0.6), 'snow': (8, 0.7), 'crime': (10, 0.8), 'fox': (10, 0.7),
        'atlas': (6, 0.6), 'paper': (4, 0.3),
    }, pays=(22, 48)),
    # Growing: more often, and more each time.
    'quai': Customer(every(45, since=640, until=3, last_interval=12), {
        'postcard': (15, 0.9), 'notebook': (3, 0.5), 'paper': (2, 0.6), 'crime': (5, 0.5),
        'calendar': (8, 0.5),
    }, growth=2.5),
    # Much comes back.
    'maree': Customer(every(27, until=9), {
        'postcard': (40, 0.9), 'lighthouse': (20, 0.9), 'atlas': (8, 0.5), 'fox': (10, 0.6),
        'calendar': (25, 0.8),
    }, returns=0.45),
    # Slipping away, and with the discount on paper hardly worth keeping.
    'bellerive': Customer(every(28, until=84, last_interval=44), {
        'paper': (12, 1), 'pen': (6, 0.6), 'notebook': (4, 0.4),
    }, growth=0.5, discount=12, pays=(-2, 9), last_shares=(0.5,)),
    # Lost nine months ago, leaving two invoices behind.
    'vieuxpont': Customer(every(24, until=270), {
        'notebook': (12, 0.9), 'pen': (15, 0.9), 'pencil': (6, 0.6), 'exercise': (20, 0.9),
        'diary': (20, 0.8), 'paper': (5, 0.5),
    }, pays=(0, 12), last_shares=(0, 0)),
    # The largest: sells on line, orders each week or so.
    'plume': Customer(every(10, until=2), {
        'lighthouse': (30, 0.7), 'snow': (30, 0.8), 'crime': (45, 0.8), 'fox': (25, 0.6),
        'atlas': (10, 0.4), 'calendar': (60, 0.6), 'diary': (50, 0.6), 'delivery': (1, 1),
    }, growth=1.3, discount=5, returns=0.04),
    # Once.
    'lafleur': Customer(days_ago(150), {'paper': (6, 1), 'pen': (2, 1), 'diary': (4, 1)}),
    # New: three invoices, and one being written.
    'nomade': Customer(days_ago(36, 22, 7, 0), {
        'fox': (15, 1), 'atlas': (6, 1), 'crime': (10, 0.6),
    }, has_draft=True),
    # Twice a year, with the terms.
    'rive': Customer(in_months(jan=(6, 14), may=(5,), aug=(19, 26), sep=(8,)), {
        'snow': (60, 0.8), 'lighthouse': (60, 0.6), 'notebook': (20, 0.8), 'exercise': (15, 0.6),
        'pen': (12, 0.8),
    }, pays=(-10, 6)),
    # Seldom, abroad, and early with the money.
    'lac': Customer(every(92, until=50), {
        'lighthouse': (25, 1), 'snow': (20, 0.8), 'fox': (10, 0.6), 'delivery': (3, 1),
        'diary': (15, 1),
    }, pays=(-25, -15)),
    # A private person who buys here and elsewhere.
    'brossard': Customer(days_ago(702, 655, 430, 415, 222, 61), {
        'pencil': (1, 0.7), 'notebook': (1, 0.8), 'paper': (1, 0.5), 'diary': (1, 0.5),
    }, pays=(0, 2)),
}

# What customers contest: which of their last unpaid invoices, how much of it, why, for how long.
DISPUTES = [
    ('saintaubin', 1, 0.4, 'quantity', 20),
    ('maree', 1, 0.3, 'damaged', 0),
    ('vieuxpont', 1, 1, 'price', 0),
]
# What they promised: which of their last unpaid invoices, how much of it, in how many days from
# now, and how much of that came in on the day.
PROMISES = [
    ('saintaubin', 2, 1, 6, 0),
    ('vieuxpont', 2, 0.5, -5, 0),
    ('bellerive', 1, 0.5, -8, 0.4),
    ('erables', 1, 0.5, -6, 1),
    ('plume', 1, 0.3, 9, 0),
]

# What they claim in their complaints: of which product, as many of how many, what was decided,
# and how far its credit note is.
CLAIMS = [
    ('maree', 'calendar', 60, 'some', 'none'),
    ('saintaubin', 'atlas', 20, 'open', 'none'),
    ('quatrevents', 'exercise', 4, 'all', 'drafted'),
    ('bellerive_1', 'paper', 5, 'all', 'posted'),
]
# What the complaints cost besides: the kind, days ago, what, hours, amount.
COSTS = [
    ('maree', 'freight', 2, "Courier with the new calendars", 0, 48),
    ('maree', 'hours', 2, "Packing again", 1.5, 0),
    ('bellerive_1', 'freight', 143, "Reams taken back", 0, 22.5),
    ('festival', 'freight', 58, "Second delivery by night", 0, 65),
    ('rive', 'replacement', 3, "Twelve new boxes", 0, 118),
]
HOUR_RATE = 42


def invoices(today):
    """Return the invoices of all customers, the oldest first."""
    return sorted(
        (invoice for key in CUSTOMERS for invoice in _invoices_of(key, today)),
        key=lambda invoice: invoice.date,
    )


def _invoices_of(key, today):
    customer = CUSTOMERS[key]
    random = Random(key)
    start = today - timedelta(days=YEARS * 365)
    days = [_working_day(day) for day in customer.rhythm(today, random)]
    days = [day for day in days if start <= day <= today]
    shares = [1] * (len(days) - len(customer.last_shares)) + list(customer.last_shares)
    for position, day in enumerate(days):
        growth = 1 + (customer.growth - 1) * position / len(days)
        lines = {
            product: max(1, round(quantity * growth * random.uniform(0.75, 1.25)))
            for product, (quantity, chance) in customer.basket.items()
            if random.random() < chance and day.month in SEASONS.get(product, (day.month,))
        }
        lines = lines or {next(iter(customer.basket)): 1}
        returned = {}
        if random.random() < customer.returns and day <= today - timedelta(days=7):
            product = random.choice(list(lines))
            returned = {product: -(-lines[product] // 3)}
        yield Invoice(
            key, day, lines, customer.discount, returned,
            paid_after=random.randint(*customer.pays),
            paid_share=shares[position],
            is_draft=customer.has_draft and day is days[-1],
        )


def _working_day(day):
    return day - timedelta(days=max(0, day.weekday() - 4))
