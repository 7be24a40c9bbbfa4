/**
 * How readable a text is on a background.
 *
 * Relative luminance and contrast ratio as defined by WCAG 2.2, where 4.5:1 is the least
 * for text of ordinary size (success criterion 1.4.3).
 */
export const READABLE = 4.5;

const HEX = /^#[0-9a-f]{6}$/i;

/** @param {string} color */
export function isHexColor(color) {
    return HEX.test(color || "");
}

/**
 * Write a colour as typed by a person, with or without # and spaces, as #RRGGBB.
 *
 * @param {string} typed
 * @returns {string}
 */
export function cleanHexColor(typed) {
    return `#${typed.trim().replace(/^#/, "")}`.toUpperCase();
}

function channels(color) {
    return [1, 3, 5].map((start) => parseInt(color.slice(start, start + 2), 16));
}

function luminance(color) {
    const [red, green, blue] = channels(color).map((value) => {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/**
 * @param {string} first a colour as #RRGGBB
 * @param {string} second a colour as #RRGGBB
 * @returns {number} from 1 (the same) to 21 (black and white)
 */
export function contrast(first, second) {
    const [dark, light] = [luminance(first), luminance(second)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
}

/** Mix `share` (0 to 1) of the colour `towards` into `color`. */
function mix(color, towards, share) {
    const target = channels(towards);
    return (
        "#" +
        channels(color)
            .map((value, i) => Math.round(value + (target[i] - value) * share))
            .map((value) => value.toString(16).padStart(2, "0"))
            .join("")
            .toUpperCase()
    );
}

/**
 * The colour nearest to `text` that can be read on `background`.
 *
 * It is made darker or lighter step by step, whichever needs the smaller step. Black or
 * white can be read on any background, so that there always is one.
 *
 * @param {string} text
 * @param {string} background
 * @returns {string}
 */
export function nearestReadable(text, background) {
    for (let step = 0; step <= 100; step++) {
        for (const towards of ["#000000", "#FFFFFF"]) {
            const candidate = mix(text, towards, step / 100);
            if (contrast(candidate, background) >= READABLE) {
                return candidate;
            }
        }
    }
    throw new Error("No readable colour"); // not reached: 21 ** 0.5 > 4.5
}
