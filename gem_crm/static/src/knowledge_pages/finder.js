import { Component, onWillStart, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { MultiRecordSelector } from "@web/core/record_selectors/multi_record_selector";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** Who would want these products: customers with their reasons, the likeliest first. */
export class Finder extends Component {
    static template = "gem_crm.Finder";
    static components = { ControlPanel, MultiRecordSelector };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        const { context, params } = this.props.action;
        this.state = useState({
            productIds: context?.product_ids || params?.product_ids || [],
            rows: [],
            canMakeSegment: false,
            canMakeMailing: false,
            chosen: new Set(),
            loading: false,
        });
        onWillStart(() => this.load());
    }

    get chosenIds() {
        return this.state.rows
            .map(({ partner_id }) => partner_id)
            .filter((id) => this.state.chosen.has(id));
    }

    get allChosen() {
        return this.state.rows.length && this.state.chosen.size === this.state.rows.length;
    }

    async load() {
        if (!this.state.productIds.length) {
            this.state.rows = [];
            this.state.chosen = new Set();
            return;
        }
        this.state.loading = true;
        const found = await this.keepLast.add(
            this.orm.call("gem.crm.profile", "get_interested_customers", [this.state.productIds])
        );
        Object.assign(this.state, {
            rows: found.rows,
            canMakeSegment: found.can_make_segment,
            canMakeMailing: found.can_make_mailing,
            chosen: new Set(found.rows.map(({ partner_id }) => partner_id)),
            loading: false,
        });
    }

    setProducts(ids) {
        this.state.productIds = ids;
        return this.load();
    }

    toggle(id) {
        if (!this.state.chosen.delete(id)) {
            this.state.chosen.add(id);
        }
    }

    toggleAll() {
        this.state.chosen = this.allChosen
            ? new Set()
            : new Set(this.state.rows.map(({ partner_id }) => partner_id));
    }

    /** Let the server say which action follows from what was found. */
    async run(method) {
        const action = await this.orm.call("gem.crm.profile", method, [
            this.state.productIds,
            this.chosenIds,
        ]);
        return this.action.doAction(action);
    }

    async open(row) {
        const action = await this.orm.call("res.partner", "gem_action_open", [[row.partner_id]]);
        return this.action.doAction(action);
    }

    get placeholder() {
        return _t("Choose one or several products…");
    }
}

registry.category("lazy_components").add("gem_crm.finder", Finder);
