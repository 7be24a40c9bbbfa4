import { Component, onWillStart, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { formatInteger, formatMonetary } from "@web/views/fields/formatters";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** What stands above every page: whose customers it is about, and which of them. */
export class KnowledgeLayout extends Component {
    static template = "gem_crm.KnowledgeLayout";
    static components = { ControlPanel };
    static props = { page: Object, slots: Object, help: { type: String, optional: true } };

    get page() {
        return this.props.page;
    }
}

/**
 * A page about the customers of the reader, or of everybody, in one request.
 *
 * `getter` is the method of gem.crm.profile that gives it.
 */
export class KnowledgePage extends Component {
    static components = { KnowledgeLayout };
    static props = { ...standardActionServiceProps };
    static getter = "";

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.state = useState({ scope: "all", segmentId: false, data: null });
        onWillStart(() => this.load());
    }

    get data() {
        return this.state.data;
    }

    get arguments() {
        return { scope: this.state.scope, segment_id: this.state.segmentId };
    }

    async load() {
        this.state.data = await this.keepLast.add(
            this.orm.call("gem.crm.profile", this.constructor.getter, [], this.arguments)
        );
    }

    setScope(scope) {
        this.state.scope = scope;
        return this.load();
    }

    setSegment(value) {
        this.state.segmentId = value ? parseInt(value) : false;
        return this.load();
    }

    money(value) {
        return formatMonetary(Math.round(value), {
            currencyId: this.data.currency_id,
            digits: [16, 0],
        });
    }

    number(value) {
        return formatInteger(value);
    }

    /** A share as a whole percentage, `of` being all. */
    percent(value, of) {
        return of ? _t("%s %", Math.round((100 * value) / of)) : "";
    }

    /** Open those of the page's customers that meet the conditions. */
    openCustomers(name, conditions) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: "res.partner",
            views: [
                [this.data.views.list, "list"],
                [this.data.views.kanban, "kanban"],
                [this.data.views.form, "form"],
            ],
            search_view_id: [this.data.views.search, "search"],
            domain: [...this.data.customers, ...conditions],
            context: { create: false },
        });
    }
}
