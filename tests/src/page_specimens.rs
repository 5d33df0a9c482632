//! What the verify page is tried with: an institution, its register, links of certificates of every kind, and trust files.
//!
//! Arguments: a folder, and the time in milliseconds since 1970. The folder gets `links.json`, `trust.cbor` and others
//! beside it, and `register/`, in which the certificate of "withdrawn" is withdrawn. A third argument, the number of a
//! certificate, withdraws that one in the register that is already there.

use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

use fieldproof_model::{
    clock::ClockGrade,
    digest::Digest,
    gate::{ExerciseState, VoltageKind},
    id::{CertificateId, SchemeId},
    scheme::PartKind,
    time::{Date, Timestamp},
};
use fieldproof_register::{
    Register,
    founding::{Charter, Institution},
};
use fieldproof_seal::{
    envelope::Purpose,
    keys::SecretKey,
    snapshot::{CertificateDigest, Snapshot, Withdrawn},
    token::{HolderMark, Standing, Token, to_link},
    trust::TrustFile,
};

/// Whose certificate each is, and what is the matter with it.
const HOLDERS: [(&str, &str); 6] = [
    ("good", "Kalle Kokelas"),
    ("other", "Maria Candidata"),
    ("withdrawn", "Petra Prüfling"),
    ("expired", "Juan Aspirante"),
    ("long", "Łukasz Przykładowy-Esimerkkiläinen von Beispiel"),
    ("registered", "Liisa Esimerkki"),
];

fn found(purpose: Purpose, name: &str, seed: u8, now: Timestamp) -> Institution {
    let address = "fieldproof.example/v".to_owned();
    let charter = Charter { purpose, name: name.to_owned(), address, contact_days: None };
    // Old enough to have issued what has expired since.
    let now = now.seconds_earlier(500 * 86_400);
    let mut next = seed;
    Institution::found(charter, now, &mut |bytes| {
        next = next.wrapping_add(1);
        bytes.fill(next);
    })
}

fn token(
    institution: &Institution,
    number: usize,
    (kind, holder): (&str, &str),
    today: Date,
) -> anyhow::Result<String> {
    let assessor = SecretKey::new(&[200; 32]);
    let issued_on = if kind == "expired" { Date::from_days(today.as_days() - 400) } else { today };
    let name = (assessor.public(), "Aino Arvioija");
    let delegation = institution.delegate(name, SchemeId::new([1; 16]), true, (issued_on, 30));
    let (standing, key) = match kind {
        "registered" => {
            let standing = Standing::Registered { assessor_name: name.1.to_owned() };
            (standing, institution.material().register_key)
        }
        _ => {
            let confirm_by = issued_on.days_later(30);
            (Standing::OnSite { beacon: None, clock: ClockGrade::Sound, confirm_by, delegation }, assessor)
        }
    };
    let token = Token {
        purpose: institution.key_set().purpose,
        certificate: CertificateId::new([u8::try_from(number)?; 16]),
        record: Digest::new([3; 32]),
        chain_index: 7,
        holder: holder.to_owned(),
        mark: Some(HolderMark::BirthYear(1990)),
        scheme_title: "Isolation, invented for tests".to_owned(),
        scheme_version: "3".to_owned(),
        unit: None,
        parts: vec![PartKind::Knowledge, PartKind::Practical],
        exercise_state: Some(ExerciseState::MadeDead),
        voltage: Some((400, VoltageKind::Dc)),
        issued_on,
        valid_until: Some(issued_on.days_later(365)),
        standing,
    };
    Ok(to_link(&institution.key_set().address, &token.sign(&key)?))
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, now, rest @ ..] = arguments.as_slice() else {
        anyhow::bail!("two arguments are needed");
    };
    let (folder, now) = (Path::new(folder), Timestamp::from_millis(now.parse()?));
    if let [number] = rest {
        return withdraw(folder, number.parse()?, now);
    }
    let institution = found(Purpose::Real, "Esimerkkiopisto", 1, now);
    let strangers = found(Purpose::Real, "Muu Keksitty Laitos", 50, now);
    let practice = found(Purpose::Demonstration, "Esittelylaitos", 90, now);
    let mut links = BTreeMap::new();
    for (number, (kind, holder)) in HOLDERS.iter().enumerate() {
        links.insert((*kind).to_owned(), token(&institution, number, (kind, holder), now.date())?);
    }
    links.insert("strangers".to_owned(), token(&strangers, 9, HOLDERS[0], now.date())?);
    links.insert("demonstration".to_owned(), token(&practice, 9, HOLDERS[0], now.date())?);
    fs::write(folder.join("links.json"), serde_json::to_vec_pretty(&links)?)?;
    fs::write(folder.join("trust.cbor"), trust(&institution, 1, &[], now).to_bytes())?;
    fs::write(folder.join("trust-strangers.cbor"), trust(&strangers, 1, &[], now).to_bytes())?;
    fs::write(folder.join("trust-demonstration.cbor"), trust(&practice, 1, &[], now).to_bytes())?;
    fs::write(folder.join("trust-newer.cbor"), trust(&institution, 2, &[0], now).to_bytes())?;
    let register = folder.join("register");
    drop(Register::create(&register, &institution.material(), Arc::new(move || now))?);
    withdraw(folder, 2, now)
}

fn withdraw(folder: &Path, number: u8, now: Timestamp) -> anyhow::Result<()> {
    let database = rusqlite::Connection::open(folder.join("register/register.sqlite"))?;
    let row = ([number; 16], 1, now.date().as_days());
    database.execute("INSERT INTO withdrawn (certificate_id, state, day) VALUES (?1, ?2, ?3)", row)?;
    Ok(())
}

/// The institution's trust file with a list of today, in which these are suspended.
fn trust(institution: &Institution, number: u32, suspended: &[u8], now: Timestamp) -> TrustFile {
    let row = |id: &u8| (CertificateDigest::of(&CertificateId::new([*id; 16])), (Withdrawn::Suspended, now.date()));
    let snapshot = Snapshot {
        purpose: institution.key_set().purpose,
        // Before the register's first epoch, so that the register's own list replaces it.
        epoch: 0,
        number,
        as_of: now,
        withdrawn: suspended.iter().map(row).collect(),
        delegations: BTreeMap::new(),
        standing: BTreeMap::new(),
    };
    TrustFile { snapshot: Some(snapshot.sign(&institution.material().register_key)), ..institution.trust() }
}
