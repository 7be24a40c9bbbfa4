"""Ask a server for the list of customers sorted by a figure, and by name, in turns."""
from itertools import product

from .browser import Browser
from .databases import LOGS
from .paired import Subject
from .populate import PASSWORD
from .server import Server

# Who asks, and for all customers or for those in their charge, as the page opens.
READERS = [
    ('bench_admin', "manager: all", True),
    ('bench_sales_1', "salesperson: own", False),
    ('bench_sales_1', "salesperson: all", True),
]
ALL = ['&', '&', '|', ['is_company', '=', True], ['parent_id', '=', False],
       ['partner_share', '=', True], ['ref_company_ids', '=', False]]
ACTION = '/odoo/action-gem_crm.res_partner_action_customer?view_type=list'
ROWS = 80
BY_NAME = 'complete_name {way}'
# As after a click on another heading before: the client keeps what was sorted by.
SECOND = 'gem_margin_12m {way}, gem_revenue_12m desc'
WARM_UP = 2
# The limit.
SORTED = 1.2


def sorted_lists(database, figures, port, pairs):
    """Print how long the first page takes by each figure for that by name.

    :param figures: the fields of the figures
    :return: the limits that are broken
    """
    orders = [f'{figure} {{way}}' for figure in figures] + [SECOND]
    with Server(database, port, LOGS / 'bench-server-knowledge.log') as server, \
            Browser() as browser:
        subjects = []
        for login, user, is_all in READERS:
            session = server.login(login, PASSWORD)
            [read] = [
                request for request in browser.record(
                    session, server.url + ACTION, '.o_data_row')
                if request.path.endswith('/res.partner/web_search_read')
            ]
            if is_all:
                read = read.changed(domain=ALL)
            for order, way in product(orders, ('asc', 'desc')):
                compared = (BY_NAME.format(way=way), order.format(way=way))
                subjects.append(Subject(
                    f"{user}: {compared[1]}",
                    tuple([read.changed(limit=ROWS, order=order)] for order in compared),
                    (session, session), limit=SORTED))
        rows = {len(subject.ask((server, server), 0, keep=False)[1]['records'])
                for subject in subjects}
        if rows != {ROWS}:
            raise RuntimeError(f"Pages of {rows} customers")
        for number in range(WARM_UP + pairs):
            for subject in subjects:
                subject.ask((server, server), number, keep=number >= WARM_UP)
    print("\n| first page of customers by | by name, ms | by the figure, ms | ratio | ratio, CPU "
          "| SQL |\n| --- | --- | --- | --- | --- | --- |")
    broken = []
    for subject in subjects:
        ratio, low, high = subject.ratio('wall')
        print(f"| {subject.name} | {subject.median(0, 'wall'):.0f} "
              f"| {subject.median(1, 'wall'):.0f} | {ratio:.2f} ({low:.2f}–{high:.2f}) "
              f"| {subject.ratio('cpu')[0]:.2f} "
              f"| {subject.median(0, 'queries'):.0f} → {subject.median(1, 'queries'):.0f} |")
        if ratio > SORTED:
            broken.append(f"sorted by {subject.name}, {ratio:.2f} times as slow as by name")
    return broken

