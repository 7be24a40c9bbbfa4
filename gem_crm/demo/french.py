"""The demo data in French: what people wrote, and products' names.

Such texts are no terms of the program, which have their place in ``i18n``: a company writes them
in its language. HTML texts stand here with their tags, as in the XML files.
"""

TEXTS = {
    # calls, visits and letters
    "A visit in Bordeaux?": "Une visite à Bordeaux ?",
    "She has no time before the autumn. Prices came up again.":
        "Elle n'a pas le temps avant l'automne. Il a encore été question des prix.",
    "The new school year": "La rentrée",
    "Everything must be there by the last week of August. One invoice for the school.":
        "Tout doit être livré la dernière semaine d'août. Une seule facture pour l'école.",
    "Where is the second parcel?": "Où est le deuxième colis ?",
    "It left this morning, I gave him the number.":
        "Il est parti ce matin, je lui ai donné le numéro.",
    "The postcards have left": "Les cartes postales sont parties",
    "He was pleased.": "Il était content.",
    "Customs papers for Geneva": "Papiers de douane pour Genève",
    "Sent with the parcel.": "Envoyés avec le colis.",
    "Budget of the library": "Budget de la bibliothèque",
    "The budget for books is the same as last year.":
        "Le budget des livres est le même que l'an dernier.",
    "No order since the summer": "Aucune commande depuis l'été",
    "A supermarket sells him paper for less. He asks for a visit.":
        "Un supermarché lui vend le papier moins cher. Il demande une visite.",
    "Reading lists": "Listes de lecture",
    "She promises the lists of the winter term for the end of the month.":
        "Elle promet les listes du trimestre d'hiver pour la fin du mois.",
    # discussions
    "The second parcel is late": "Le deuxième colis est en retard",
    "<p>The carrier lost the second parcel of Tuesday. They look for it.</p>":
        "<p>Le transporteur a perdu le deuxième colis de mardi. Il le cherche.</p>",
    "<p>Marc-Olivier has just called. What may I tell him?</p>":
        "<p>Marc-Olivier vient d'appeler. Qu'est-ce que je peux lui dire ?</p>",
    "<p>Found in Sherbrooke, delivered at eight this morning.</p>":
        "<p>Retrouvé à Sherbrooke, livré ce matin à huit heures.</p>",
    "<p>He has it. Thank you, Victor.</p>": "<p>Il l'a. Merci, Victor.</p>",
    "Paper by the pallet": "Du papier à la palette",
    "<p>A supermarket sells paper to Bellerive for less than we do. "
    "Could we buy by the pallet?</p>":
        "<p>Un supermarché vend le papier à Bellerive moins cher que nous. "
        "Pourrions-nous acheter à la palette ?</p>",
    "<p>From twenty boxes on, seven per cent less. "
    "Are there other customers who would take some?</p>":
        "<p>À partir de vingt boîtes, sept pour cent de moins. "
        "D'autres clients en prendraient-ils ?</p>",
    "Payments later and later": "Des paiements de plus en plus tardifs",
    "<p>The town now pays six weeks after the date. Should the next order wait?</p>":
        "<p>La ville paie maintenant six semaines après l'échéance. "
        "La prochaine commande doit-elle attendre ?</p>",
    "<p>They always pay. I speak with Réjeanne when I am back.</p>":
        "<p>Ils paient toujours. J'en parle à Réjeanne à mon retour.</p>",
    "Replacements for the dented boxes are late": "Le remplacement des boîtes abîmées tarde",
    "<p>The replacements for the Musée de la Marée do not leave this week: "
    "the strong boxes are out of stock.</p>":
        "<p>Le remplacement pour le Musée de la Marée ne part pas cette semaine : "
        "les boîtes solides sont en rupture de stock.</p>",
    "<p>Annick writes that her shelf is empty. When can they leave at the earliest?</p>":
        "<p>Annick écrit que son rayon est vide. Quand peuvent-ils partir au plus tôt ?</p>",
    "<p>The boxes come on Monday, the parcels leave the same day.</p>":
        "<p>Les boîtes arrivent lundi, les colis partent le jour même.</p>",
    # needs
    "New novels two weeks before the season opens":
        "Les nouveaux romans deux semaines avant la saison",
    "Delivery before 9 o'clock, the street is closed later":
        "Livraison avant 9 heures, la rue est ensuite fermée",
    "One order per classroom, one invoice for the school":
        "Une commande par classe, une facture pour l'école",
    "Everything delivered by the last week of August":
        "Tout livré pour la dernière semaine d'août",
    "Boxes that survive the coach: one in three arrives dented":
        "Des boîtes qui résistent à l'autocar : une sur trois arrive abîmée",
    "Prices nearer those of the supermarket": "Des prix plus proches de ceux du supermarché",
    "A stand of local authors for the three days": "Un stand d'auteurs d'ici pour les trois jours",
    "Invoices sent to the town's accounts, with the order number":
        "Les factures à la comptabilité de la ville, avec le numéro de commande",
    "Sixty days to pay": "Soixante jours pour payer",
    "Postcards of the harbour": "Des cartes postales du port",
    "Small orders every second week": "De petites commandes toutes les deux semaines",
    "A discount on paper by the pallet": "Une remise sur le papier à la palette",
    "Advice on a first children's shelf": "Des conseils pour un premier rayon jeunesse",
    "A stock file every morning": "Un fichier des stocks chaque matin",
    "Reading lists of the term three months ahead":
        "Les listes de lecture trois mois avant le trimestre",
    # notes
    "Present the autumn novels": "Présenter les romans de l'automne",
    "<p>Solène keeps the front table for us until Friday.</p>":
        "<p>Solène nous garde la table d'entrée jusqu'à vendredi.</p>",
    "Thank them for Café du Quai": "Les remercier pour le Café du Quai",
    "Call about the classroom lists": "Appeler au sujet des listes de classe",
    "Send the delivery calendar": "Envoyer le calendrier des livraisons",
    "Agree on stronger boxes with the warehouse":
        "Convenir de boîtes plus solides avec l'entrepôt",
    "<p>Annick sent photographs of the last three parcels.</p>":
        "<p>Annick a envoyé des photos des trois derniers colis.</p>",
    "Ask Colette why she stopped ordering": "Demander à Colette pourquoi elle ne commande plus",
    "Offer a visit in Bordeaux": "Proposer une visite à Bordeaux",
    "<p>She had no time. Try again in the autumn.</p>":
        "<p>Elle n'avait pas le temps. Réessayer à l'automne.</p>",
    "Yearly review of the discount": "Revoir la remise, comme chaque année",
    "Send the quotation for the stand": "Envoyer le devis du stand",
    "Ask the town's accounts for a payment date":
        "Demander une date de paiement à la comptabilité",
    "Show the new postcards": "Montrer les nouvelles cartes postales",
    "First visit": "Première visite",
    "<p>Théo wants little, often.</p>": "<p>Théo veut peu, mais souvent.</p>",
    "Visit Luc Girard: orders are getting rare":
        "Rendre visite à Luc Girard : les commandes se font rares",
    "Welcome call after the third order": "Appel de bienvenue après la troisième commande",
    "Collect the reading lists of next term":
        "Recueillir les listes de lecture du prochain trimestre",
    "Check the stock file with their new buyer":
        "Vérifier le fichier des stocks avec leur nouvel acheteur",
    "Ask whether they were satisfied": "Demander s'ils ont été satisfaits",
    # e-mails
    "Paper for the autumn": "Du papier pour l'automne",
    "<p>Dear Luc,</p><p>The price of recycled paper goes down next month. "
    "Shall I keep twelve boxes for you?</p>":
        "<p>Bonjour Luc,</p><p>Le prix du papier recyclé baisse le mois prochain. "
        "Est-ce que je vous en garde douze boîtes ?</p>",
    "The novels of the season": "Les romans de la saison",
    "<p>Dear Solène,</p><p>Here is what comes out before the holidays. "
    "Which ones shall I put aside?</p>":
        "<p>Bonjour Solène,</p><p>Voici ce qui paraît avant les fêtes. "
        "Lesquels dois-je vous réserver ?</p>",
    "<p>Twenty of each for the front table, please.</p>":
        "<p>Vingt de chaque pour la table d'entrée, s'il vous plaît.</p>",
    "<p>They are yours. Thank you!</p>": "<p>Ils sont à vous. Merci !</p>",
    "A first order": "Une première commande",
    "<p>Hello,</p><p>Théo of Café du Quai speaks well of you. Do you deliver to a van?</p>":
        "<p>Bonjour,</p><p>Théo, du Café du Quai, parle de vous en bien. "
        "Livrez-vous à une camionnette ?</p>",
    "<p>Dear Mathieu,</p><p>We do, wherever it is parked. Here is the price list.</p>":
        "<p>Bonjour Mathieu,</p><p>Bien sûr, où qu'elle soit garée. Voici nos prix.</p>",
    "A stand of local authors": "Un stand d'auteurs d'ici",
    "<p>Could you send us a quotation for three days?</p>":
        "<p>Pourriez-vous nous envoyer un devis pour trois jours ?</p>",
    "<p>Dear Maude,</p><p>With pleasure. How many titles do you have in mind?</p>":
        "<p>Bonjour Maude,</p><p>Avec plaisir. À combien de titres pensez-vous ?</p>",
    "We miss you": "Vous nous manquez",
    "<p>Dear Colette,</p><p>It has been a while. "
    "Is there anything that we should do better?</p>":
        "<p>Bonjour Colette,</p><p>Cela fait un moment. "
        "Y a-t-il quelque chose que nous devrions faire mieux ?</p>",
    "Three dented boxes": "Trois boîtes abîmées",
    "<p>Good morning Amélie,</p><p>Three of the eight boxes arrived dented again. "
    "Photographs follow.</p>":
        "<p>Bonjour Amélie,</p><p>Trois des huit boîtes sont encore arrivées abîmées. "
        "Les photos suivent.</p>",
    "<p>Dear Annick,</p><p>I am sorry. You will have a credit note this week, "
    "and I am speaking with the warehouse about stronger boxes.</p>":
        "<p>Bonjour Annick,</p><p>Je suis désolée. Vous aurez un avoir cette semaine, "
        "et je parle à l'entrepôt de boîtes plus solides.</p>",
    "Your invoice is due": "Votre facture est échue",
    "<p>Dear colleagues,</p><p>Could you tell us when this invoice will be paid?</p>":
        "<p>Bonjour,</p><p>Pourriez-vous nous dire quand cette facture sera payée ?</p>",
    "<p>The council votes on the payments at the end of the month.</p>":
        "<p>Le conseil vote les paiements à la fin du mois.</p>",
    "<p>Thank you, we have noted it.</p>": "<p>Merci, c'est noté.</p>",
    "Your invoice": "Votre facture",
    "<p>Dear Linh,</p><p>Please find your last invoice.</p>":
        "<p>Bonjour Linh,</p><p>Voici votre dernière facture.</p>",
    "When do the replacements come?": "Quand arrive le remplacement ?",
    "<p>Good morning,</p><p>The shop opens for the holidays next week and the shelf is empty. "
    "When can we expect the parcels?</p>":
        "<p>Bonjour,</p><p>La boutique ouvre pour les fêtes la semaine prochaine et le rayon est "
        "vide. Quand pouvons-nous attendre les colis ?</p>",
    "Postcards by Thursday?": "Des cartes postales pour jeudi ?",
    "<p>The terrace is full. Could the postcards come by Thursday?</p>":
        "<p>La terrasse est pleine. Les cartes postales pourraient-elles arriver jeudi ?</p>",
    "<p>Dear Théo,</p><p>Bruno is away this week. They leave tomorrow.</p>":
        "<p>Bonjour Théo,</p><p>Bruno est absent cette semaine. Elles partent demain.</p>",
    "<p>Is the delivery counted twice?</p>":
        "<p>La livraison est-elle comptée deux fois ?</p>",
    # people
    "Town Accounts": "Comptabilité de la ville",
    "Owner": "Propriétaire",
    "Orders": "Commandes",
    "Bursar": "Intendante",
    "Librarian": "Bibliothécaire",
    "Head librarian": "Bibliothécaire en chef",
    "Accounts payable": "Comptes fournisseurs",
    "Manager": "Gérant",
    "Shop manager": "Gérante de la boutique",
    "Purchasing": "Achats",
    "Head of purchasing": "Responsable des achats",
    "Notary": "Notaire",
    "Bookseller": "Libraire",
    "Bookshop manager": "Gérante de la librairie",
    "Programme director": "Directrice de la programmation",
    # products
    "Novels": "Romans",
    "Children's Books": "Livres pour enfants",
    "Stationery": "Papeterie",
    "Gifts and Calendars": "Cadeaux et calendriers",
    "The Lighthouse Keeper's Ledger": "Le registre du gardien de phare",
    "Snow on the River": "Neige sur le fleuve",
    "The Inspector's Last Ferry": "Le dernier traversier de l'inspecteur",
    "The Fox Who Counted": "Le renard qui comptait",
    "My First Atlas": "Mon premier atlas",
    "The Owl Who Slept In": "Le hibou qui faisait la grasse matinée",
    "Notebooks A5, Pack of 10": "Carnets A5, paquet de 10",
    "Exercise Books, Pack of 25": "Cahiers d'exercices, paquet de 25",
    "Ballpoint Pens, Box of 50": "Stylos à bille, boîte de 50",
    "Pencils HB, Box of 144": "Crayons HB, boîte de 144",
    "Recycled Paper A4, 5 Reams": "Papier recyclé A4, 5 rames",
    "Wall Calendar": "Calendrier mural",
    "Weekly Diary": "Agenda hebdomadaire",
    "Postcards, Set of 20": "Cartes postales, lot de 20",
    "Delivery": "Livraison",
}
