import { registry } from "@web/core/registry";

/** A customer files a complaint, adds to it, and says that it is settled. In French. */
registry.category("web_tour.tours").add("gem_crm_complaint_portal", {
    url: "/my",
    steps: () => [
        {
            content: "The portal offers complaints",
            trigger: `a[href="/my/complaints"]:contains("Vos réclamations")`,
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "File one",
            trigger: `.o_gem_complaint_new:contains("Nouvelle réclamation")`,
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Say what it is about",
            trigger: `label:contains("En quelques mots")`,
        },
        { trigger: "input[name=subject]", run: "edit Étagère cassée" },
        {
            content: "Choose what was bought",
            trigger: "select[name=purchase]",
            run: "selectByLabel Wooden shelf",
        },
        { trigger: "textarea[name=text]", run: "edit Elle est tombée le premier jour." },
        { trigger: "textarea[name=expectation]", run: "edit Une étagère neuve" },
        {
            content: "Send it",
            trigger: `.o_gem_complaint_form button[type=submit]:contains("Envoyer")`,
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It has a number, and a day is promised",
            trigger: `.alert-success:contains("Vous aurez notre réponse au plus tard le")`,
        },
        {
            content: "It stands as it was told",
            trigger: `.o_gem_complaint:contains("Elle est tombée le premier jour.")`,
        },
        {
            content: "Add something, once the portal has loaded its chatter",
            trigger: "#chatterRoot:shadow .o-mail-Composer-input",
            timeout: 60000,
            run: "edit Le plateau aussi.",
        },
        {
            trigger: "#chatterRoot:shadow .o-mail-Composer-send:enabled",
            run: "click",
        },
        {
            trigger: `#chatterRoot:shadow .o-mail-Message-body:contains("Le plateau aussi.")`,
        },
        {
            content: "It is settled",
            trigger: `.o_gem_complaint_settle:contains("C'est réglé pour moi")`,
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "How was it?",
            trigger: `.o_gem_complaint_rate:contains("Êtes-vous satisfait") a:first`,
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "form[action*='submit_feedback'] button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "body:contains('Merci')" },
    ],
});
