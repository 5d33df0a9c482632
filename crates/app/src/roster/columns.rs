//! Which columns of a table count, guessed from their headings.

use super::{
    birth::birth_year,
    table::{Table, TableRow},
};

/// Which columns count, counted from nought.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mapping {
    /// The name, or the first names where the family name stands apart; `None` while nobody could tell.
    pub name: Option<usize>,
    /// The family name, where it has a column of its own.
    pub family_name: Option<usize>,
    /// The year or date of birth.
    pub birth: Option<usize>,
    /// A telephone number or an e-mail address.
    pub contact: Option<usize>,
    /// Whether the first row names the columns; else it is somebody.
    pub has_headings: bool,
}

/// Headings of a column that holds whole names.
const WHOLE: &[&str] = &[
    "full name",
    "fullname",
    "complete name",
    "first and last name",
    "kokonimi",
    "koko nimi",
    "etu ja sukunimi",
    "vor und nachname",
    "vollständiger name",
    "nome completo",
    "nome e cognome",
    "nombre completo",
    "nombre y apellidos",
    "nom complet",
    "nom et prénom",
    "fullständigt namn",
    "fullt navn",
];
/// Headings of a column that holds whole names, unless another one holds a part of them.
const NAME: &[&str] = &[
    "name",
    "names",
    "nimi",
    "nome",
    "nombre",
    "nom",
    "namn",
    "navn",
    "naam",
    "participant",
    "candidate",
    "student",
    "trainee",
    "osallistuja",
    "opiskelija",
    "teilnehmer",
    "teilnehmerin",
    "partecipante",
    "participante",
    "deltagare",
    "deltager",
];
const FIRST: &[&str] = &[
    "first name",
    "firstname",
    "first names",
    "given name",
    "given names",
    "forename",
    "etunimi",
    "etunimet",
    "vorname",
    "vornamen",
    "prénom",
    "prénoms",
    "prenom",
    "förnamn",
    "fornavn",
    "voornaam",
];
const FAMILY: &[&str] = &[
    "last name",
    "lastname",
    "family name",
    "surname",
    "sukunimi",
    "nachname",
    "familienname",
    "zuname",
    "cognome",
    "apellido",
    "apellidos",
    "nom de famille",
    "efternamn",
    "etternavn",
    "efternavn",
    "achternaam",
];
const BIRTH: &[&str] = &[
    "year of birth",
    "birth year",
    "birthyear",
    "date of birth",
    "birth date",
    "birthdate",
    "birthday",
    "dob",
    "born",
    "syntymäaika",
    "synt aika",
    "syntaika",
    "syntymävuosi",
    "syntymäpäivä",
    "syntynyt",
    "geburtsdatum",
    "geburtsjahr",
    "geburtstag",
    "geboren",
    "geboren am",
    "geb",
    "jahrgang",
    "data di nascita",
    "anno di nascita",
    "nato il",
    "fecha de nacimiento",
    "año de nacimiento",
    "date de naissance",
    "année de naissance",
    "födelsedatum",
    "födelseår",
    "född",
    "fødselsdato",
    "fødselsår",
    "født",
    "geboortedatum",
    "geboortejaar",
];

/// Headings of a column by which somebody is reached; a telephone is answered sooner than a letter box.
const TELEPHONE: &[&str] = &[
    "phone",
    "phone number",
    "telephone",
    "telephone number",
    "tel",
    "mobile",
    "mobile phone",
    "mobile number",
    "cell phone",
    "puhelin",
    "puhelinnumero",
    "puh",
    "matkapuhelin",
    "gsm",
    "telefon",
    "telefonnummer",
    "handy",
    "handynummer",
    "mobil",
    "mobiltelefon",
    "mobilnummer",
    "rufnummer",
    "telefone",
    "telefone celular",
    "celular",
    "telemóvel",
    "teléfono",
    "teléfono móvil",
    "móvil",
    "telefono",
    "cellulare",
    "téléphone",
    "portable",
    "telefoon",
    "telefoonnummer",
];
const CONTACT: &[&str] = &[
    "contact",
    "contact details",
    "contact information",
    "e mail",
    "email",
    "e mail address",
    "email address",
    "mail",
    "yhteystieto",
    "yhteystiedot",
    "sähköposti",
    "sähköpostiosoite",
    "kontakt",
    "kontaktdaten",
    "e mail adresse",
    "contato",
    "contacto",
    "e mail de contato",
    "correo",
    "correo electrónico",
    "contatto",
    "courriel",
    "e post",
    "epost",
];

impl Mapping {
    /// Guesses from the headings. Where none is known and the first row holds a year or a date, it is somebody.
    #[must_use]
    pub fn guess(table: &Table) -> Self {
        let headings: Vec<String> = table.headers.cells.iter().map(|cell| plain(cell)).collect();
        let find = |known: &[&str]| headings.iter().position(|heading| known.contains(&heading.as_str()));
        let (whole, name, first, family) = (find(WHOLE), find(NAME), find(FIRST), find(FAMILY));
        let (name, family_name) = match (whole, first, family) {
            (Some(whole), ..) => (Some(whole), None),
            (None, Some(first), Some(family)) => (Some(first), Some(family)),
            // Beside first names "Name" is the family name, and beside a family name the first ones.
            (None, Some(first), None) => (Some(first), name),
            (None, None, Some(family)) => name.map_or((Some(family), None), |name| (Some(name), Some(family))),
            (None, None, None) => (name, None),
        };
        let (birth, contact) = (find(BIRTH), find(TELEPHONE).or_else(|| find(CONTACT)));
        if name.is_some() || birth.is_some() {
            return Self { name, family_name, birth, contact, has_headings: true };
        }
        let birth = table.headers.cells.iter().position(|cell| birth_year(cell).is_some());
        let is_name = |cell: &String| cell.chars().any(char::is_alphabetic);
        let name = birth.and_then(|_| table.headers.cells.iter().position(is_name));
        Self { name, family_name: None, birth, contact: None, has_headings: birth.is_none() }
    }

    pub(super) fn name_in(&self, row: &TableRow) -> String {
        let first = self.name.map(|column| row.cell(column)).unwrap_or_default();
        let family = self.family_name.map(|column| row.cell(column)).unwrap_or_default();
        format!("{first} {family}").trim().to_owned()
    }

    pub(super) fn contact_in<'r>(&self, row: &'r TableRow) -> &'r str {
        self.contact.map(|column| row.cell(column)).unwrap_or_default()
    }

    pub(super) fn birth_in<'r>(&self, row: &'r TableRow) -> &'r str {
        self.birth.map(|column| row.cell(column)).unwrap_or_default()
    }
}

/// A heading without capitals and signs.
fn plain(heading: &str) -> String {
    let letters: String = heading.chars().map(|letter| if letter.is_alphanumeric() { letter } else { ' ' }).collect();
    letters.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
