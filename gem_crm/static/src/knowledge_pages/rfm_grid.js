import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Badge } from "../badge/badge_field";
import { KnowledgePage } from "./knowledge_page";

/** The customers in five times five cells: how recently and how often they buy. */
export class RfmGrid extends KnowledgePage {
    static template = "gem_crm.RfmGrid";
    static components = { ...KnowledgePage.components, Badge };
    static getter = "get_rfm_grid";

    get rows() {
        return [5, 4, 3, 2, 1].map((frequency) => ({
            frequency,
            cells: this.data.cells.filter((cell) => cell.frequency === frequency),
        }));
    }

    get help() {
        return _t(
            "Each column is a fifth of the customers by their last purchase, each row a fifth by the number of their purchases. The darker a cell, the more of the revenue of 12 months it holds. Click on it to see who they are."
        );
    }

    /** How dark the cell is, from 0 to 1. */
    weight(cell) {
        const most = Math.max(...this.data.cells.map(({ revenue }) => revenue), 1);
        return Math.max(cell.revenue, 0) / most;
    }

    label(cell) {
        return _t("Recency %(recency)s, frequency %(frequency)s", cell);
    }

    openCell(cell) {
        return this.openCustomers(this.label(cell), [
            ["gem_rfm_recency", "=", cell.recency],
            ["gem_rfm_frequency", "=", cell.frequency],
        ]);
    }

    openNamed(named) {
        return this.openCustomers(named.name, [["gem_rfm_segment_id", "=", named.id]]);
    }
}

registry.category("lazy_components").add("gem_crm.rfm_grid", RfmGrid);
