//! Where columns stand in XDM, by their names, where the values do not speak against it.

use super::column::Column;
use super::finding::{Finding, Opinion, Sort};
use super::sample::Sample;
use super::shape::{NUMBERS, Shape, TIMES};
use super::words::{has_word, is_one_of};
use crate::model::{DatasetKind, Path};

/// What the values of a field must be like.
#[derive(Clone, Copy)]
enum Values {
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
enum Of {
    Records,
    Events,
}

type Field = (&'static str, Of, Values, &'static [&'static str]);

/// The fields that are known; of two columns with one path the first has it.
const FIELDS: [Field; 24] = [
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
const OF_PERSONS: [&str; 8] = [
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
const ROOTS: [&str; 19] = [
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

/// A column that has a place in XDM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The place of the column.
    pub column: usize,
    /// Where its values go.
    pub path: Path,
    /// How sure that is.
    pub opinion: Opinion,
}

/// The columns that go to another path.
pub fn find(sample: &Sample, kind: DatasetKind, findings: &[Finding]) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    let order = contacts(sample, findings)
        .into_iter()
        .chain(named(sample, kind));
    for place in order {
        let is_taken = places
            .iter()
            .any(|other| other.column == place.column || overlap(&other.path, &place.path));
        if !is_taken && !is_occupied(sample, &place) {
            places.push(place);
        }
    }
    places.sort_by_key(|place| place.column);
    places
}

/// Columns that hold what only persons have.
pub fn of_persons(sample: &Sample) -> usize {
    let is_of_person = |place: &Place| OF_PERSONS.contains(&place.path.to_string().as_str());
    let already = sample.columns.iter().filter(|column| {
        OF_PERSONS.contains(&column.address.path.to_string().as_str()) && column.filled > 0
    });
    named(sample, DatasetKind::Record)
        .filter(is_of_person)
        .count()
        + already.count()
}

/// Where e-mail addresses and telephone numbers go.
fn contacts(sample: &Sample, findings: &[Finding]) -> Vec<Place> {
    let place = |finding: &Finding| {
        let column = sample
            .columns
            .get(finding.column)
            .filter(|column| may_move(column))?;
        let is_of_work = has_word(&column.words, &["work", "business", "office", "company"]);
        let path = match (finding.sort, is_of_work, has_word(&column.words, &["home"])) {
            (Sort::Email, _, _) if finding.namespace != "Email" => return None,
            (Sort::Email, true, _) => "workEmail.address",
            (Sort::Email, false, _) => "personalEmail.address",
            (Sort::Phone, true, _) => "workPhone.number",
            (Sort::Phone, false, true) => "homePhone.number",
            (Sort::Phone, false, false) => "mobilePhone.number",
            _ => return None,
        };
        Some(Place {
            column: finding.column,
            path: path_of(path),
            opinion: finding.opinion.clone(),
        })
    };
    findings.iter().filter_map(place).collect()
}

fn named(sample: &Sample, kind: DatasetKind) -> impl Iterator<Item = Place> {
    let wanted = match kind {
        DatasetKind::Record => Of::Records,
        DatasetKind::Event => Of::Events,
    };
    FIELDS
        .iter()
        .filter(move |(_, of, _, _)| *of == wanted)
        .flat_map(move |(path, _, values, names)| {
            let columns = sample.columns.iter().enumerate();
            columns.filter_map(move |(place, column)| {
                let is_named = may_move(column) && is_one_of(&column.words, names);
                let opinion = is_named.then(|| opinion(column, *values)).flatten()?;
                Some(Place {
                    column: place,
                    path: path_of(path),
                    opinion,
                })
            })
        })
}

/// Whether the values fit, and how well.
fn opinion(column: &Column, values: Values) -> Option<Opinion> {
    let (share, words) = match values {
        Values::Words => (
            1.0 - column.share(&NOT_WORDS) - column.share(&NUMBERS),
            "words",
        ),
        Values::Few => (few(column), "a few different words"),
        Values::Letters => (
            column.share_of(|value| {
                (2..=3).contains(&value.len())
                    && value.bytes().all(|byte| byte.is_ascii_alphabetic())
            }),
            "two or three letters",
        ),
        Values::Short => (
            column.share_of(|value| value.len() <= 40) - column.share(&NOT_WORDS),
            "short",
        ),
        Values::Numbers => (column.share(&NUMBERS), "numbers"),
        Values::Days => (column.share(&TIMES), "days"),
        Values::Urls => (
            column.share_of(|value| value.starts_with('/') || value.starts_with("http")),
            "addresses",
        ),
    };
    let is_fit = column.filled > 0 && column.lists == 0 && share >= 0.8;
    let percent = (share * 100.0).round();
    let reason = format!("by its name; {percent:.0} % of the values are {words}");
    is_fit.then(|| Opinion::new(60 + (share * 35.0) as u8, reason))
}

const NOT_WORDS: [Shape; 6] = [
    Shape::Email,
    Shape::Url,
    Shape::Uuid,
    Shape::Time,
    Shape::Day,
    Shape::Machine,
];

fn few(column: &Column) -> f64 {
    let is_few = column.distinct() <= 40 && (column.filled < 20 || column.uniqueness() <= 0.5);
    if is_few {
        1.0 - column.share(&NOT_WORDS)
    } else {
        0.0
    }
}

/// What stands in XDM's own objects stands right already.
fn may_move(column: &Column) -> bool {
    let keys = column.address.path.keys();
    let first = keys
        .first()
        .map(|key| key.strip_prefix("xdm:").unwrap_or(key));
    keys.len() < 2 || !first.is_some_and(|first| ROOTS.contains(&first))
}

/// Whether another column stands at the path, or on the way to it.
fn is_occupied(sample: &Sample, place: &Place) -> bool {
    let columns = sample.columns.iter().enumerate();
    let mut others = columns.filter(|(at, _)| *at != place.column);
    others.any(|(_, column)| overlap(&column.address.path, &place.path))
}

fn overlap(a: &Path, b: &Path) -> bool {
    a.starts_with(b) || b.starts_with(a)
}

fn path_of(text: &str) -> Path {
    text.parse().unwrap_or_else(|never| match never {})
}
