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
