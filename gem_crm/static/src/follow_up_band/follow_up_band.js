import { Component, useState } from "@odoo/owl";

import { useBus, useService } from "@web/core/utils/hooks";
import { KeepLast } from "@web/core/utils/concurrency";
import { registry } from "@web/core/registry";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Badge } from "../badge/badge_field";
import { FOLLOW_UP_CHANGED } from "../customer_list/customer_list_view";

const FACTS_IN_A_LINE = 5;

/**
 * What one must know of a customer before reading on, in one band and one request.
 *
 * The server says which facts there are, in words and in order; see
 * ``res.partner.gem_get_follow_up_band``.
 */
export class FollowUpBand extends Component {
    static template = "gem_crm.FollowUpBand";
    static components = { Badge };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.state = useState({ facts: [] });
        useRecordObserver((record) => {
            // A save, a discard and the pager all give new values to the record.
            void record.data;
            return this.load(record);
        });
        useBus(this.env.bus, FOLLOW_UP_CHANGED, () => this.load());
    }

    /** How many facts stand beside each other, so that no line is left with one or two. */
    get columns() {
        const lines = Math.ceil(this.state.facts.length / FACTS_IN_A_LINE) || 1;
        return Math.ceil(this.state.facts.length / lines);
    }

    async load(record = this.props.record) {
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
        return this.action.doAction(action, { onClose: () => this.load() });
    }
}

registry.category("view_widgets").add("gem_crm_follow_up_band", { component: FollowUpBand });
