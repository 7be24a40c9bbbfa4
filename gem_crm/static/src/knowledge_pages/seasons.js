import { Domain } from "@web/core/domain";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KnowledgePage } from "./knowledge_page";

const { Info } = luxon;

/** In which months of the year what is bought: the products by the twelve months. */
export class Seasons extends KnowledgePage {
    static template = "gem_crm.Seasons";
    static getter = "get_seasons";

    setup() {
        super.setup();
        this.state.kind = "product";
        this.monthNames = Info.months("short");
        this.longNames = Info.months("long");
        this.thisMonth = luxon.DateTime.now().month;
    }

    get arguments() {
        return { ...super.arguments, kind: this.state.kind };
    }

    get help() {
        return _t(
            "How often customers bought each product in each month of the year, all years together. The darker, the more of the product's year lies in this month. Click on a cell to see who bought it then."
        );
    }

    setKind(kind) {
        this.state.kind = kind;
        return this.load();
    }

    /** How dark a month is, from 0 to 1, within its own row. */
    weight(row, count) {
        return count / Math.max(...row.months, 1);
    }

    label(row, month) {
        return _t("%(product)s in %(month)s: %(count)s purchases", {
            product: row.name,
            month: this.longNames[month],
            count: row.months[month],
        });
    }

    openCell(row, month) {
        const habit = Domain.and([
            [[this.state.kind === "product" ? "product_id" : "categ_id", "=", row.id]],
            [["kind", "=", this.state.kind]],
            [[`month_${month + 1}`, ">", 0]],
            [["company_id", "=", this.data.company_id]],
        ]).toList();
        return this.openCustomers(
            _t("%(product)s in %(month)s", { product: row.name, month: this.longNames[month] }),
            [["gem_habit_ids", "any", habit]]
        );
    }
}

registry.category("lazy_components").add("gem_crm.seasons", Seasons);
