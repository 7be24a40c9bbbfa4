import { Component, xml } from "@odoo/owl";

import { LazyComponent } from "@web/core/assets";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** A page of the menu Knowledge: its code comes when it is opened for the first time. */
const lazyPage = (name) =>
    class extends Component {
        static template = xml`<LazyComponent bundle="'gem_crm.assets_knowledge'" Component="name" props="props"/>`;
        static components = { LazyComponent };
        static props = { ...standardActionServiceProps };

        setup() {
            this.name = name;
        }
    };

for (const name of ["rfm_grid", "abc_curve", "attrition", "seasons", "finder"]) {
    registry.category("actions").add(`gem_crm_${name}`, lazyPage(`gem_crm.${name}`));
}
