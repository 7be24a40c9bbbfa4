import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";

import { useBus, useService } from "@web/core/utils/hooks";
import { KeepLast } from "@web/core/utils/concurrency";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { FOLLOW_UP_CHANGED } from "../customer_list/customer_list_view";

/**
 * What one must know of a customer before reading on, in one band and one request.
 *
 * The server says which facts there are, in words and in order; see
 * ``res.partner.gem_get_follow_up_band``.
 */
export class FollowUpBand extends Component {
    static template = "gem_crm.FollowUpBand";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.state = useState({ facts: [] });
        onWillStart(() => this.load(this.props));
        // A save, a discard and the pager all give new values to the form.
        onWillUpdateProps((props) => this.load(props));
        useBus(this.env.bus, FOLLOW_UP_CHANGED, () => this.load(this.props));
        useBus(this.props.record.model.bus, "update", () => this.load(this.props));
    }

    async load({ record }) {
        if (!record.resId) {
            this.state.facts = [];
            return;
        }
        this.state.facts = await this.keepLast.add(
            this.orm.call("res.partner", "gem_get_follow_up_band", [[record.resId]])
        );
    }

    async open(fact) {
        const action = await this.orm.call("res.partner", fact.action, [
            [this.props.record.resId],
        ]);
        return this.action.doAction(action, { onClose: () => this.load(this.props) });
    }
}

registry.category("view_widgets").add("gem_crm_follow_up_band", { component: FollowUpBand });
