import { Component, useState, useSubEnv } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { CallbackRecorder, useSetupAction } from "@web/search/action_hook";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { getDefaultConfig, View } from "@web/views/view";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/**
 * The tabs of the settings page: each shows the list of one model, edited in place.
 *
 * `{ title: String, resModel: String, help: String }`, in the order of their sequence.
 */
export const settingsTabs = registry.category("gem_crm.settings_tabs");

settingsTabs.add(
    "status",
    {
        title: _t("Status"),
        resModel: "gem.crm.status",
        help: _t("A status says where a note stands, or where a customer stands in the sale."),
    },
    { sequence: 10 }
);
settingsTabs.add(
    "action",
    {
        title: _t("Action"),
        resModel: "gem.crm.action",
        help: _t("An action says what is to be done: call, ship, send a sample…"),
    },
    { sequence: 20 }
);
settingsTabs.add(
    "variable",
    {
        title: _t("Variables"),
        resModel: "gem.crm.variable",
        help: _t(
            "A variable is a field of your own on notes: a budget, a time zone, a closing date…"
        ),
    },
    { sequence: 30 }
);
settingsTabs.add(
    "refusal_reason",
    {
        title: _t("Refusal Reasons"),
        resModel: "gem.crm.refusal.reason",
        help: _t("A refusal reason is asked for when a note gets a status that means refused."),
    },
    { sequence: 40 }
);

class SettingsTab extends Component {
    static template = "gem_crm.SettingsTab";
    static components = { View };
    static props = { tab: Object, leaving: CallbackRecorder };

    setup() {
        // The list must not take the page's breadcrumbs for its own.
        useSubEnv({ config: { ...getDefaultConfig(), disableSearchBarAutofocus: true } });
    }

    get viewProps() {
        return {
            type: "list",
            resModel: this.props.tab.resModel,
            views: [
                [false, "list"],
                [false, "search"],
            ],
            searchViewId: false,
            noBreadcrumbs: true,
            noContentHelp: this.props.tab.help,
            __beforeLeave__: this.props.leaving,
        };
    }
}

/** One page for what administrators set up once: a tab for each kind of choice. */
export class Settings extends Component {
    static template = "gem_crm.Settings";
    static components = { ControlPanel, SettingsTab };
    static props = { ...standardActionServiceProps };

    setup() {
        this.tabs = settingsTabs.getEntries();
        this.leaving = new CallbackRecorder();
        this.state = useState({ tabId: this.tabs[0][0] });
        useSetupAction({ beforeLeave: () => this.save() });
    }

    get tab() {
        return settingsTabs.get(this.state.tabId);
    }

    /** Save the line being edited. Returns false if it cannot be. */
    async save() {
        const results = await Promise.all(this.leaving.callbacks.map((save) => save()));
        return !results.includes(false);
    }

    async open(tabId) {
        if (await this.save()) {
            this.state.tabId = tabId;
        }
    }
}

registry.category("actions").add("gem_crm_settings", Settings);
