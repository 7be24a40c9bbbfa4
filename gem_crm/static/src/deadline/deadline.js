const { DateTime } = luxon;

/** What is within reach: less than a day is left. */
const SOON_HOURS = 24;

/**
 * Say where a deadline stands.
 *
 * @param {Object} dates
 * @param {DateTime} [dates.by] the deadline
 * @param {DateTime} [dates.done] when it was met
 * @param {DateTime} [dates.waitingSince] since when its time stands still
 * @param {DateTime} [now]
 * @returns {"none"|"kept"|"missed"|"paused"|"late"|"soon"|"ahead"}
 */
export function deadlineState({ by, done, waitingSince }, now = DateTime.now()) {
    if (done) {
        return by && done > by ? "missed" : "kept";
    }
    if (!by) {
        return "none";
    }
    if (waitingSince) {
        return "paused";
    }
    if (by <= now) {
        return "late";
    }
    return by.diff(now).as("hours") < SOON_HOURS ? "soon" : "ahead";
}
