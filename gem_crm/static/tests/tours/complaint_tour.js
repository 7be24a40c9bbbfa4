import { registry } from "@web/core/registry";

const choose = (field, text) => [
    {
        content: `Look for ${text}`,
        trigger: `.o_field_widget[name=${field}] input`,
        run: `edit ${text}`,
    },
    {
        content: `Choose ${text}`,
        trigger: `.o-autocomplete--dropdown-item:contains("${text}")`,
        run: "click",
    },
];

const chooseInLine = (field, text) => [
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

const write = (field, text) => ({
    content: `Write ${field}`,
    trigger: `.o_field_widget[name=${field}] textarea, .o_field_widget[name=${field}] input`,
    run: `edit ${text}`,
});

const tab = (name) => ({
    content: `Open the tab ${name}`,
    trigger: `.o_notebook a[name=${name}]`,
    run: "click",
});

const button = (name, label) => ({
    content: `Press ${label}`,
    trigger: `.o_form_statusbar button[name=${name}]:contains("${label}")`,
    run: "click",
});

const inStage = (label) => ({
    content: `It is in the stage ${label}`,
    trigger: `.o_statusbar_status .o_arrow_button_current:contains("${label}")`,
});

const save = [
    { content: "Save", trigger: ".o_form_button_save:visible", run: "click" },
    { trigger: ".o_form_saved" },
];

/** From an e-mail of somebody unknown to the closing. */
registry.category("web_tour.tours").add("gem_crm_complaint", {
    steps: () => [
        {
            content: "It waits to be sorted",
            trigger: ".o_data_row td[name=name]:contains('Colis mouillés')",
            run: "click",
        },
        { trigger: ".alert-warning:contains('On ne sait pas encore qui réclame')" },
        ...choose("partner_id", "Horizon Books"),
        ...choose("user_id", "Chloe Martin"),
        ...save,
        button("action_acknowledge", "Accusée"),
        inStage("Accusée"),
        {
            content: "The acknowledgement was in time",
            trigger: "[name=date_acknowledge_by] .text-success",
        },

        write("expectation", "De nouveaux colis avant vendredi"),
        tab("assessed"),
        ...choose("category_id", "Livraison"),
        {
            content: "It is serious",
            trigger: ".o_field_widget[name=severity] label:contains('Grave')",
            run: "click",
        },

        tab("measures"),
        {
            content: "Add a measure",
            trigger: "[name=measure_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "Say what is done at once",
            trigger: ".o_selected_row [name=name] textarea, .o_selected_row [name=name] input",
            run: "edit Renvoyer deux colis par coursier",
        },
        ...save,
        {
            content: "It is done",
            trigger: "[name=measure_ids] .o_data_row button[name=action_done]",
            run: "click",
        },
        { trigger: "[name=date_emergency_by] .text-success" },

        tab("investigated"),
        ...choose("cause_id", "Emballage"),
        {
            content: "Add what the customer compares",
            trigger: "[name=comparison_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        ...chooseInLine("competitor_id", "Lynx et fils"),
        ...chooseInLine("criterion_id", "Qualité"),
        ...save,

        tab("answered"),
        {
            content: "Write the answer",
            trigger: ".o_field_widget[name=answer] .odoo-editor-editable",
            run: "editor Deux nouveaux colis sont en route.",
        },
        button("action_answered", "Répondu"),
        inStage("Répondu"),
        button("action_close", "Clore"),
        {
            content: "The outcome is missing, which is said",
            trigger: ".modal-body:contains(\"Choisissez l'issue.\")",
        },
        { trigger: ".modal-footer button.btn-primary, .modal-footer .o-default-button", run: "click" },
        {
            trigger: ".o_field_widget[name=outcome] label:contains('Fondée'):first",
            run: "click",
        },
        button("action_close", "Clore"),
        {
            content: "It is closed",
            trigger: ".o_form_statusbar button[name=action_reopen]",
        },
    ],
});
