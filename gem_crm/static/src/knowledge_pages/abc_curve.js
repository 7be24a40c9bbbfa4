import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KnowledgePage } from "./knowledge_page";

/** How much of the revenue comes from how few of the customers. */
export class AbcCurve extends KnowledgePage {
    static template = "gem_crm.AbcCurve";
    static getter = "get_abc_curve";

    get help() {
        return _t(
            "The largest customers come first. A: who together make the first part of the revenue, B: the next, C: the many small ones. Customers without revenue in the period are in no class."
        );
    }

    get count() {
        return this.data.classes.reduce((sum, { count }) => sum + count, 0);
    }

    get revenue() {
        return this.data.classes.reduce((sum, { revenue }) => sum + revenue, 0);
    }

    /** The curve, in a picture of 100 by 100 whose ordinate points down. */
    get path() {
        return this.data.points.map(([x, y]) => `${x},${100 - y}`).join(" ");
    }

    get area() {
        return `0,100 ${this.path} 100,100`;
    }

    /** Where a class ends on the abscissa. */
    get limits() {
        let soFar = 0;
        return this.data.classes.slice(0, -1).map(({ label, count }) => {
            soFar += count;
            return { label, x: (100 * soFar) / this.count };
        });
    }

    get label() {
        return this.data.classes
            .map(({ label, count, revenue }) =>
                _t("%(class)s: %(customers)s of the customers, %(revenue)s of the revenue", {
                    class: label,
                    customers: this.percent(count, this.count),
                    revenue: this.percent(revenue, this.revenue),
                })
            )
            .join("; ");
    }

    openClass(abc) {
        return this.openCustomers(_t("%s Customers", abc.label), [["gem_abc", "=", abc.abc]]);
    }

    openMoved(way) {
        const conditions = [
            ["gem_abc_since", ">=", "today -31d"],
            ["gem_abc_previous", "!=", false],
        ];
        const fell = [
            "|",
            "|",
            ["gem_abc", "=", false],
            "&",
            ["gem_abc_previous", "=", "a"],
            ["gem_abc", "!=", "a"],
            "&",
            ["gem_abc_previous", "=", "b"],
            ["gem_abc", "=", "c"],
        ];
        const rose = [
            "|",
            "&",
            ["gem_abc", "=", "a"],
            ["gem_abc_previous", "!=", "a"],
            "&",
            ["gem_abc", "=", "b"],
            ["gem_abc_previous", "=", "c"],
        ];
        return way === "up"
            ? this.openCustomers(_t("Rose to a Better Class"), [...conditions, ...rose])
            : this.openCustomers(_t("Fell to a Lower Class"), [...conditions, ...fell]);
    }
}

registry.category("lazy_components").add("gem_crm.abc_curve", AbcCurve);
