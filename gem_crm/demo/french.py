"""The demo data in French: what people wrote, and products' names.

Such texts are no terms of the program, which have their place in ``i18n``: a company writes them
in its language. HTML texts stand here with their tags, as in the XML files.
"""

TEXTS = {
    # what complaints cost
    "Courier with the new calendars": "Coursier avec les nouveaux calendriers",
    "Packing again": "Nouvel emballage",
    "Reams taken back": "Ramettes reprises",
    "Second delivery by night": "Deuxième livraison, de nuit",
    "Twelve new boxes": "Douze boîtes neuves",

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
    # complaints
    "Three of ten parcels arrived wet": "Trois colis sur dix sont arrivés mouillés",
    "<p>Annick writes: “Three of the ten parcels were wet through. The calendars stick together, "
    "I cannot sell a single one of them.”</p>":
        "<p>Annick écrit : « Trois des dix colis étaient trempés. Les calendriers collent, "
        "je ne peux pas en vendre un seul. »</p>",
    "New calendars before the weekend, and boxes that keep the rain out.":
        "De nouveaux calendriers avant la fin de semaine, et des boîtes à l'épreuve de la pluie.",
    "Sixty calendars are spoilt; she needs them on Friday, and does not want to send the wet ones "
    "back.":
        "Soixante calendriers sont perdus ; il les lui faut vendredi, et elle ne veut pas renvoyer "
        "ceux qui sont mouillés.",
    "The second parcel of Tuesday is lost": "Le deuxième colis de mardi est perdu",
    "<p>Marc-Olivier called: one parcel of two came, the window display waits for the other "
    "one.</p>":
        "<p>Marc-Olivier a appelé : un colis sur deux est arrivé, la vitrine attend l'autre.</p>",
    "The parcel by Saturday.": "Le colis d'ici samedi.",
    "<p>The carrier found your parcel in its depot and delivers it tomorrow before ten. "
    "The delivery is free of charge.</p>":
        "<p>Le transporteur a retrouvé votre colis dans son dépôt et le livre demain avant dix "
        "heures. La livraison est gratuite.</p>",
    "The carrier's tracking page tells of a parcel left behind the same evening: look at it every "
    "morning.":
        "La page de suivi du transporteur signale un colis oublié le soir même : la regarder "
        "chaque matin.",
    "The atlases were invoiced twice": "Les atlas ont été facturés deux fois",
    "<p>The town's accounts write that both invoices of the month name the same twenty "
    "atlases.</p>":
        "<p>La comptabilité de la ville écrit que les deux factures du mois portent les mêmes "
        "vingt atlas.</p>",
    "A credit note for one of them.": "Un avoir pour l'une d'elles.",
    "Pages are missing in the exercise books": "Il manque des pages dans les cahiers",
    "<p>Josée showed me four books of the same pack, each with 60 pages instead of 80.</p>":
        "<p>Josée m'a montré quatre cahiers du même paquet, de 60 pages au lieu de 80.</p>",
    "A new pack, and that nobody else gets these.":
        "Un nouveau paquet, et que personne d'autre ne reçoive ceux-ci.",
    "<p>We exchange the four packs on Thursday and have blocked the lot.</p>":
        "<p>Nous échangeons les quatre paquets jeudi et avons bloqué le lot.</p>",
    "The recycled paper jams the printer": "Le papier recyclé bloque l'imprimante",
    "<p>Every tenth sheet gets stuck.</p>": "<p>Une feuille sur dix reste coincée.</p>",
    "<p>We take the five reams back.</p>": "<p>Nous reprenons les cinq rames.</p>",
    "The supplier's spring paper is thinner than promised.":
        "Le papier de printemps du fournisseur est plus mince que promis.",
    "The paper jams again": "Le papier bloque encore",
    "<p>“It is the same as in summer. Do you test what you sell?”</p>":
        "<p>« C'est comme cet été. Essayez-vous ce que vous vendez ? »</p>",
    "Paper that works, or the money back.": "Du papier qui passe, ou un remboursement.",
    "The agreed discount is missing on the invoice": "La remise convenue manque sur la facture",
    "<p>“We agreed on five percent for the autumn order. I do not find them.”</p>":
        "<p>« Nous avions convenu de cinq pour cent sur la commande d'automne. Je ne les trouve "
        "pas. »</p>",
    "Dearer than elsewhere": "Plus cher qu'ailleurs",
    "<p>Colette finds our pens too expensive and has begun to order elsewhere.</p>":
        "<p>Colette trouve nos stylos trop chers et commande maintenant ailleurs.</p>",
    "<p>Our price includes delivery within two days; theirs does not. From ten boxes on we can "
    "meet it.</p>":
        "<p>Notre prix comprend la livraison en deux jours, pas le leur. À partir de dix boîtes, "
        "nous pouvons l'égaler.</p>",
    "The paint of the pencils comes off": "La peinture des crayons s'écaille",
    "<p>Children put the pencils into their mouths, and the paint comes off in flakes.</p>":
        "<p>Les enfants portent les crayons à la bouche, et la peinture part en écailles.</p>",
    "That no child gets any more of them, today.":
        "Qu'aucun enfant n'en reçoive plus, dès aujourd'hui.",
    "The boxes of lot HB-0458 are taken out of all classrooms today; we collect them tomorrow.":
        "Les boîtes du lot HB-0458 sortent de toutes les classes aujourd'hui ; nous les reprenons "
        "demain.",
    "Nobody called back": "Personne n'a rappelé",
    "<p>Mathieu waited three days for a call about his order, and now for the one that we promised "
    "in our answer.</p>":
        "<p>Mathieu a attendu trois jours un appel au sujet de sa commande, et attend maintenant "
        "celui que nous avons promis dans notre réponse.</p>",
    "<p>Sorry: Bruno calls you on Monday at nine.</p>":
        "<p>Désolés : Bruno vous appelle lundi à neuf heures.</p>",
    "To be called when we say so.": "Être appelé quand nous l'avons dit.",
    "The stand was delivered a day late": "Le stand a été livré un jour trop tard",
    "<p>The books came when the doors had been open for a day.</p>":
        "<p>Les livres sont arrivés un jour après l'ouverture des portes.</p>",
    "Half of the delivery costs back.": "La moitié des frais de livraison.",
    "<p>The hall was closed when our carrier came; we share the costs of the second "
    "delivery.</p>":
        "<p>La salle était fermée à l'arrivée du transporteur ; nous partageons les frais de la "
        "deuxième livraison.</p>",
    "Ask for the opening hours of halls when the order is taken.":
        "Demander les heures d'ouverture des salles dès la commande.",
    "Where is my order?": "Où est ma commande ?",
    "<p>I paid two weeks ago and nothing has come. Please answer.</p>":
        "<p>J'ai payé il y a deux semaines et rien n'est venu. Répondez-moi, s'il vous plaît.</p>",
    "Asks for the price list": "Demande la liste des prix",
    "The Thursday delivery blocks the terrace": "La livraison du jeudi bloque la terrasse",
    "<p>Théo asks again for deliveries before nine: the lorry stands in front of the "
    "tables.</p>":
        "<p>Théo redemande des livraisons avant neuf heures : le camion stationne devant les "
        "tables.</p>",
    "Deliveries before nine.": "Des livraisons avant neuf heures.",
    "Send sixty new calendars by courier": "Envoyer soixante nouveaux calendriers par messager",
    "Delivered on the same day": "Livrés le jour même",
    "Order boxes of double corrugated board": "Commander des boîtes à double cannelure",
    "Wrap paper goods in film from October on": "Emballer le papier sous film dès octobre",
    "Block lot HB-0458, call the schools that got it":
        "Bloquer le lot HB-0458, appeler les écoles qui l'ont reçu",
    "Eleven schools called, two hundred boxes blocked":
        "Onze écoles appelées, deux cents boîtes bloquées",
    "Have the paint tested by the supplier": "Faire analyser la peinture par le fournisseur",
    "Look at the carrier's tracking page every morning":
        "Regarder la page de suivi du transporteur chaque matin",
    "Weigh a ream of each delivery": "Peser une rame de chaque livraison",
    "Agreed with the warehouse": "Convenu avec l'entrepôt",
    "Add the opening hours to the order form":
        "Ajouter les heures d'ouverture au bon de commande",
    "Their pens cost two dollars less a box.":
        "Leurs stylos coûtent deux dollars de moins la boîte.",
    "They took nine days, though.": "Ils ont mis neuf jours, par contre.",
    "The other ones pack in film.": "Les autres emballent sous film.",
    "They have the small publishers.": "Ils ont les petits éditeurs.",
    "With them you get a machine on the phone.": "Chez eux, c'est un répondeur.",
    "Fast and honest. Thank you!": "Rapide et honnête. Merci !",
    "Taken back, but I had to call twice.": "Repris, mais j'ai dû appeler deux fois.",
    "Fair, in the end.": "Correct, finalement.",
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
