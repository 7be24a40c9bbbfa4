import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { deadlineState } from "./deadline";

const TONES = {
    missed: "text-danger",
    late: "text-danger fw-bold",
    soon: "text-warning-emphasis fw-bold",
    paused: "text-muted",
};

/** A date and time as short as people write it. */
function short(date) {
    return date.toLocaleString({
        month: "short",
        day: "numeric",
        hour: "numeric",
        minute: "2-digit",
    });
}

/** A date until which something is to be done: the time left, or whether it was kept. */
export class DeadlineField extends Component {
    static template = "gem_crm.DeadlineField";
    static props = {
        ...standardFieldProps,
        doneField: { type: String, optional: true },
        waitingField: { type: String, optional: true },
    };

    get dates() {
        const { data } = this.props.record;
        return {
            by: data[this.props.name],
            done: data[this.props.doneField],
            waitingSince: data[this.props.waitingField],
        };
    }

    get state() {
        return deadlineState(this.dates);
    }

    get tone() {
        return TONES[this.state] || "";
    }

    get text() {
        const { by, done } = this.dates;
        switch (this.state) {
            case "none":
                return "";
            case "kept":
            case "missed":
                return short(done);
            case "paused":
                return _t("Paused");
            default:
                return by.toRelative();
        }
    }

    get title() {
        const { by } = this.dates;
        const date = by ? short(by) : "";
        switch (this.state) {
            case "kept":
                return by ? _t("In time: the deadline was %s", date) : _t("Done");
            case "missed":
                return _t("Too late: the deadline was %s", date);
            case "paused":
                return _t("The time stands still while the customer is waited for.");
            default:
                return date;
        }
    }

    /** On a form there is room for the date as well. */
    get date() {
        const { by } = this.dates;
        return this.props.record.isInEdition && ["late", "soon", "ahead"].includes(this.state)
            ? short(by)
            : "";
    }
}

registry.category("fields").add("gem_crm_deadline", {
    component: DeadlineField,
    displayName: _t("Deadline"),
    supportedTypes: ["datetime"],
    isEmpty: () => false,
    fieldDependencies: ({ options }) =>
        [options.done_field, options.waiting_field]
            .filter(Boolean)
            .map((name) => ({ name, type: "datetime", readonly: true })),
    extractProps: ({ options }) => ({
        doneField: options.done_field,
        waitingField: options.waiting_field,
    }),
});
