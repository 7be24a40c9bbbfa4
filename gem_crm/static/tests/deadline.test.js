import { describe, expect, test } from "@odoo/hoot";

import { deadlineState } from "@gem_crm/deadline/deadline";

const { DateTime } = luxon;

describe.current.tags("headless", "gem_crm");

const now = DateTime.fromISO("2026-03-02T10:00");
const yesterday = now.minus({ days: 1 });
const tonight = now.plus({ hours: 8 });
const nextWeek = now.plus({ days: 7 });

test("a deadline is ahead, soon, then late", () => {
    expect(deadlineState({ by: nextWeek }, now)).toBe("ahead");
    expect(deadlineState({ by: tonight }, now)).toBe("soon");
    expect(deadlineState({ by: now }, now)).toBe("late");
    expect(deadlineState({}, now)).toBe("none");
});

test("it stands still while the customer is waited for", () => {
    expect(deadlineState({ by: yesterday, waitingSince: yesterday }, now)).toBe("paused");
});

test("once done, it was kept or not", () => {
    expect(deadlineState({ by: tonight, done: now }, now)).toBe("kept");
    expect(deadlineState({ by: yesterday, done: now }, now)).toBe("missed");
    expect(deadlineState({ done: now }, now)).toBe("kept");
});
