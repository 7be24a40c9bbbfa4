import { Component } from "@odoo/owl";

import { registry } from "@web/core/registry";
import {
    buildM2OFieldDescription,
    extractM2OFieldProps,
    Many2OneField,
} from "@web/views/fields/many2one/many2one_field";
import { isHexColor } from "./contrast";

const BADGE_FIELDS = [
    { name: "abbreviation", type: "char" },
    { name: "text_color", type: "char" },
    { name: "background_color", type: "char" },
];

/**
 * A badge in the two colours of a choice.
 *
 * Where there is little room it shows the abbreviation; the name is always there on hover
 * and for screen readers.
 */
export class Badge extends Component {
    static template = "gem_crm.Badge";
    static props = {
        name: String,
        abbreviation: { type: [String, Boolean], optional: true },
        textColor: { type: [String, Boolean], optional: true },
        backgroundColor: { type: [String, Boolean], optional: true },
        short: { type: Boolean, optional: true },
    };

    get label() {
        return (this.props.short && this.props.abbreviation) || this.props.name;
    }

    get style() {
        const { textColor, backgroundColor } = this.props;
        return isHexColor(textColor) && isHexColor(backgroundColor)
            ? `color: ${textColor} !important; background-color: ${backgroundColor} !important;`
            : "";
    }
}

/** A many2one to a coloured choice, painted as its badge where it is not being edited. */
export class BadgeField extends Component {
    static template = "gem_crm.BadgeField";
    static components = { Badge, Many2OneField };
    static props = {
        ...Many2OneField.props,
        short: { type: Boolean, optional: true },
        preview: { type: Boolean, optional: true },
    };

    get value() {
        return this.props.record.data[this.props.name];
    }

    get editing() {
        return !this.props.readonly && this.props.record.isInEdition;
    }

    get badgeProps() {
        const { display_name, abbreviation, text_color, background_color } = this.value;
        return {
            name: display_name || "",
            abbreviation,
            textColor: text_color,
            backgroundColor: background_color,
            short: this.props.short,
        };
    }

    get many2oneProps() {
        const { short, preview, ...props } = this.props;
        return props;
    }
}

registry.category("fields").add("gem_crm_badge", {
    ...buildM2OFieldDescription(BadgeField),
    relatedFields: BADGE_FIELDS,
    extractProps(staticInfo, dynamicInfo) {
        const { options, viewType } = staticInfo;
        return {
            ...extractM2OFieldProps(staticInfo, dynamicInfo),
            canOpen: false,
            short: options.short ?? viewType === "kanban",
            // A cell being edited has no room for both.
            preview: viewType === "form",
        };
    },
});
