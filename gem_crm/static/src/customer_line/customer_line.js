import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";

import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** What to know of the customer while writing their invoice: one line, in one request. */
export class CustomerLine extends Component {
    static template = "gem_crm.CustomerLine";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({ parts: [] });
        this.customerId = false;
        // Not waited for: an invoice is shown without it as fast as ever.
        onWillStart(() => void this.load(this.props));
        onWillUpdateProps((props) => void this.load(props));
    }

    async load({ record }) {
        const customerId = record.data.partner_id?.id || false;
        if (customerId === this.customerId) {
            return;
        }
        this.customerId = customerId;
        this.state.parts = customerId
            ? await this.keepLast.add(
                  this.orm.silent.call("res.partner", "gem_get_line", [[customerId]])
              )
            : [];
    }
}

registry.category("view_widgets").add("gem_crm_customer_line", {
    component: CustomerLine,
    fieldDependencies: [{ name: "partner_id", type: "many2one" }],
});
