//! Papers as people would fill them in, shared by the tests and the specimens.

use fieldproof_certificate::{CertificateFacts, Fact, ResultSheetFacts, Shape, SheetLine};

/// A link with this many digits behind it; the digits look as random as a signature does.
pub(crate) fn link(digits: usize) -> String {
    let mut state = 0x2545_F491_4F6C_DD1Du64;
    let digits: String = (0..digits)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            char::from(b'0' + u8::try_from(state % 10).unwrap_or(0))
        })
        .collect();
    format!("https://fieldproof.example/v#{digits}")
}

/// A certificate with everything on it.
pub(crate) fn certificate() -> CertificateFacts {
    CertificateFacts {
        demonstration: false,
        institution: "Väylä Specimen College, Department of Invented Vehicles".into(),
        holder: "Áine Esimerkkipää".into(),
        birth_year: Some(1987),
        scheme_title: "Isolation of high-voltage vehicle systems, level X".into(),
        scheme_version: "3.1".into(),
        scope: "Covers making a vehicle's high-voltage system dead, proving it dead and putting it back into service. \
            Does not cover work on live systems or inside the battery."
            .into(),
        course: vec![
            Fact::new("Dates", "9 to 13 November 2026"),
            Fact::new("Hours", "16 theory, 24 practice"),
            Fact::new("Voltage level trained", "as set by the specimen (V DC)"),
            Fact::new("Site", "Specimen workshop 4"),
        ],
        assessed: vec![
            Fact::new("Exercise object", "Passenger car, traction battery 96 cells"),
            Fact::new("Voltage present", "as measured (V DC)"),
            Fact::new("State", "Live at the start, made dead in the exercise"),
            Fact::new("Parts passed", "Preparation, isolation, proving dead (≥ Ω µ), return to service"),
        ],
        people: vec![
            Fact::new("Assessor", "João Exemplão"),
            Fact::new("Second person", "Mirjam Näidisõde"),
            Fact::new("Trainer", "Łukasz Przykładowski"),
        ],
        issued_on: "13 November 2026".into(),
        valid_until: Some("12 November 2029".into()),
        confirm_by: "27 November 2026".into(),
        certificate_id: "FP-7K3M-9QX2".into(),
        address: "vayla.example/check".into(),
        token_link: link(851),
        document_date: 1_794_571_200,
    }
}

/// A name of eighty letters.
pub(crate) const LONG_FINNISH_NAME: &str =
    "Hääyöaie-Työläisyyskäyttöjärjestelmä Yöpöytäpöllö Äijälä-Öylättimäki-Särkijärvix";

/// A certificate with the longest facts a page has to carry.
pub(crate) fn full_certificate() -> CertificateFacts {
    let long = |text: &str| format!("{text} ").repeat(2).trim().to_owned();
    let mut facts = certificate();
    facts.holder = LONG_FINNISH_NAME.into();
    facts.institution =
        "Instituto de Formação Profissional e Certificação em Mobilidade Eléctrica de São João da Madeira".into();
    facts.scheme_title =
        "Isolation, proving dead and return to service of high-voltage vehicle systems in workshops, level X".into();
    facts.scope = long(&facts.scope);
    for rows in [&mut facts.course, &mut facts.assessed, &mut facts.people] {
        for row in rows {
            row.value = long(&row.value);
        }
    }
    facts.address = "https://www.institution-of-vocational-education.example/certificates/check".into();
    facts.token_link = link(1215);
    facts
}

/// A result sheet with this many lines in every task.
pub(crate) fn sheet(lines_per_task: usize) -> ResultSheetFacts {
    let facts = certificate();
    let shapes = [
        (Shape::Done, "Done"),
        (Shape::NotYet, "Not yet"),
        (Shape::Critical, "Critical failure"),
        (Shape::Stopped, "Stopped"),
        (Shape::NotApplicable, "Not applicable"),
    ];
    let tasks = ["Prepare the workplace", "Make the system dead", "Prove it dead", "Return to service"];
    let lines = tasks
        .iter()
        .flat_map(|task| {
            shapes.iter().cycle().take(lines_per_task).map(|(shape, judged)| {
                let critical = *shape == Shape::Critical;
                let because = "The plug lay on the bench beside the vehicle.";
                SheetLine {
                    task: (*task).into(),
                    text: "Secures the service plug against being put back and keeps it where nobody else can reach it"
                        .into(),
                    critical,
                    judged: (*judged).into(),
                    shape: *shape,
                    because: if critical { because.into() } else { String::new() },
                }
            })
        })
        .collect();
    ResultSheetFacts {
        demonstration: false,
        institution: facts.institution,
        holder: facts.holder,
        birth_year: facts.birth_year,
        scheme_title: facts.scheme_title,
        scheme_version: facts.scheme_version,
        scope: facts.scope,
        course: facts.course,
        assessed: facts.assessed,
        people: facts.people,
        assessed_on: facts.issued_on,
        record_id: "FR-2C9D-44HT".into(),
        result: "Not yet".into(),
        result_shape: Shape::NotYet,
        because: vec![
            "Critical: the service plug was not secured against being put back.".into(),
            "The waiting time before proving dead was not kept.".into(),
        ],
        lines,
        document_date: facts.document_date,
    }
}
