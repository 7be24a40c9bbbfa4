import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { FOLLOW_UP_CHANGED } from "../customer_list/customer_list_view";

const { Info } = luxon;

/** In how many purchases of the year's months something was bought: a picture of 12 bars. */
export class MonthBars extends Component {
    static template = "gem_crm.MonthBars";
    static props = { months: Array };

    setup() {
        this.names = Info.months("long");
        this.letters = Info.months("narrow");
        this.now = luxon.DateTime.now().month;
    }

    height(count) {
        return `height: ${(100 * count) / Math.max(...this.props.months, 1)}%`;
    }

    /** The months that count, in words. */
    get label() {
        return (
            this.props.months
                .map((count, month) => count && `${this.names[month]} ${count}`)
                .filter(Boolean)
                .join(", ") || _t("in no month")
        );
    }
}

/** What the customer of the form usually buys, how often and when, in one request. */
export class Habits extends Component {
    static template = "gem_crm.Habits";
    static components = { MonthBars };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.state = useState({ data: null });
        onWillStart(() => this.load(this.props));
        onWillUpdateProps((props) => {
            if (props.record.resId !== this.props.record.resId) {
                return this.load(props);
            }
        });
    }

    get data() {
        return this.state.data;
    }

    async load({ record }) {
        this.state.data =
            record.resId &&
            (await this.keepLast.add(
                this.orm.call("res.partner", "gem_get_habits", [[record.resId]])
            ));
    }

    async run(method, ...args) {
        const action = await this.orm.call("res.partner", method, [
            [this.props.record.resId],
            ...args,
        ]);
        return this.action.doAction(action);
    }

    async recompute() {
        await this.orm.call("res.partner", "gem_action_recompute", [[this.props.record.resId]]);
        await this.load(this.props);
        this.env.bus.trigger(FOLLOW_UP_CHANGED);
    }
}

registry.category("view_widgets").add("gem_crm_habits", { component: Habits });
