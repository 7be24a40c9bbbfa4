import { registerMessageAction } from "@mail/core/common/message_actions";
import { _t } from "@web/core/l10n/translation";
import { session } from "@web/session";

const NOT_ABOUT_CUSTOMERS = ["discuss.channel", "mail.box", "gem.crm.note"];

/** From any message about a customer, write down what is to be done about it. */
registerMessageAction("gem-crm-note", {
    condition: ({ message }) =>
        session.gem_crm_user &&
        Number.isInteger(message.id) &&
        message.thread?.model &&
        !NOT_ABOUT_CUSTOMERS.includes(message.thread.model),
    icon: "fa fa-sticky-note-o",
    name: _t("Make a Note of This"),
    onSelected: async ({ message, owner }) => {
        const { orm, action } = owner.env.services;
        action.doAction(await orm.call("gem.crm.note", "action_from_message", [message.id]));
    },
    sequence: 65,
});
