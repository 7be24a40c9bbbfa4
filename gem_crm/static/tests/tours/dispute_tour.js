import { registry } from "@web/core/registry";

/**
 * An accountant, in French: from the invoice to the dispute, the accepted lines, the draft of the
 * partial credit note, its posting and the end of the dispute. Four clicks beyond typing.
 */
registry.category("web_tour.tours").add("gem_crm_dispute", {
    steps: () => [
        {
            content: "1. Dispute the invoice",
            trigger: "button[name=gem_action_dispute]:contains('Litige')",
            run: "click",
        },
        {
            content: "Type the reason",
            trigger: ".modal [name=reason_id] input",
            run: "edit Arrived wet",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Arrived wet')",
            run: "click",
        },
        {
            content: "All lines of the invoice are there: type what is accepted of the first",
            trigger: ".modal .o_data_row:first td[name=accepted_quantity]",
            run: "click",
        },
        {
            trigger: ".modal .o_selected_row [name=accepted_quantity] input",
            run: "edit 4 && press Tab",
        },
        { trigger: ".modal [name=accepted_amount]:contains('40')" },
        {
            content: "2. Draft the credit note",
            trigger: ".modal button[name=action_credit]",
            run: "click",
        },
        { trigger: "body:not(:has(.modal)) .o_form_view [name=invoice_line_ids]:contains('40')" },
        {
            content: "3. Post it",
            trigger: ".o_form_view button[name=action_post]:not(.d-none)",
            run: "click",
        },
        { trigger: ".o_arrow_button_current:contains('Comptabilisé')" },
        {
            content: "4. Back on the invoice: nothing is disputed any more",
            trigger: ".o_back_button, .breadcrumb-item:first a",
            run: "click",
        },
        { trigger: ".o_form_view:not(:has([name=gem_disputed]:visible))" },
        { trigger: "button[name=gem_action_view_disputes]:contains('1')" },
    ],
});
