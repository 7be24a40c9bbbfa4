import { Component } from "@odoo/owl";

import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** A selection shown as an icon, with its label for those who point at it or listen. */
export class IconField extends Component {
    static template = "gem_crm.IconField";
    static props = {
        ...standardFieldProps,
        icons: Object,
    };

    get value() {
        return this.props.record.data[this.props.name];
    }

    get icon() {
        return this.props.icons[this.value];
    }

    get label() {
        const { selection } = this.props.record.fields[this.props.name];
        return selection.find(([value]) => value === this.value)?.[1];
    }
}

export const iconField = {
    component: IconField,
    supportedTypes: ["selection"],
    extractProps: ({ options }) => ({ icons: options.icons }),
};

registry.category("fields").add("gem_crm_icon", iconField);
