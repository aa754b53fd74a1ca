//! The fields of XDM that sources have most, with the names that they give them, in English and a few other languages.

/// What the values of a field must be like.
#[derive(Clone, Copy)]
pub enum Values {
    /// Words, not numbers, times or addresses.
    Words,
    /// A handful of short words.
    Few,
    /// Two or three letters.
    Letters,
    /// Short, with letters or digits.
    Short,
    /// Numbers.
    Numbers,
    /// Days.
    Days,
    /// Addresses of the web.
    Urls,
}

/// Rows in which a field stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// Records.
    Records,
    /// Events.
    Events,
}

/// A path, the rows that have it, what its values are like, and its names in small letters without parting signs.
pub type Field = (&'static str, Of, Values, &'static [&'static str]);

/// The fields that are known; of two columns with one path the first has it.
pub const FIELDS: [Field; 24] = [
    (
        "person.name.firstName",
        Of::Records,
        Values::Words,
        &[
            "firstname",
            "first",
            "givenname",
            "forename",
            "fname",
            "vorname",
            "prenom",
            "voornaam",
            "nombre",
            "nome",
        ],
    ),
    (
        "person.name.middleName",
        Of::Records,
        Values::Words,
        &["middlename", "middle", "mname", "zweitname"],
    ),
    (
        "person.name.lastName",
        Of::Records,
        Values::Words,
        &[
            "lastname",
            "last",
            "surname",
            "familyname",
            "lname",
            "nachname",
            "familienname",
            "nomdefamille",
            "apellido",
            "apellidos",
            "cognome",
            "sobrenome",
            "achternaam",
        ],
    ),
    (
        "person.name.fullName",
        Of::Records,
        Values::Words,
        &[
            "fullname",
            "name",
            "displayname",
            "nomcomplet",
            "nombrecompleto",
            "nomecompleto",
        ],
    ),
    (
        "person.name.courtesyTitle",
        Of::Records,
        Values::Few,
        &[
            "salutation",
            "courtesytitle",
            "honorific",
            "anrede",
            "civilite",
        ],
    ),
    (
        "person.birthDate",
        Of::Records,
        Values::Days,
        &[
            "birthdate",
            "dateofbirth",
            "dob",
            "birthday",
            "geburtsdatum",
            "geburtstag",
            "datedenaissance",
            "datenaissance",
            "fechadenacimiento",
            "fechanacimiento",
            "datadinascita",
            "geboortedatum",
        ],
    ),
    (
        "person.gender",
        Of::Records,
        Values::Few,
        &[
            "gender",
            "sex",
            "geschlecht",
            "sexe",
            "genero",
            "sesso",
            "geslacht",
        ],
    ),
    (
        "person.nationality",
        Of::Records,
        Values::Words,
        &[
            "nationality",
            "nationalitat",
            "nationalite",
            "nacionalidad",
            "nazionalita",
        ],
    ),
    (
        "person.maritalStatus",
        Of::Records,
        Values::Few,
        &["maritalstatus", "familienstand", "estadocivil"],
    ),
    (
        "preferredLanguage",
        Of::Records,
        Values::Few,
        &[
            "language",
            "preferredlanguage",
            "lang",
            "locale",
            "sprache",
            "langue",
            "idioma",
            "lingua",
            "taal",
        ],
    ),
    (
        "homeAddress.street1",
        Of::Records,
        Values::Words,
        &[
            "street",
            "street1",
            "streetaddress",
            "address1",
            "addressline1",
            "address",
            "strasse",
            "adresse",
            "rue",
            "calle",
            "direccion",
            "indirizzo",
            "straat",
        ],
    ),
    (
        "homeAddress.city",
        Of::Records,
        Values::Words,
        &[
            "city", "town", "locality", "ort", "wohnort", "stadt", "ville", "ciudad", "citta",
            "cidade", "stad", "plaats",
        ],
    ),
    (
        "homeAddress.postalCode",
        Of::Records,
        Values::Short,
        &[
            "zip",
            "zipcode",
            "postalcode",
            "postcode",
            "plz",
            "postleitzahl",
            "codepostal",
            "codigopostal",
            "cap",
            "cep",
        ],
    ),
    (
        "homeAddress.stateProvince",
        Of::Records,
        Values::Letters,
        &["state", "statecode"],
    ),
    (
        "homeAddress.stateProvince",
        Of::Records,
        Values::Words,
        &[
            "province",
            "stateprovince",
            "bundesland",
            "provincia",
            "kanton",
        ],
    ),
    (
        "homeAddress.countryCode",
        Of::Records,
        Values::Letters,
        &["country", "countrycode", "land", "pays", "pais", "paese"],
    ),
    (
        "homeAddress.country",
        Of::Records,
        Values::Words,
        &["country", "countryname", "land", "pays", "pais", "paese"],
    ),
    (
        "loyalty.tier",
        Of::Records,
        Values::Few,
        &[
            "tier",
            "loyaltytier",
            "loyaltystatus",
            "loyaltylevel",
            "loyaltyclass",
            "membershiplevel",
            "membershiptier",
            "memberstatus",
        ],
    ),
    (
        "loyalty.points",
        Of::Records,
        Values::Numbers,
        &[
            "points",
            "loyaltypoints",
            "pointsbalance",
            "pointbalance",
            "loyaltybalance",
            "rewardpoints",
            "bonuspunkte",
            "punkte",
        ],
    ),
    (
        "loyalty.joinDate",
        Of::Records,
        Values::Days,
        &[
            "membersince",
            "loyaltysince",
            "loyaltyjoindate",
            "memberjoindate",
        ],
    ),
    (
        "eventType",
        Of::Events,
        Values::Few,
        &[
            "eventtype",
            "event",
            "eventname",
            "action",
            "activity",
            "activitytype",
            "ereignis",
        ],
    ),
    (
        "commerce.order.purchaseID",
        Of::Events,
        Values::Short,
        &[
            "orderid",
            "orderno",
            "ordernumber",
            "purchaseid",
            "bestellnummer",
        ],
    ),
    (
        "commerce.order.priceTotal",
        Of::Events,
        Values::Numbers,
        &[
            "total",
            "amount",
            "ordertotal",
            "totalamount",
            "orderamount",
            "pricetotal",
            "grandtotal",
            "revenue",
            "betrag",
            "montant",
            "importe",
        ],
    ),
    (
        "web.webPageDetails.URL",
        Of::Events,
        Values::Urls,
        &["url", "pageurl", "page", "href"],
    ),
];

/// Fields that only persons have.
pub const OF_PERSONS: [&str; 8] = [
    "person.name.firstName",
    "person.name.middleName",
    "person.name.lastName",
    "person.name.courtesyTitle",
    "person.birthDate",
    "person.gender",
    "person.nationality",
    "person.maritalStatus",
];

/// First keys of XDM: a value below one stands where it belongs.
pub const ROOTS: [&str; 19] = [
    "person",
    "personalEmail",
    "workEmail",
    "mobilePhone",
    "homePhone",
    "workPhone",
    "homeAddress",
    "workAddress",
    "loyalty",
    "commerce",
    "web",
    "identityMap",
    "consents",
    "productListItems",
    "marketing",
    "device",
    "environment",
    "placeContext",
    "extSourceSystemAudit",
];
