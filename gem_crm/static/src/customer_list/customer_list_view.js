import { registry } from "@web/core/registry";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { listView } from "@web/views/list/list_view";

/** Said on the environment's bus when what is owed to a customer may have changed. */
export const FOLLOW_UP_CHANGED = "GEM_CRM:FOLLOW_UP_CHANGED";

/** A controller that says when one of its records was changed in place. */
const tellingChanges = (Controller) =>
    class extends Controller {
        async afterExecuteActionButton(clickParams) {
            await super.afterExecuteActionButton(clickParams);
            this.env.bus.trigger(FOLLOW_UP_CHANGED);
        }

        async onRecordSaved(record) {
            await super.onRecordSaved(record);
            this.env.bus.trigger(FOLLOW_UP_CHANGED);
        }
    };

registry.category("views").add("gem_crm_customer_list", {
    ...listView,
    Controller: tellingChanges(listView.Controller),
});
registry.category("views").add("gem_crm_customer_kanban", {
    ...kanbanView,
    Controller: tellingChanges(kanbanView.Controller),
});
