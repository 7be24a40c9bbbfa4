import { registry } from "@web/core/registry";
import { utils as ui } from "@web/core/ui/ui_service";
import { RelationalModel } from "@web/model/relational_model/relational_model";
import { SearchModel } from "@web/search/search_model";
import { KanbanHeader } from "@web/views/kanban/kanban_header";
import { KanbanRecord } from "@web/views/kanban/kanban_record";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";
import { Badge } from "../badge/badge_field";

/** The models whose records are shown as badges. */
const COLOURED = [
    "gem.crm.action",
    "gem.crm.complaint.stage",
    "gem.crm.status",
    "gem.crm.variable.option",
];

/** A phone shows one column at a time, and the first may be empty: there, all cards in one. */
class BadgeSearchModel extends SearchModel {
    load(config) {
        return super.load(ui.isSmall() ? { ...config, defaultGroupBy: undefined } : config);
    }
}

/** Knows the colours of the choices by which records are grouped. */
class BadgeModel extends RelationalModel {
    setup(...args) {
        super.setup(...args);
        this.badges = {};
    }

    async _loadGroupedList(config, cache) {
        const relations = config.groupBy
            .map((groupBy) => config.fields[groupBy.split(":")[0]]?.relation)
            .filter((relation) => COLOURED.includes(relation) && !this.badges[relation]);
        const [data] = await Promise.all([
            super._loadGroupedList(config, cache),
            ...relations.map((relation) => this.loadBadges(relation)),
        ]);
        return data;
    }

    async loadBadges(relation) {
        const choices = await this.orm.searchRead(
            relation,
            [],
            ["abbreviation", "text_color", "background_color"],
            { context: { active_test: false } }
        );
        this.badges[relation] = Object.fromEntries(
            choices.map((choice) => [
                choice.id,
                {
                    abbreviation: choice.abbreviation,
                    textColor: choice.text_color,
                    backgroundColor: choice.background_color,
                },
            ])
        );
    }

    /** What the badge of a group shows, if the group is that of a coloured choice. */
    badgeOf(group) {
        const badge = this.badges[group.groupByField.relation]?.[group.value];
        return badge && { ...badge, name: group.displayName };
    }
}

class BadgeKanbanHeader extends KanbanHeader {
    static template = "gem_crm.BadgeKanbanHeader";
    static components = { ...KanbanHeader.components, Badge };

    get badgeProps() {
        return this.props.list.model.badgeOf(this.group);
    }
}

class BadgeKanbanRecord extends KanbanRecord {
    /** A card does not repeat what the title of its column says. */
    get renderingContext() {
        return { ...super.renderingContext, groupedBy: this.props.groupByField?.name };
    }
}

class BadgeKanbanRenderer extends KanbanRenderer {
    static components = {
        ...KanbanRenderer.components,
        KanbanHeader: BadgeKanbanHeader,
        KanbanRecord: BadgeKanbanRecord,
    };
}

class BadgeListRenderer extends ListRenderer {
    static groupRowTemplate = "gem_crm.BadgeGroupRow";
    static components = { ...ListRenderer.components, Badge };
}

registry.category("views").add("gem_crm_badge_kanban", {
    ...kanbanView,
    Model: BadgeModel,
    Renderer: BadgeKanbanRenderer,
    SearchModel: BadgeSearchModel,
});
registry.category("views").add("gem_crm_badge_list", {
    ...listView,
    Model: BadgeModel,
    Renderer: BadgeListRenderer,
});
