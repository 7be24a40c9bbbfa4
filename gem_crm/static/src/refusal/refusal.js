import { Component } from "@odoo/owl";

import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { patch } from "@web/core/utils/patch";
import { Record } from "@web/model/relational_model/record";

const NOTE = "gem.crm.note";

/** Asks why customers refused. */
export class RefusalDialog extends Component {
    static template = "gem_crm.RefusalDialog";
    static components = { Dialog };
    static props = {
        close: Function,
        title: String,
        reasons: Array,
        isManager: Boolean,
        choose: Function,
    };

    choose(reason) {
        this.props.choose(reason);
        this.props.close();
    }
}

/**
 * Wherever a note gets a status that means refused (in a form, in a row or many, in the
 * column to which a card is dragged), the reason is asked for, and both are written at once.
 */
patch(Record.prototype, {
    update(changes, options) {
        if (
            this.resModel !== NOTE ||
            !changes.status_id ||
            "refusal_reason_id" in changes ||
            !("refusal_reason_id" in this.activeFields) ||
            this.model._urgentSave
        ) {
            return super.update(changes, options);
        }
        return this.gemAskReason(changes).then((complete) => {
            if (complete) {
                return super.update(complete, options);
            }
            // Show again what was there.
            this.model.notify?.();
            return false;
        });
    },

    /** Return the changes with a reason if one is needed; null when nobody gave it. */
    async gemAskReason(changes) {
        const { orm } = this.model;
        const [{ state }] = await orm.read("gem.crm.status", [changes.status_id.id], ["state"]);
        const many = this.selected && this.model.multiEdit;
        if (state !== "refused" || (this.data.refusal_reason_id && !many)) {
            return changes;
        }
        const [reasons, isManager] = await Promise.all([
            orm.searchRead("gem.crm.refusal.reason", [], ["display_name"]),
            user.hasGroup("gem_crm.gem_crm_group_manager"),
        ]);
        const { isDomainSelected, count: all, selection } = this.model.root;
        const count = many ? (isDomainSelected ? all : selection.length) : 1;
        return new Promise((resolve) => {
            this.model.dialog.add(
                RefusalDialog,
                {
                    title:
                        count > 1
                            ? _t("Why did these %s customers refuse?", count)
                            : this.data.partner_id
                            ? _t("Why did %s refuse?", this.data.partner_id.display_name)
                            : _t("Why did the customer refuse?"),
                    reasons,
                    isManager,
                    choose: ({ id, display_name }) =>
                        resolve({ ...changes, refusal_reason_id: { id, display_name } }),
                },
                { onClose: () => resolve(null) }
            );
        });
    },
});
