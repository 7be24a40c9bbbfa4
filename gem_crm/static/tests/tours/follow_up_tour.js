import { registry } from "@web/core/registry";

const section = (model) => `.o_gem_crm_customer_list[data-model='${model}']`;
const row = (model, text) => `${section(model)} .o_data_row:contains("${text}")`;

/** Type a value in a field of the dialog that is open. */
const fill = (field, value) => ({
    content: `Write ${field}`,
    trigger: `.modal .o_field_widget[name=${field}] :is(input, textarea)`,
    run: `edit ${value}`,
});

/** Choose a record, by its beginning, in a many2one or a list of tags of the dialog. */
const choose = (field, text) => [
    fill(field, text),
    {
        content: `Choose ${text}`,
        trigger: `.modal .o_field_widget[name=${field}] .o-autocomplete--dropdown-item:contains("${text}")`,
        run: "click",
    },
];

const add = (model, steps) => [
    {
        content: `Add to ${model}`,
        trigger: `${section(model)} .o_gem_crm_add`,
        run: "click",
    },
    ...steps,
    {
        content: "Save the dialog",
        trigger: ".modal .o_form_button_save",
        run: "click",
    },
    {
        content: "The dialog is closed",
        trigger: "body:not(:has(.modal))",
    },
];

const openCustomer = (name) => [
    {
        content: "Open the customer",
        trigger: `.o_data_row .o_data_cell[name=complete_name]:contains("${name}")`,
        run: "click",
    },
    {
        content: "The follow-up is shown first",
        trigger: `.o_form_view ${section("gem.crm.need")}`,
    },
];

registry.category("web_tour.tours").add("gem_crm_follow_up", {
    steps: () => [
        ...openCustomer("Horizon Books"),

        ...add("gem.crm.need", [fill("name", "Delivery before nine")]),
        { trigger: row("gem.crm.need", "Delivery before nine") },

        ...add("gem.crm.note", [fill("name", "Send the price list")]),
        { trigger: row("gem.crm.note", "Send the price list") },
        {
            content: "The next step is in the band",
            trigger: ".o_gem_crm_fact[data-fact=next_step]:contains('Send the price list')",
        },

        ...add("gem.crm.discussion", [
            fill("name", "Late delivery"),
            ...choose("concerned_ids", "Bruno"),
            ...choose("copy_ids", "Chloe"),
            fill("opening_message", "The truck was late."),
        ]),
        { trigger: row("gem.crm.discussion", "Late delivery") },

        ...add("gem.crm.correspondence", [fill("subject", "Asked for the catalogue")]),
        { trigger: row("gem.crm.correspondence", "Asked for the catalogue") },

        {
            content: "Record what the customer says of the newsletter",
            trigger: "button[name=gem_action_record_consent]",
            run: "click",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_field_widget[name=gem_newsletter] .text-bg-success",
        },

        {
            content: "Go back to the customers, and find all of it again",
            trigger: ".o_breadcrumb .o_back_button, .breadcrumb-item.o_back_button a",
            run: "click",
        },
        { trigger: ".o_list_view .o_data_row:contains('Send the price list')" },
        ...openCustomer("Horizon Books"),
        { trigger: row("gem.crm.need", "Delivery before nine") },
        { trigger: row("gem.crm.note", "Send the price list") },
        { trigger: row("gem.crm.discussion", "Late delivery") },
        { trigger: row("gem.crm.correspondence", "Asked for the catalogue") },
        {
            content: "What is done leaves the band",
            trigger: `${row("gem.crm.note", "Send the price list")} button[name=action_done]`,
            run: "click",
        },
        { trigger: `${section("gem.crm.note")} .o_data_row.text-muted` },
        { trigger: ".o_gem_crm_fact[data-fact=next_step] .text-warning" },
    ],
});

const tab = ".o_notebook";
const field = (name) => `${tab} .o_field_widget[name=${name}]`;
const pick = (name, text) => [
    {
        content: `Write ${name}`,
        trigger: `${field(name)} input`,
        run: `edit ${text}`,
    },
    {
        content: `Choose ${text}`,
        trigger: `${field(name)} .o-autocomplete--dropdown-item:contains("${text}"), .o-autocomplete--dropdown-menu .dropdown-item:contains("${text}")`,
        run: "click",
    },
];
const shows = (name, text) => ({
    content: `${name} is ${text}`,
    trigger: `${field(name)} input:value("${text}")`,
});
const openTab = (name) => ({
    content: `Open the tab ${name}`,
    trigger: `.o_notebook a[name=${name}]`,
    run: "click",
});

registry.category("web_tour.tours").add("gem_crm_follow_up_form", {
    steps: () => [
        {
            content: "Name a new contact",
            trigger: ".o_form_view .o_field_widget[name=name] :is(input, textarea)",
            run: "edit Lynx Library",
        },
        openTab("gem_follow_up"),
        ...pick("gem_account_manager_id", "Bruno"),
        ...pick("gem_referral_id", "Trade Fair"),
        {
            content: "One save for all of it",
            trigger: ".o_form_button_save",
            run: "click",
        },
        { trigger: ".o_form_saved" },
        shows("gem_account_manager_id", "Bruno Petit"),
        shows("gem_referral_id", "Trade Fair"),
        { trigger: ".o_gem_crm_fact[data-fact=in_charge]:contains('Bruno')" },

        ...pick("gem_deputy_id", "Chloe"),
        { trigger: `${field("gem_deputy_until")}` },
        {
            content: "Think better of it",
            trigger: ".o_form_button_cancel",
            run: "click",
        },
        { trigger: `${tab}:not(:has(.o_field_widget[name=gem_deputy_until]))` },

        openTab("contact_addresses"),
        { trigger: `${tab} .o_field_widget[name=child_ids]` },
        openTab("gem_follow_up"),
        shows("gem_referral_id", "Trade Fair"),
        ...pick("gem_deputy_id", "Amelie"),
        {
            content: "Leave, which saves",
            trigger: ".o_breadcrumb .o_back_button, .breadcrumb-item.o_back_button a",
            run: "click",
        },
        { trigger: "body:not(:has(.o_form_view)) .o_list_view .o_data_row" },
    ],
});
