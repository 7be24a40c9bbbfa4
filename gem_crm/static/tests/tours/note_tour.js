import { registry } from "@web/core/registry";

/** Type a value in the line that is being edited. */
const fill = (field, value) => ({
    content: `Write ${field}`,
    trigger: `.o_selected_row [name=${field}] input:not([type=color]), .o_selected_row [name=${field}] textarea`,
    run: `edit ${value} && press Tab`,
});

const choose = (field, text) => [
    {
        content: `Look for ${text}`,
        trigger: `.o_selected_row [name=${field}] input`,
        run: `edit ${text}`,
    },
    {
        content: `Choose ${text}`,
        trigger: `.o-autocomplete--dropdown-item:contains("${text}")`,
        run: "click",
    },
];

const save = [
    { content: "Save the line", trigger: ".o_list_button_save", run: "click" },
    { trigger: "body:not(:has(.o_selected_row))" },
];

const tab = (name) => ({
    content: `Open the tab ${name}`,
    trigger: `.o_gem_crm_settings [data-tab=${name}]`,
    run: "click",
});

/** The administrator shapes the notes: a status, an action and two variables. */
registry.category("web_tour.tours").add("gem_crm_note_settings", {
    steps: () => [
        tab("status"),
        {
            content: "Add a status to the last group, which is that of sales",
            trigger: ".o_group_field_row_add a:last",
            run: () => {
                const links = document.querySelectorAll(".o_group_field_row_add a");
                links[links.length - 1].click();
            },
        },
        fill("name", "Négociation"),
        fill("background_color", "#FFE08A"),
        fill("text_color", "#FFF3CD"),
        {
            content: "Light yellow on yellow cannot be read, which is said",
            trigger: ".o_selected_row [name=text_color] .text-warning",
        },
        {
            trigger: ".o_selected_row [name=text_color] button",
            run: "click",
        },
        { trigger: ".o_selected_row [name=text_color]:not(:has(.text-warning))" },
        ...save,

        tab("action"),
        { content: "The actions are there", trigger: "th[data-name=assignee]" },
        {
            content: "Add an action of sales",
            trigger: ".o_group_field_row_add a:last",
            run: () => {
                const links = document.querySelectorAll(".o_group_field_row_add a");
                links[links.length - 1].click();
            },
        },
        fill("name", "Visite"),
        ...save,

        tab("variable"),
        { content: "The variables are there", trigger: "th[data-name=option_ids]" },
        { content: "Add a variable", trigger: ".o_list_button_add", run: "click" },
        fill("name", "Budget"),
        {
            content: "Its type is a currency",
            trigger: ".o_selected_row [name=type] input, .o_selected_row [name=type] select",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains(/^(Devise|Currency|Montant)/)",
            run: "click",
        },
        ...save,
        { trigger: ".o_data_row:contains('Budget')" },
    ],
});

const note = (customer, action, summary, budget) => [
    { content: `Add the note ${summary}`, trigger: ".o_list_button_add", run: "click" },
    ...choose("partner_id", customer),
    ...choose("action_id", action),
    fill("name", summary),
    {
        content: "Write the budget; Tab would go on to the next note",
        trigger: ".o_selected_row .o_field_monetary input",
        run: `edit ${budget}`,
    },
    ...save,
    { trigger: `.o_data_row:contains("${summary}")` },
];
const firstRow = (text) => ({ trigger: `.o_data_row:first:contains("${text}")` });

/** A user writes notes with the new variable, sorts and sums by it, and sets the status. */
registry.category("web_tour.tours").add("gem_crm_note", {
    steps: () => [
        { trigger: ".o_list_view" },
        ...note("Horizon Books", "Visite", "Premier rendez-vous", "300"),
        ...note("Horizon Books", "Visite", "Offre de printemps", "100"),
        ...note("Horizon Books", "Visite", "Relance", "500"),
        {
            content: "Sort by the budget",
            trigger: "th.o_column_sortable:contains('Budget')",
            run: "click",
        },
        firstRow("Offre de printemps"),
        { trigger: "th.o_column_sortable:contains('Budget')", run: "click" },
        firstRow("Relance"),
        { content: "See the sum", trigger: "tfoot:contains('900')" },
        {
            content: "Set the status of the first note",
            trigger: ".o_data_row:first td[name=status_id]",
            run: "click",
        },
        ...choose("status_id", "Négociation"),
        ...save,
        { trigger: ".o_data_row:first .o_gem_crm_badge:contains('Négociation')" },
    ],
});
