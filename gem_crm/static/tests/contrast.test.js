import { describe, expect, test } from "@odoo/hoot";

import {
    cleanHexColor,
    contrast,
    isHexColor,
    nearestReadable,
    READABLE,
} from "@gem_crm/badge/contrast";

describe.current.tags("headless", "gem_crm");

test("contrast goes from 1 to 21, whichever colour is the text", () => {
    expect(contrast("#FFFFFF", "#FFFFFF")).toBe(1);
    expect(contrast("#000000", "#FFFFFF")).toBe(21);
    expect(contrast("#FFFFFF", "#000000")).toBe(21);
    // Two greys on either side of WCAG's limit on white.
    expect(contrast("#767676", "#FFFFFF")).toBeGreaterThan(READABLE);
    expect(contrast("#777777", "#FFFFFF")).toBeLessThan(READABLE);
});

test("colours are written as people do", () => {
    expect(cleanHexColor(" 19a754 ")).toBe("#19A754");
    expect(isHexColor("#19A754")).toBe(true);
    expect(isHexColor("#19A75")).toBe(false);
    expect(isHexColor("red; background: url(x)")).toBe(false);
});

test("a readable colour is found on any background, as near as can be", () => {
    expect(nearestReadable("#777777", "#FFFFFF")).toBe("#767676");
    for (const background of ["#000000", "#808080", "#FF0000", "#FFFF00", "#FFFFFF"]) {
        const found = nearestReadable(background, background);
        expect(contrast(found, background)).toBeGreaterThan(READABLE - 0.001);
    }
    expect(nearestReadable("#FFFFFF", "#000000")).toBe("#FFFFFF");
});
