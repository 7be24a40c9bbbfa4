"""Post many valid invoices quickly: copies, by SQL, of one that the ORM posted."""
from odoo import Command
from odoo.tools import SQL

from .bulk import insert_like

DAYS_TO_PAY = 30


def prepare_company(env):
    """Give the company a chart of accounts, if it has none."""
    if not env['account.journal'].search_count([('type', '=', 'sale')], limit=1):
        env['account.chart.template'].try_loading('generic_coa', env.company, install_demo=False)


def prototypes(env):
    """Return a posted invoice and a posted credit note of one line each, without taxes."""
    partner = env['res.partner'].create({'name': "Prototype", 'is_company': True})
    product = env['product.product'].create({'name': "Prototype", 'taxes_id': [Command.clear()]})
    moves = env['account.move'].create([
        {
            'move_type': move_type,
            # named after the invoices that are there, it could take the name of one of them
            'name': f'PROTOTYPE/{move_type}',
            'partner_id': partner.id,
            'invoice_date': '2010-01-01',
            'date': '2010-01-01',
            'invoice_line_ids': [Command.create({
                'product_id': product.id, 'price_unit': 1, 'tax_ids': [Command.clear()]})],
        }
        for move_type in ('out_invoice', 'out_refund')
    ])
    moves.action_post()
    return moves


def post(env):
    """Post the invoices of the temporary table ``bench_line``.

    Its columns: ``invoice`` (a key), ``is_refund``, ``partner``, ``day``, ``product``,
    ``quantity`` and ``price``. All lines of an invoice are of one partner, day and kind.

    :return: the number of invoices
    """
    env.flush_all()
    moves = prototypes(env)
    env.cr.execute("SELECT MAX(id) FROM account_move")
    [last] = env.cr.fetchone()
    env.cr.execute(SQL("""
        CREATE TEMPORARY TABLE bench_move AS
        SELECT %s + row_number() OVER (ORDER BY MIN(day), invoice) AS id, invoice,
               bool_or(is_refund) AS is_refund, MIN(partner) AS partner, MIN(day) AS day,
               SUM(ROUND(quantity * price, 2)) AS net
          FROM bench_line
      GROUP BY invoice
    """, last))
    env.cr.execute("CREATE INDEX ON bench_move (invoice)")
    env.cr.execute("ANALYZE bench_move")
    total = 0
    for move, sign in zip(moves, (1, -1), strict=True):
        total += _insert_moves(move, sign)
        _insert_lines(move, sign)
        _insert_receivables(move, sign)
    env.cr.execute(
        "SELECT setval('account_move_id_seq', (SELECT MAX(id) FROM account_move))")
    env.cr.execute("DROP TABLE bench_move")
    moves.button_draft()
    moves.with_context(force_delete=True).unlink()
    env.invalidate_all()
    return total


def _insert_moves(move, sign):
    net = SQL("row.net")
    signed = SQL("row.net * %s", sign)
    return insert_like(move, SQL(
        "bench_move AS row WHERE row.is_refund = %s", sign < 0), {
        'id': SQL("row.id"),
        'name': SQL("'BENCH/' || row.invoice"),
        'payment_reference': SQL("'BENCH/' || row.invoice"),
        'sequence_number': SQL("row.id"),
        'sequence_prefix': SQL("'BENCH/'"),
        'partner_id': SQL("row.partner"),
        'commercial_partner_id': SQL("row.partner"),
        'partner_shipping_id': SQL("row.partner"),
        'invoice_date': SQL("row.day"),
        'date': SQL("row.day"),
        'invoice_date_due': SQL("row.day + %s", DAYS_TO_PAY),
        'amount_untaxed': net, 'amount_total': net, 'amount_residual': net,
        'amount_untaxed_signed': signed, 'amount_total_signed': signed,
        'amount_residual_signed': signed, 'amount_total_in_currency_signed': signed,
        'amount_untaxed_in_currency_signed': signed,
        'access_token': SQL("NULL"),
    })


def _line_values(sign, amount):
    """Return the columns of a line that is worth an amount, on the side of its sign."""
    balance = SQL("(%s) * %s", amount, sign)
    return {
        'move_id': SQL("row.id"),
        'move_name': SQL("'BENCH/' || row.invoice"),
        'partner_id': SQL("row.partner"),
        'date': SQL("row.day"),
        'invoice_date': SQL("row.day"),
        'balance': balance, 'amount_currency': balance,
        'debit': SQL("GREATEST(%s, 0)", balance), 'credit': SQL("GREATEST(-(%s), 0)", balance),
    }


def _insert_lines(move, sign):
    amount = SQL("ROUND(row.quantity * row.price, 2)")
    insert_like(move.invoice_line_ids, SQL(
        """
            (SELECT bench_move.id, bench_line.* FROM bench_line
               JOIN bench_move USING (invoice)) AS row
             WHERE row.is_refund = %s
        """, sign < 0), _line_values(-sign, amount) | {
        'product_id': SQL("row.product"),
        'quantity': SQL("row.quantity"),
        'price_unit': SQL("row.price"),
        'price_subtotal': amount, 'price_total': amount,
        'gem_unit_cost': SQL("NULL"),
    })


def _insert_receivables(move, sign):
    receivable = move.line_ids.filtered(lambda line: line.display_type == 'payment_term')
    balance = SQL("row.net * %s", sign)
    insert_like(receivable, SQL(
        "bench_move AS row WHERE row.is_refund = %s", sign < 0,
    ), _line_values(sign, SQL("row.net")) | {
        'amount_residual': balance, 'amount_residual_currency': balance,
        'date_maturity': SQL("row.day + %s", DAYS_TO_PAY),
    })


def pay(env, percent, open_days):
    """Pay so many in a hundred of the invoices that ``post()`` made, each by an entry of its own.

    Most are paid before they are due, some long after it; those of the last days are not yet.

    :param int percent: how many are paid
    :param int open_days: invoices that are younger are open
    :return: the number of payments
    """
    env.flush_all()
    entry, partial = _payment_prototypes(env)
    env.cr.execute(SQL(
        """
            CREATE TEMPORARY TABLE bench_payment AS
            SELECT (SELECT MAX(id) FROM account_move) + row_number() OVER (ORDER BY line.id) AS id,
                   nextval('account_move_line_id_seq') AS credit_id,
                   line.id AS debit_id, move.id AS invoice_id, move.partner_id AS partner,
                   line.balance AS amount,
                   LEAST(current_date, move.invoice_date + pg_temp.pick(
                       CASE WHEN pg_temp.chance(80, move.id, 'in time') THEN 30 ELSE 90 END,
                       move.id, 'paid')) AS day
              FROM account_move move
              JOIN account_move_line line ON line.move_id = move.id
                                         AND line.display_type = 'payment_term'
             WHERE move.sequence_prefix = 'BENCH/' AND move.move_type = 'out_invoice'
               AND move.invoice_date < current_date - %s
               AND pg_temp.chance(%s, move.id, 'is paid')
        """, open_days, percent))
    row = SQL("bench_payment AS row")
    name = SQL("'BENCHPAY/' || row.id")
    count = insert_like(entry, row, {
        'id': SQL("row.id"), 'name': name, 'sequence_number': SQL("row.id"),
        'sequence_prefix': SQL("'BENCHPAY/'"), 'date': SQL("row.day"),
        'partner_id': SQL("row.partner"), 'commercial_partner_id': SQL("row.partner"),
        'amount_total': SQL("row.amount"), 'amount_total_signed': SQL("row.amount"),
        'amount_total_in_currency_signed': SQL("row.amount"),
    })
    for line in entry.line_ids:
        sign = 1 if line.balance > 0 else -1
        values = _line_values(sign, SQL("row.amount")) | {
            'move_name': name, 'date': SQL("row.day"), 'invoice_date': SQL("NULL")}
        if line.account_id.account_type == 'asset_receivable':
            values |= {'id': SQL("row.credit_id"), 'full_reconcile_id': SQL("NULL")}
        insert_like(line, row, values)
    insert_like(partial, row, {
        'debit_move_id': SQL("row.debit_id"), 'credit_move_id': SQL("row.credit_id"),
        'amount': SQL("row.amount"), 'debit_amount_currency': SQL("row.amount"),
        'credit_amount_currency': SQL("row.amount"), 'max_date': SQL("row.day"),
        'full_reconcile_id': SQL("NULL"),
    })
    env.cr.execute("""
        UPDATE account_move_line line
           SET amount_residual = 0, amount_residual_currency = 0, reconciled = TRUE
          FROM bench_payment WHERE line.id = bench_payment.debit_id
    """)
    env.cr.execute("""
        UPDATE account_move move
           SET amount_residual = 0, amount_residual_signed = 0, payment_state = 'paid'
          FROM bench_payment WHERE move.id = bench_payment.invoice_id
    """)
    env.cr.execute("SELECT setval('account_move_id_seq', (SELECT MAX(id) FROM account_move))")
    env.cr.execute("DROP TABLE bench_payment")
    env.invalidate_all()
    return count


def _payment_prototypes(env):
    """Return an entry that pays an invoice of a prototype's customer, and its reconciliation."""
    invoice = prototypes(env)[0]
    receivable = invoice.line_ids.filtered(lambda line: line.display_type == 'payment_term')
    journal = env['account.journal'].search([('type', '=', 'bank')], limit=1)
    entry = env['account.move'].create({
        'move_type': 'entry', 'journal_id': journal.id, 'date': '2010-01-01',
        'line_ids': [
            Command.create({
                'name': "Payment", 'account_id': journal.default_account_id.id,
                'debit': receivable.balance, 'partner_id': invoice.partner_id.id}),
            Command.create({
                'name': "Payment", 'account_id': receivable.account_id.id,
                'credit': receivable.balance, 'partner_id': invoice.partner_id.id}),
        ],
    })
    entry.action_post()
    paying = entry.line_ids.filtered(lambda line: line.account_id == receivable.account_id)
    (receivable + paying).reconcile()
    env.flush_all()
    return entry, receivable.matched_credit_ids
