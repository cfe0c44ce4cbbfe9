extension Town {
    static let keroman = PostalAddress(
        "17 RUE DES GOEMONIERS", "29200", "BREST", code: "29019", complement: "BATIMENT MOLENE",
        placeDetail: "APPARTEMENT 43")
    static let courtyard = PostalAddress(
        "6 COUR DES TAPISSIERS", "35000", "RENNES", code: "35238", placeDetail: "ESCALIER C")
    static let lagoon = PostalAddress(
        "128 BOULEVARD DES PALUDIERS", "44350", "GUERANDE", code: "44069")
    static let belfry = PostalAddress("31 PLACE DU BEFFROI", "59100", "ROUBAIX", code: "59512")
    static let quays = PostalAddress(
        "9 QUAI DES CHANDELIERS", "76000", "ROUEN", code: "76540", complement: "RESIDENCE CORVETTE")
    static let hospice = PostalAddress(
        "2 ALLEE DES TILLEULS ARGENTES", "63000", "CLERMONT-FERRAND", code: "63113",
        complement: "MAISON LES GENTIANES")
    static let studio = PostalAddress(
        "54 RUE DE LA PORCELAINE", "87000", "LIMOGES", code: "87085", placeDetail: "CHAMBRE 218")
    static let orchard = PostalAddress(
        "75 CHEMIN DES MIRABELLIERS", "67200", "STRASBOURG", code: "67482")
    static let terrace = PostalAddress(
        "13 MONTEE DES CANUTS BRODEURS", "69001", "LYON", code: "69381", placeDetail: "TERRASSE")
    static let harbour = PostalAddress(
        "22 RUE DES CORAILLEURS", "20200", "BASTIA", code: "2B033")
    static let island = PostalAddress(
        "40 CHEMIN BOIS DE NEFLES", "97400", "SAINT-DENIS", code: "97411", hamlet: "LA BRETAGNE")
    static let farm = PostalAddress(
        "LIEU DIT", "15130", "ARPAJON-SUR-CERE", code: "15012", hamlet: "LES GENEVRIERS BAS")
}
