import { registry } from "@web/core/registry";

const section = (model) => `.o_gem_crm_customer_list[data-model='${model}']`;

/** A salesperson finds who is late against their rhythm, reads why, and writes a note. */
registry.category("web_tour.tours").add("gem_crm_late", {
    steps: () => [
        {
            content: "Open the customer who is late",
            trigger: ".o_data_row .o_data_cell[name=complete_name]:contains('Horizon Books')",
            run: "click",
        },
        {
            content: "The band says that they are late",
            trigger: ".o_gem_crm_fact[data-fact=next_purchase] .text-danger",
        },
        {
            content: "It says how they usually come",
            trigger: ".o_gem_crm_fact[data-fact=next_purchase]:contains('30')",
        },
        {
            content: "The habits say what they miss",
            trigger: ".o_gem_crm_habits tr[data-habit='Diary'] .o_gem_crm_month_bars",
        },
        {
            content: "There is something to propose",
            trigger: ".o_gem_crm_habits li[data-kind=due]:contains('Diary')",
        },
        {
            content: "Write a note",
            trigger: `${section("gem.crm.note")} .o_gem_crm_add`,
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=name] input",
            run: "edit Demander pour les agendas",
        },
        { trigger: ".modal .o_form_button_save", run: "click" },
        {
            trigger: `body:not(:has(.modal)) ${section("gem.crm.note")} :contains("Demander pour les agendas")`,
        },
    ],
});

/** From a new product to notes for the account managers of those who would want it. */
registry.category("web_tour.tours").add("gem_crm_finder", {
    steps: () => [
        {
            content: "Look for the new product",
            trigger: ".o_gem_crm_finder_products input",
            run: "edit Diary of next year",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Diary of next year')",
            run: "click",
        },
        {
            content: "Whoever buys diaries is found, with the reason",
            trigger: ".o_gem_crm_finder_table tr:contains('Horizon Books') td:eq(3):contains(/./)",
        },
        { trigger: ".o_gem_crm_finder button[name=notes]", run: "click" },
        {
            content: "The summary names the product",
            trigger: ".modal .o_field_widget[name=name] input:value(/Diary of next year/)",
        },
        { trigger: ".modal button[name=action_make]", run: "click" },
        {
            content: "The notes are made",
            trigger: ".o_list_view .o_data_row:contains('Horizon Books')",
        },
    ],
});

const menu = (name) => [
    {
        trigger: ".o_menu_sections [data-menu-xmlid='gem_crm.gem_crm_menu_knowledge']",
        run: "click",
    },
    { trigger: `.o-dropdown--menu [data-menu-xmlid='gem_crm.${name}']`, run: "click" },
];
const opensHorizon = [
    { trigger: ".o_list_view .o_data_row:contains('Horizon Books')" },
    { trigger: ".o_back_button, .breadcrumb-item:first a", run: "click" },
];

/** Each drawn page shows the customer, and opens the customers behind what is clicked. */
registry.category("web_tour.tours").add("gem_crm_drawn_pages", {
    steps: () => [
        ...menu("gem_crm_rfm_grid_menu"),
        { trigger: ".o_gem_crm_rfm_cell:enabled", run: "click" },
        ...opensHorizon,
        { trigger: ".o_gem_crm_rfm_named button", run: "click" },
        ...opensHorizon,
        ...menu("gem_crm_abc_curve_menu"),
        { trigger: ".o_gem_crm_abc_class[data-class=a]:contains('1 client')", run: "click" },
        ...opensHorizon,
        { content: "The curve is drawn", trigger: ".o_gem_crm_curve_line" },
        ...menu("gem_crm_attrition_menu"),
        { trigger: "[data-state]:enabled:contains('100 %')", run: "click" },
        ...opensHorizon,
        {
            content: "A month in which Horizon stayed",
            trigger: ".o_gem_crm_attrition_table td:nth-child(2):contains('1')",
        },
        ...menu("gem_crm_seasons_menu"),
        { trigger: "tr:contains('Diary') .o_gem_crm_season:enabled", run: "click" },
        ...opensHorizon,
        { trigger: ".o_gem_crm_seasons" },
    ],
});
