"""Judge the figures of gem_crm on public transaction logs.

    ./dev bench truth --data DIR

DIR holds `cdnow_sample.csv` (Fader & Hardie) and `online_retail.csv.gz` (UCI). They are loaded as
posted invoices into databases of their own; the product computes its figures as it always does,
as of the day that a question is asked from; they are compared with figures computed here from
the files. Prints the tables of bench/README.md, and exits with 1 when a bar is missed.
"""
import argparse
import csv
import gzip
import os
import statistics
import time
from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path
from unittest.mock import patch

from odoo.service.db import exp_db_exist
from odoo.tools import SQL, config

from . import bgnbd
from .bulk import environment
from .databases import LOGS, copy, odoo
from .invoices import post, prepare_company
from .measures import abc, auc, quintiles

# (name, last day of the calibration, days that follow)
SPLITS = {
    'cdnow': [("CDNOW, 39/39 weeks", date(1997, 9, 30), 273)],
    'retail': [("Online Retail, 27/26 weeks", date(2011, 6, 9), 183)],
}
ENDS = {'cdnow': date(1998, 7, 1), 'retail': date(2011, 12, 10)}
FINDER_DAYS = [date(2011, 3, 1), date(2011, 5, 1), date(2011, 7, 1), date(2011, 9, 1)]
# New products that at least so many customers bought, as the figures that are known were measured.
NEW_WITHIN, SOLD_WITHIN, BUYERS = 30, 90, 20
# The bars.
AUC_BELOW = 0.005
BRIER_ABOVE = 0.002
RECALL = 0.205
FINDER_AUC = 0.77
FINDER_PRECISION = 0.25


def main():
    arguments = parse()
    config.parse_config(['--max-cron-threads=0'], setup_logging=False)
    LOGS.mkdir(parents=True, exist_ok=True)
    broken = []
    for name, read in (('cdnow', read_cdnow), ('retail', read_retail)):
        lines = list(read(arguments.data))
        database = f'{arguments.prefix}truth_{name}'
        if not (arguments.keep and exp_db_exist(database)):
            fill(database, lines, arguments.template)
        with environment(database) as env:
            broken += Judge(env, name, lines).judge()
            env.cr.rollback()
    print("\n" + "\n".join(broken or ["No bar is missed."]))
    return 1 if broken else 0


def parse():
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0], epilog="See bench/README.md.")
    parser.add_argument('--data', type=Path, required=True, help="the folder of the logs")
    parser.add_argument('--keep', action='store_true', help="judge the databases as they are")
    parser.add_argument('--template', default=os.environ.get('GEM_DEV_DEPENDENCIES'),
                        help="a database with the modules that gem_crm needs, to copy")
    parser.add_argument('--prefix', default='bench_', help="what the databases' names begin with")
    return parser.parse_args()


# ------------------------------------------------------------
# The logs
# ------------------------------------------------------------

def read_cdnow(folder):
    """Yield the lines: (invoice, is credit note, customer, day, product, name, quantity, price)."""
    with (folder / 'cdnow_sample.csv').open() as file:
        for number, row in enumerate(csv.DictReader(file)):
            yield (f"C{number}", False, row['customer'], date.fromisoformat(row['date']),
                   'CD', "Compact disc", 1, float(row['amount']))


def read_retail(folder):
    with gzip.open(folder / 'online_retail.csv.gz', 'rt') as file:
        for row in csv.DictReader(file):
            quantity, price = float(row['Quantity']), float(row['UnitPrice'])
            is_refund = row['InvoiceNo'].startswith('C')
            if row['CustomerID'] and price > 0 and (quantity < 0) == is_refund:
                yield (row['InvoiceNo'], is_refund, row['CustomerID'].partition('.')[0],
                       date.fromisoformat(row['InvoiceDate'][:10]), row['StockCode'],
                       row['Description'], abs(quantity), price)


def fill(database, lines, template):
    """Make a database with gem_crm that holds the log as posted invoices."""
    print(f"Filling {database}", flush=True)
    start = time.monotonic()
    if template:
        copy(template, database)
    odoo(database, 'truth-install', '--init', 'gem_crm')
    with environment(database) as env:
        prepare_company(env)
        customers, names, prices = {}, {}, defaultdict(list)
        for _invoice, _refund, customer, _day, code, name, _quantity, price in lines:
            customers[customer] = None
            names[code] = name or code
            prices[code].append(price)
        partners = env['res.partner'].with_context(tracking_disable=True).create([
            {'name': f"Customer {customer}", 'ref': customer, 'is_company': True}
            for customer in customers])
        customers = dict(zip(customers, partners.ids, strict=True))
        products = env['product.product'].create([
            {
                'name': name.strip(), 'default_code': code,
                'list_price': statistics.median(prices[code]),
                # postage, charges and the like have no number
                'type': 'consu' if code[:5].isdigit() or code == 'CD' else 'service',
            }
            for code, name in names.items()])
        codes = dict(zip(names, products.ids, strict=True))
        env.cr.execute("""
            CREATE TEMPORARY TABLE bench_line (invoice text, is_refund boolean, partner int,
                day date, product int, quantity numeric, price numeric)
        """)
        rows = [
            (invoice, refund, customers[customer], day, codes[code], quantity, price)
            for invoice, refund, customer, day, code, _name, quantity, price in lines
        ]
        for start_row in range(0, len(rows), 5000):
            env.cr.execute(SQL("INSERT INTO bench_line VALUES %s", SQL(", ").join(
                SQL("%s", row) for row in rows[start_row:start_row + 5000])))
        count = post(env)
    print(f"{count} invoices, {len(rows)} lines in {time.monotonic() - start:.0f} s", flush=True)


# ------------------------------------------------------------
# The judgement
# ------------------------------------------------------------

class Judge:
    """Compares what the product says about a log with what the log says."""

    def __init__(self, env, name, lines):
        self.env, self.name, self.lines = env, name, lines
        self.company = env.company
        self.Profile = env['gem.crm.profile']
        self.customers = {
            row['id']: row['ref']
            for row in env['res.partner'].search_read([('ref', '!=', False)], ['ref'])
        }
        self.purchases, self.revenue = self._read_purchases()
        self.broken = []
        env.cr.execute("DELETE FROM gem_crm_product_likeness")

    def _read_purchases(self):
        """Return the purchase days and the net revenue of each customer, from the file."""
        totals = defaultdict(float)
        for invoice, refund, customer, day, _code, _name, quantity, price in self.lines:
            totals[invoice, refund, customer, day] += round(quantity * price + 1e-9, 2)
        days, revenue = defaultdict(set), defaultdict(float)
        for (_invoice, refund, customer, day), total in totals.items():
            revenue[customer] += -total if refund else total
            if not refund and total > 0:
                days[customer].add(day)
        return {c: sorted(d) for c, d in days.items()}, revenue

    def judge(self):
        print(f"\n## {self.name}: {len(self.purchases)} customers, {len(self.lines)} lines")
        self.figures()
        for split in SPLITS[self.name]:
            self.attrition(*split)
        if self.name == 'retail':
            self.habits()
            self.finder()
        return self.broken

    def bar(self, holds, sentence):
        if not holds:
            self.broken.append(f"{self.name}: {sentence}")

    def as_of(self, day):
        """Compute all figures as they were on a day; return the profiles."""
        with (
            patch.object(type(self.Profile), '_today', lambda profile: day),
            # learned from what is sold later, it would know what is asked for
            patch.object(type(self.env['gem.crm.product.likeness']), '_learn', lambda *_args: None),
        ):
            self.Profile._refresh(list(self.customers), self.company)
            self.Profile._rank(self.company)
            self.Profile._refresh(list(self.customers), self.company)
        return self.Profile.search([('company_id', '=', self.company.id),
                                    ('partner_id', 'in', list(self.customers))])

    def figures(self):
        """Recency, frequency, money, their scores and the ABC classes: all must be equal."""
        self.company.gem_abc_months = 240
        profiles = self.as_of(ENDS[self.name])
        self.company.gem_abc_months = 12
        rows = {
            self.customers[row['partner_id'][0]]: row for row in profiles.read([
                'partner_id', 'date_last', 'purchase_count', 'revenue', 'rfm_recency',
                'rfm_frequency', 'rfm_monetary', 'rfm', 'abc'])
            if row['purchase_count']
        }
        ids = {reference: partner for partner, reference in self.customers.items()}
        known = sorted(self.purchases)
        expected = {
            'date_last': [self.purchases[c][-1] for c in known],
            'purchase_count': [len(self.purchases[c]) for c in known],
            'revenue': [round(self.revenue[c], 2) for c in known],
        }
        for score, values in (
            ('rfm_recency', expected['date_last']),
            ('rfm_frequency', expected['purchase_count']),
            ('rfm_monetary', expected['revenue']),
        ):
            expected[score] = quintiles(values)
        classes = abc({ids[c]: round(self.revenue[c], 2) for c in self.revenue})
        expected['abc'] = [classes.get(ids[c], False) for c in known]
        print("\n| figure | customers equal | of |\n| --- | --- | --- |")
        self.bar(set(rows) == set(known), "not the same customers")
        for figure, values in expected.items():
            equal = sum(
                abs(rows[c][figure] - value) < 0.005 if figure == 'revenue'
                else rows[c][figure] == value
                for c, value in zip(known, values, strict=True) if c in rows)
            print(f"| {figure} | {equal} | {len(known)} |")
            self.bar(equal == len(known), f"{figure} of {len(known) - equal} customers")
        scores = Counter(row['rfm'] for row in rows.values())
        print(f"\n555: {scores['555']} customers, 111: {scores['111']}; ABC of those who bought:",
              dict(Counter(row['abc'] for row in rows.values())))
        # The counts that are published for Online Retail take each invoice for a purchase.
        numbers = Counter(
            customer for customer, _invoice in {
                (customer, invoice) for invoice, refund, customer, *_rest in self.lines
                if not refund})
        published = Counter(zip(
            expected['rfm_recency'], quintiles([numbers[c] for c in known]),
            expected['rfm_monetary'], strict=True))
        print(f"Each invoice a purchase, instead of each day: 555: {published[5, 5, 5]}, "
              f"111: {published[1, 1, 1]}")

    def attrition(self, title, day, horizon):
        """Who buys again: the product's activity against BG/NBD on the same days."""
        start = time.monotonic()
        profiles = self.as_of(day)
        took = time.monotonic() - start
        figures = {
            self.customers[row['partner_id'][0]]: row
            for row in profiles.read(['partner_id', 'activity', 'chance', 'purchase_count'])
        }
        known = [c for c, days in sorted(self.purchases.items()) if days[0] <= day]
        outcomes = [any(day < d <= day + timedelta(days=horizon) for d in self.purchases[c])
                    for c in known]
        triples = []
        for customer in known:
            days = [d for d in self.purchases[customer] if d <= day]
            triples.append((len(days) - 1, (days[-1] - days[0]).days / 7,
                            (day - days[0]).days / 7))
        parameters = bgnbd.fit(triples)
        reference = [bgnbd.expected(parameters, *triple, horizon / 7) for triple in triples]
        ours = auc([figures[c]['activity'] for c in known], outcomes)
        theirs = auc(reference, outcomes)
        recency = auc([last - weeks for _x, last, weeks in triples], outcomes)
        frequency = auc([x for x, _last, _weeks in triples], outcomes)
        soon = [any(day < d <= day + timedelta(days=90) for d in self.purchases[c])
                for c in known]
        brier = statistics.mean(
            (figures[c]['chance'] / 100 - bought) ** 2
            for c, bought in zip(known, soon, strict=True))
        brier_bgnbd = statistics.mean(
            (bgnbd.chance(parameters, *triple, 90 / 7) - bought) ** 2
            for triple, bought in zip(triples, soon, strict=True))
        share = statistics.mean(soon)
        print(f"\n{title} ({len(known)} customers, {statistics.mean(outcomes):.0%} bought again; "
              f"computed in {took:.0f} s)\n")
        print("| AUC | activity | BG/NBD | recency | frequency |\n| --- | --- | --- | --- | --- |")
        print(f"| buys again | {ours:.3f} | {theirs:.3f} | {recency:.3f} | {frequency:.3f} |")
        print(f"\nChance to buy within 90 days: Brier score {brier:.4f}, by BG/NBD "
              f"{brier_bgnbd:.4f} ({share * (1 - share):.4f} for the same chance for all)")
        self.bar(brier <= brier_bgnbd + BRIER_ABOVE,
                 f"chance is worse than BG/NBD's: {brier:.4f} against {brier_bgnbd:.4f}")
        self.bar(ours >= theirs - AUC_BELOW + (AUC_BELOW if self.name == 'cdnow' else 0),
                 f"activity ranks worse than BG/NBD: {ours:.3f} against {theirs:.3f}")

    def habits(self):
        """What he buys next: the last invoice of each customer is held back."""
        orders = defaultdict(dict)
        goods = {product.default_code: product.id for product in self.env[
            'product.product'].search([('gem_in_habits', '=', True)])}
        for invoice, refund, customer, day, code, *_rest in self.lines:
            if not refund and code in goods:
                orders[customer].setdefault((day, invoice), set()).add(goods[code])
        held = {c: max(o) for c, o in orders.items() if len(o) >= 3}
        self.env.cr.execute(SQL(
            "UPDATE account_move SET state = 'cancel' WHERE name IN %s",
            tuple(f"BENCH/{invoice}" for _day, invoice in held.values())))
        ids = {reference: partner for partner, reference in self.customers.items()}
        with (
            patch.object(type(self.Profile), '_today', lambda profile: ENDS['retail']),
            patch.object(type(self.env['gem.crm.product.likeness']), '_learn', lambda *_args: None),
        ):
            self.env['gem.crm.product.sales']._learn(self.company)
            usual = self.Profile._usual_products([ids[c] for c in held], self.company, 10)
        recall = precision = hit = 0
        for customer, order in held.items():
            bought = orders[customer][order]
            right = len(bought & set(usual[ids[customer]]))
            recall += right / len(bought)
            precision += right / 10
            hit += right > 0
        n = len(held)
        self.env.cr.execute("UPDATE account_move SET state = 'posted' WHERE state = 'cancel'")
        print(f"\nHabits, last order held out ({n} customers of 3 orders or more)\n")
        print("| recall@10 | precision@10 | hit@10 |\n| --- | --- | --- |")
        print(f"| {recall / n:.3f} | {precision / n:.3f} | {hit / n:.3f} |")
        self.bar(recall / n >= RECALL, f"recall@10 is {recall / n:.3f}")

    def finder(self):
        """Who wants a product that is new: products first sold soon after each day."""
        first, buyers = {}, defaultdict(lambda: defaultdict(list))
        for _invoice, refund, customer, day, code, *_rest in self.lines:
            if not refund:
                first[code] = min(first.get(code, day), day)
                buyers[code][customer].append(day)
        products = {product.default_code: product for product in self.env[
            'product.product'].search([('gem_in_habits', '=', True)])}
        areas, precisions, lifts, baseline, precisions_of_active = [], [], [], [], []
        for day in FINDER_DAYS:
            profiles = self.as_of(day)
            active = {profile.partner_id.id: profile.activity for profile in profiles
                      if profile.purchase_count}
            for code, start in first.items():
                if code not in products or not 0 < (start - day).days <= NEW_WITHIN:
                    continue
                wanted = {
                    customer for customer, days in buyers[code].items()
                    if min(days) <= day + timedelta(days=SOLD_WITHIN)}
                outcomes = [self.customers[partner] in wanted for partner in active]
                if sum(outcomes) < BUYERS:
                    continue
                with patch.object(type(self.Profile), '_today', lambda profile, day=day: day):
                    found = self.Profile._find_customers(products[code], limit=100_000)
                scores = {row['partner_id']: row['score'] for row in found}
                areas.append(auc([scores.get(partner, 0) for partner in active], outcomes))
                baseline.append(auc(list(active.values()), outcomes))
                most_active = sorted(active, key=active.get, reverse=True)[:20]
                precisions_of_active.append(
                    sum(self.customers[partner] in wanted for partner in most_active) / 20)
                top = [self.customers[row['partner_id']] in wanted for row in found[:20]]
                precisions.append(sum(top) / 20)
                lifts.append(precisions[-1] / statistics.mean(outcomes))
        area, precision = statistics.mean(areas), statistics.mean(precisions)
        print(f"\nFinder, {len(areas)} new products\n")
        print("| score | AUC | precision@20 | lift@20 |\n| --- | --- | --- | --- |")
        print(f"| finder | {area:.3f} | {precision:.3f} | {statistics.mean(lifts):.1f} |")
        print(f"| activity only | {statistics.mean(baseline):.3f} "
              f"| {statistics.mean(precisions_of_active):.3f} | |")
        self.bar(area >= FINDER_AUC, f"the finder's AUC is {area:.3f}")
        self.bar(precision >= FINDER_PRECISION, f"the finder's precision@20 is {precision:.3f}")


if __name__ == '__main__':
    raise SystemExit(main())
