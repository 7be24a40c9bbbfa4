import { registry } from "@web/core/registry";

const field = (name) => `.o_form_view .o_field_widget[name=${name}]`;

const write = (name, value) => ({
    content: `Write ${name}`,
    trigger: `${field(name)} :is(input, textarea)`,
    run: `edit ${value}`,
});

/** Choose a record, by its beginning, in a many2one of the form. */
const choose = (name, text) => [
    write(name, text),
    {
        content: `Choose ${text}`,
        trigger: `.o-autocomplete--dropdown-item:contains("${text}")`,
        run: "click",
    },
];

const tab = (name) => ({
    content: `Open the tab ${name}`,
    trigger: `.o_form_view .o_notebook_headers [name=${name}]`,
    run: "click",
});

const press = (name) => ({
    content: `Press ${name}`,
    trigger: `.o_form_view button[name=${name}]:not(.d-none):enabled`,
    run: "click",
});

const stage = (name) => ({
    content: `The complaint stands at ${name}`,
    trigger: `.o_statusbar_status .o_arrow_button_current:contains("${name}")`,
});

const save = [
    { content: "Save", trigger: ".o_form_button_save:enabled", run: "click" },
    { content: "It is saved", trigger: ".o_form_view:not(:has(.o_form_button_save:visible))" },
];

/** A handler takes a complaint that came by e-mail from its receipt to its closing. In French. */
registry.category("web_tour.tours").add("gem_crm_complaint", {
    steps: () => [
        {
            content: "The e-mail waits to be sorted",
            trigger: ".o_breadcrumb:contains('Réclamations à trier')",
        },
        {
            trigger: ".o_data_row .o_data_cell[name=name]:contains('Colis mouillés')",
            run: "click",
        },
        {
            content: "It says what the customer wrote",
            trigger: `${field("description")}:contains("Trois colis sur dix")`,
        },
        {
            content: "The customer was found from the sender",
            trigger: `${field("contact_id")} input:value(Ines Cote)`,
        },
        ...choose("user_id", "Amelie Roy"),
        ...save,

        press("action_send_acknowledgement"),
        stage("Réception accusée"),
        {
            content: "The customer was told the promised day",
            trigger: ".o-mail-Message-body:contains('Vous aurez notre réponse au plus tard le')",
        },

        tab("received"),
        write("expectation", "Trois colis neufs avant vendredi"),
        write("restatement", "Trois colis à remplacer, sans facture de plus"),
        {
            content: "The customer agrees that this is meant",
            trigger: `${field("is_restated")} input`,
            run: "click",
        },
        tab("assessed"),
        ...choose("category_id", "Livraison"),
        {
            content: "It is serious",
            trigger: `${field("severity")} .o_radio_item:contains("Grave") input`,
            run: "click",
        },
        ...save,

        tab("measures"),
        {
            content: "Add a measure",
            trigger: `${field("measure_ids")} .o_field_x2many_list_row_add a`,
            run: "click",
        },
        {
            content: "It is an emergency measure",
            trigger: `${field("measure_ids")} .o_selected_row [name=measure] input:value(Urgence)`,
        },
        {
            trigger: `${field("measure_ids")} .o_selected_row [name=name] input`,
            run: "edit Envoyer trois colis par coursier",
        },
        ...save,
        {
            content: "It is done at once",
            trigger: `${field("measure_ids")} .o_data_row:contains("coursier") button[name=action_done]`,
            run: "click",
        },
        {
            content: "The deadline of the emergency measure was met",
            trigger: `${field("measure_ids")} .o_data_row:contains("coursier"):not(:has(button[name=action_done]))`,
        },

        tab("investigated"),
        ...choose("cause_id", "Emballage"),
        write("lesson", "Un film sous chaque palette"),
        tab("answered"),
        {
            content: "Write the answer",
            trigger: `${field("answer")} .odoo-editor-editable`,
            run: "editor Nous vous envoyons trois colis neufs aujourd’hui.",
        },
        {
            content: "The complaint is justified",
            trigger: `${field("outcome")} .o_radio_item:contains("Fondée") input`,
            run: "click",
        },
        ...save,

        press("action_send_answer"),
        {
            content: "The e-mail holds the answer, in the customer's language",
            trigger: ".modal [name=body]:contains('Voici notre réponse'):contains('trois colis neufs')",
        },
        { trigger: ".modal [name=partner_ids]:contains('Ines Cote')" },
        {
            content: "Send it",
            trigger: ".modal button[name=action_send_mail]:enabled",
            run: "click",
        },
        { trigger: "body:not(:has(.modal))" },
        stage("Réponse donnée"),

        press("action_close"),
        stage("Clôturée"),
        {
            content: "Nothing more is due",
            trigger: `${field("date_closed")}`,
        },
    ],
});

/** The customer rates it on the public page, without logging in. */
registry.category("web_tour.tours").add("gem_crm_complaint_rate", {
    steps: () => [
        {
            content: "The page speaks the customer's language",
            trigger: "form[action*='submit_feedback'] textarea[name=feedback]",
            run: "edit Réponse le jour même !",
        },
        {
            trigger: "form[action*='submit_feedback'] button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "body:contains('Merci')" },
    ],
});

/** The handler sees on the complaint what the customer said. */
registry.category("web_tour.tours").add("gem_crm_complaint_rated", {
    steps: () => [
        {
            trigger: ".o_form_view button[name=action_view_rating]:contains('Content')",
        },
        tab("answered"),
        {
            trigger: `${field("rating_last_feedback")}:contains("Réponse le jour même !")`,
        },
        press("action_view_rating"),
        {
            content: "The button opens the rating itself",
            trigger: ".o_list_view .o_data_row:contains('Ines Cote')",
        },
    ],
});
