import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { deserializeDate } from "@web/core/l10n/dates";
import { formatFloat } from "@web/views/fields/formatters";
import { KnowledgePage } from "./knowledge_page";

/** How many customers were lost and won, month by month, and how they stand today. */
export class Attrition extends KnowledgePage {
    static template = "gem_crm.Attrition";
    static getter = "get_attrition";

    get help() {
        return _t(
            "A customer is lost once silent for several of their own usual intervals. The attrition of a month is the share of those who were customers at its beginning and were lost at its end; retention is the rest."
        );
    }

    get tallest() {
        return Math.max(...this.data.months.map((row) => Math.max(row.lost, row.new + row.won_back)), 1);
    }

    month(row) {
        return deserializeDate(row.month).toFormat("LLL yy");
    }

    height(value) {
        return `height: ${(100 * value) / this.tallest}%`;
    }

    openState(state) {
        return this.openCustomers(state.label, [["gem_attrition", "=", state.attrition]]);
    }

    decimal(value) {
        return formatFloat(value, { digits: [16, 1] });
    }
}

registry.category("lazy_components").add("gem_crm.attrition", Attrition);
