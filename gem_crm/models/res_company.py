from datetime import UTC, timedelta

from odoo import api, models

from ..core.working_time import WorkingTime

# How far ahead a deadline is looked for. Beyond, the company works too little to have one.
LONGEST = timedelta(days=3 * 366)


class ResCompany(models.Model):
    """A company numbers its complaints by itself, and answers them in its working hours."""
    _inherit = 'res.company'

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        self.env['gem.crm.complaint']._create_sequences(companies)
        return companies

    def _gem_working_time(self, start, end):
        """Return the hours at which the company works between two datetimes (UTC).

        Without a working schedule, every hour counts.

        :rtype: WorkingTime
        """
        # sudo: everybody may be told when the company works
        calendar = self.sudo().resource_calendar_id
        if not calendar:
            return WorkingTime([(start, end)])
        intervals = calendar._work_intervals_batch(
            start.replace(tzinfo=UTC), end.replace(tzinfo=UTC))[False]
        return WorkingTime([
            tuple(moment.astimezone(UTC).replace(tzinfo=None) for moment in interval[:2])
            for interval in intervals
        ])

    def _gem_plan(self, spans):
        """Return when spans of work, begun at a datetime (UTC), are over.

        :param spans: iterable of pairs (start, working hours)
        :return: dict of the pairs, each with a datetime, or False if it is years away
        """
        spans = set(spans)
        if not spans:
            return {}
        first = min(start for start, _hours in spans)
        last = max(start for start, _hours in spans)
        # Most companies work a quarter of the time.
        reach = timedelta(hours=4 * max(hours for _start, hours in spans), days=7)
        while True:
            time = self._gem_working_time(first, last + min(reach, LONGEST))
            found = {(start, hours): time.after(start, hours) for start, hours in spans}
            if None not in found.values() or reach >= LONGEST:
                return {span: moment or False for span, moment in found.items()}
            reach *= 3

    def _gem_working_hours(self, periods):
        """Return how long the company works in periods between two datetimes (UTC).

        :param periods: iterable of pairs (start, end)
        :return: dict of the pairs, each with a number of hours
        """
        periods = set(periods)
        if not periods:
            return {}
        time = self._gem_working_time(
            min(start for start, _end in periods), max(end for _start, end in periods))
        return {(start, end): max(0.0, time.between(start, end)) for start, end in periods}
