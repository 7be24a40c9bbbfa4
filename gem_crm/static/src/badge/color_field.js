import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Badge } from "./badge_field";
import { cleanHexColor, contrast, isHexColor, nearestReadable, READABLE } from "./contrast";

/**
 * A colour as #RRGGBB: chosen with the picker or typed.
 *
 * The text colour's field shows the badge as it will be, and warns when it is hard to read.
 */
export class ColorField extends Component {
    static template = "gem_crm.ColorField";
    static components = { Badge };
    static props = {
        ...standardFieldProps,
        backgroundField: { type: String, optional: true },
    };

    setup() {
        this.notification = useService("notification");
    }

    get color() {
        return this.props.record.data[this.props.name] || "";
    }

    get background() {
        return this.props.record.data[this.props.backgroundField];
    }

    get label() {
        return this.props.record.fields[this.props.name].string;
    }

    get previewProps() {
        return {
            name: this.props.record.data.name || _t("Preview"),
            textColor: this.color,
            backgroundColor: this.background,
        };
    }

    /** A warning, when the contrast with the background is too low to be read. */
    get lowContrast() {
        if (!isHexColor(this.color) || !isHexColor(this.background)) {
            return false;
        }
        const ratio = contrast(this.color, this.background);
        if (ratio >= READABLE) {
            return false;
        }
        // Rounded down: 4.49 must not be shown as the 4.5 it fails to reach.
        const shown = formatFloat(Math.floor(ratio * 10) / 10, { digits: [16, 1] });
        return _t("Hard to read (%(contrast)s:1)", { contrast: shown });
    }

    async update(typed) {
        const color = typed && cleanHexColor(typed);
        if (color && !isHexColor(color)) {
            await this.props.record.setInvalidField(this.props.name);
            this.notification.add(
                _t("Write a colour as #RRGGBB, for example #198754 for a green."),
                { type: "danger" }
            );
            return;
        }
        await this.props.record.update({ [this.props.name]: color });
    }

    makeReadable() {
        return this.update(nearestReadable(this.color, this.background));
    }
}

registry.category("fields").add("gem_crm_color", {
    component: ColorField,
    displayName: _t("Colour (#RRGGBB)"),
    supportedTypes: ["char"],
    extractProps: ({ options }) => ({ backgroundField: options.background_field }),
});
