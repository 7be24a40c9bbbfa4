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

/** Add a variable in the list that is open. */
const variable = (name, type) => [
    { content: `Add the variable ${name}`, trigger: ".o_list_button_add", run: "click" },
    fill("name", name),
    {
        content: "Choose its type",
        trigger: ".o_selected_row [name=type] input, .o_selected_row [name=type] select",
        run: "click",
    },
    { trigger: `.o_select_menu_item:contains(${type})`, run: "click" },
    ...save,
    { trigger: `.o_data_row:contains('${name}')` },
];

/** Add an option, with its colour typed as hex, on the form of a dropdown. */
const option = (name, color) => [
    { content: `Add the option ${name}`, trigger: ".o_field_x2many_list_row_add a", run: "click" },
    fill("name", name),
    fill("background_color", color),
    fill("text_color", "#1F2937"),
];

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
        ...variable("Budget", /^(Devise|Montant)/),
        ...variable("Chaleur", /^(Liste|Menu) déroulant/),
        {
            content: "Open the dropdown to give it its options",
            trigger: ".o_data_row:contains('Chaleur') button[name=get_formview_action]",
            run: "click",
        },
        ...option("Froid", "#CFE2FF"),
        ...option("Tiède", "#FFE08A"),
        ...option("Brûlant", "#FFD0C2"),
        { content: "Save the variable", trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved, .o_form_view:not(:has(.o_form_button_save:visible))" },
        { trigger: "[name=option_ids] .o_data_row:nth-child(3):contains('Brûlant')" },
    ],
});

const note = (summary, budget, warmth) => [
    { content: `Add the note ${summary}`, trigger: ".o_list_button_add", run: "click" },
    ...choose("partner_id", "Horizon Books"),
    ...choose("action_id", "Visite"),
    fill("name", summary),
    ...choose("x_gem_chaleur", warmth),
    {
        content: "Write the budget; Tab would go on to the next note",
        trigger: ".o_selected_row .o_field_monetary input",
        run: `edit ${budget}`,
    },
    ...save,
    { trigger: `.o_data_row:contains("${summary}")` },
];
const firstRow = (text) => ({ trigger: `.o_data_row:first:contains("${text}")` });
const group = (number, name, sum) => ({
    content: `The group ${name} has its sum`,
    trigger: `tr.o_group_header:eq(${number}):has(.o_gem_crm_badge:contains("${name}")):contains("${sum}")`,
});

/** A user writes notes with the new variables, sorts, groups and sums by them, sets a status. */
registry.category("web_tour.tours").add("gem_crm_note", {
    steps: () => [
        { trigger: ".o_list_view" },
        ...note("Premier rendez-vous", "300", "Tiède"),
        ...note("Offre de printemps", "100", "Froid"),
        ...note("Relance", "500", "Brûlant"),
        ...note("Deuxième visite", "250", "Brûlant"),
        ...note("Salon du livre", "50", "Tiède"),
        {
            content: "Sort by the budget",
            trigger: "th.o_column_sortable:contains('Budget')",
            run: "click",
        },
        firstRow("Salon du livre"),
        { trigger: "th.o_column_sortable:contains('Budget')", run: "click" },
        firstRow("Relance"),
        { content: "See the sum", trigger: "tfoot:contains('1 200')" },
        {
            content: "Sorted by nothing, groups are in the order of the options",
            trigger: "th.o_column_sortable:contains('Budget')",
            run: "click",
        },
        {
            content: "Group by the dropdown",
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        { trigger: ".o_group_by_menu .o_menu_item:contains('Chaleur')", run: "click" },
        { trigger: ".o_searchview_dropdown_toggler", run: "click" },
        group(0, "Froid", "100"),
        group(1, "Tiède", "350"),
        group(2, "Brûlant", "750"),
        { content: "Open the warmest", trigger: "tr.o_group_header:eq(2)", run: "click" },
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

/** The customer shows where they stand. */
registry.category("web_tour.tours").add("gem_crm_note_customer", {
    steps: () => [
        { trigger: ".o_form_view a[name=gem_follow_up]", run: "click" },
        { trigger: ".o_form_view .o_gem_crm_badge:contains('Négociation')" },
    ],
});

/** Wherever a status means refused, the reason is asked for. */
registry.category("web_tour.tours").add("gem_crm_note_refusal", {
    steps: () => [
        {
            content: "Every column shows its status in its colours",
            trigger: ".o_kanban_group .o_kanban_header .o_gem_crm_badge:contains('Prospect')",
        },
        {
            content: "Which its cards do not repeat",
            trigger: ".o_kanban_record:contains('Offre'):not(:has(.o_gem_crm_badge))",
        },
        {
            content: "Drag the card to the refused ones",
            trigger: ".o_kanban_record:contains('Offre')",
            run: "drag_and_drop(.o_kanban_group:has(.o_kanban_header:contains('Refusé')))",
        },
        { trigger: ".modal-title:contains('Horizon Books')" },
        { content: "Think again", trigger: ".modal-footer .btn-secondary", run: "click" },
        {
            content: "The card is where it was",
            trigger:
                ".o_kanban_group:has(.o_kanban_header:contains('Prospect')) .o_kanban_record:contains('Offre')",
        },
        {
            trigger: ".o_kanban_record:contains('Offre')",
            run: "drag_and_drop(.o_kanban_group:has(.o_kanban_header:contains('Refusé')))",
        },
        { trigger: ".modal .list-group-item:contains('Trop cher')", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: ".o_kanban_group:not(:has(.o_kanban_record:contains('Offre')))" },
        { content: "In the list", trigger: ".o_switch_view.o_list", run: "click" },
        {
            trigger: ".o_data_row:contains('Relance') td[name=status_id]",
            run: "click",
        },
        ...choose("status_id", "Refusé"),
        { trigger: ".modal .list-group-item:contains('Trop cher')", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        ...save,
        { trigger: ".o_data_row:contains('Relance') .o_gem_crm_badge:contains('Refusé')" },
        ...["Devis A", "Devis B"].map((name) => ({
            content: "Several at once",
            trigger: `.o_data_row:contains('${name}') .o_list_record_selector input`,
            run: "click",
        })),
        {
            trigger: ".o_data_row_selected:contains('Devis A') td[name=status_id]",
            run: "click",
        },
        ...choose("status_id", "Refusé"),
        { trigger: ".modal-title:contains('Pourquoi ces 2 clients')" },
        { trigger: ".modal .list-group-item:contains('Trop cher')", run: "click" },
        { trigger: ".modal:contains('Motif de refus') .btn-primary", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: ".o_data_row:contains('Devis B') .o_gem_crm_badge:contains('Refusé')" },
    ],
});

/** A phone shows all cards one below the other: none hides in a column beside the screen. */
registry.category("web_tour.tours").add("gem_crm_note_on_a_phone", {
    steps: () => [
        {
            trigger:
                ".o_kanban_ungrouped .o_kanban_record:contains('Offre') .o_gem_crm_badge:contains('Prosp')",
        },
        { trigger: ".o_kanban_ungrouped .o_kanban_record:contains('Relance')" },
    ],
});
