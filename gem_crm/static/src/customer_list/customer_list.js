import { Component, useState, useSubEnv } from "@odoo/owl";

import { useService } from "@web/core/utils/hooks";
import { registry } from "@web/core/registry";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";
import { getDefaultConfig, View } from "@web/views/view";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { FOLLOW_UP_CHANGED } from "./customer_list_view";

/**
 * The records of one model about the customer of a form, in their own list.
 *
 * A one2many field would be read with the form, even while its tab is closed, and
 * could be neither searched nor paged. This list is loaded when it is first shown.
 */
export class CustomerList extends Component {
    static template = "gem_crm.CustomerList";
    static components = { View };
    static props = {
        ...standardWidgetProps,
        resModel: String,
        title: String,
        addLabel: { type: String, optional: true },
        help: { type: String, optional: true },
        searchable: { type: Boolean, optional: true },
        opensPage: { type: Boolean, optional: true },
        actionName: { type: String, optional: true },
        limit: { type: Number, optional: true },
    };
    static defaultProps = { limit: 5, searchable: false, opensPage: false };

    setup() {
        // The list must not take the form's pager, breadcrumbs or views for its own.
        useSubEnv({ config: { ...getDefaultConfig(), disableSearchBarAutofocus: true } });
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.ui = useService("ui");
        this.state = useState({ version: 0 });
    }

    get customerId() {
        const { record } = this.props;
        return record.data.commercial_partner_id?.id || record.resId;
    }

    get context() {
        return { default_partner_id: this.customerId, gem_one_customer: true };
    }

    get domain() {
        return [["partner_id", "=", this.customerId]];
    }

    get viewProps() {
        const type = this.ui.isSmall ? "kanban" : "list";
        return {
            resModel: this.props.resModel,
            type,
            jsClass: `gem_crm_customer_${type}`,
            views: [
                [false, type],
                [false, "search"],
            ],
            searchViewId: false,
            domain: this.domain,
            context: this.context,
            display: { controlPanel: this.props.searchable && {}, searchPanel: false },
            noBreadcrumbs: true,
            noContentHelp: this.props.help || false,
            limit: this.props.limit,
            useSampleModel: false,
            className: "o_gem_crm_customer_list_view",
            createRecord: () => this.add(),
            selectRecord: (resId) => this.open(resId),
            showButtons: false,
            ...(type === "list" && { allowSelectors: false }),
        };
    }

    /** Save the customer first, so that what is added has somebody to be about. */
    async add() {
        if (!(await this.props.record.save())) {
            return;
        }
        this.openDialog(false);
    }

    async open(resId) {
        if (!this.props.opensPage) {
            return this.openDialog(resId);
        }
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: this.props.resModel,
            res_id: resId,
            views: [[false, "form"]],
        });
    }

    openDialog(resId) {
        this.dialog.add(FormViewDialog, {
            resModel: this.props.resModel,
            resId,
            title: resId ? this.props.title : this.props.addLabel,
            context: this.context,
            size: "lg",
            onRecordSaved: () => this.changed(),
            // A button of the dialog may have changed the record before it was closed.
            onRecordDiscarded: () => this.changed(),
        });
    }

    openAll() {
        return this.action.doAction(this.props.actionName, {
            additionalContext: {
                search_default_partner_id: this.customerId,
                default_partner_id: this.customerId,
            },
        });
    }

    changed() {
        this.state.version++;
        this.env.bus.trigger(FOLLOW_UP_CHANGED);
    }
}

export const customerList = {
    component: CustomerList,
    extractProps: ({ attrs }) => ({
        resModel: attrs.model,
        title: attrs.string,
        addLabel: attrs["add-label"],
        help: attrs.help,
        searchable: attrs.searchable === "1",
        opensPage: attrs.opens === "page",
        actionName: attrs.action,
        limit: attrs.limit ? Number(attrs.limit) : undefined,
    }),
    fieldDependencies: [{ name: "commercial_partner_id", type: "many2one" }],
};

registry.category("view_widgets").add("gem_crm_customer_list", customerList);
