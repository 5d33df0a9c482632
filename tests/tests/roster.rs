//! A roster out of a file: what spreadsheets write is read, every row says what becomes of it, and importing twice
//! changes nothing.
#![allow(clippy::unwrap_used, reason = "helpers of tests stop where the set-up fails")]

use std::sync::Arc;

use fieldproof_api::{
    Api,
    dto::{Code, OfficeView, RosterStateView, RosterView},
};
use fieldproof_app::{
    App, Error, NewGrant, NotAllowed,
    roster::{
        CELL_LIMIT, COLUMN_LIMIT, Delimiter, Encoding, Form, Mapping, ROW_LIMIT, RosterRow, RowProblem, RowState,
        Table, TableError, Twin, preview, read_table,
    },
};
use fieldproof_model::{id::CourseId, person::NotAName};
use fieldproof_register::{
    Register,
    founding::{Charter, Founding},
};
use fieldproof_seal::{delegation::Role, envelope::Purpose};
use fieldproof_store::table::people::PersonRow;
use fieldproof_testkit::{HV_ISOLATION, MORNING, Plan, TestWorld, seeded};
use fieldproof_tests::workbook::{AUTUMN, packed, workbook, workbook_of};
use serde_json::json;

const COORDINATOR: &str = "abandon garage tunnel velvet zebra";

fn rows(table: &Table) -> Vec<Vec<&str>> {
    table.rows.iter().map(|row| row.cells.iter().map(String::as_str).collect()).collect()
}

fn looked_at(text: &str) -> Vec<RosterRow> {
    let table = read_table(text.as_bytes()).unwrap();
    preview(&table, &Mapping::guess(&table), &[], MORNING.date()).rows
}

fn utf16(text: &str, is_little: bool) -> Vec<u8> {
    let order = |unit: u16| if is_little { unit.to_le_bytes() } else { unit.to_be_bytes() };
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(order).collect()
}

#[test]
fn text_is_read_in_every_encoding_and_with_every_delimiter() {
    let text = "Nimi;Syntymävuosi\r\nÄijä Öberg;1990\r\n";
    let windows: Vec<u8> = text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
    let marked = [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
    for (bytes, encoding) in [
        (text.as_bytes().to_vec(), Encoding::Utf8),
        (marked, Encoding::Utf8),
        (utf16(text, true), Encoding::Utf16),
        (utf16(text, false), Encoding::Utf16),
        (windows, Encoding::Cp1252),
    ] {
        let table = read_table(&bytes).unwrap();
        assert_eq!(table.form, Form::Text { encoding, delimiter: Delimiter::Semicolon });
        assert_eq!(table.headers.cells, ["Nimi", "Syntymävuosi"], "{encoding:?}: without a mark before it");
        assert_eq!(rows(&table), [["Äijä Öberg", "1990"]], "{encoding:?}");
    }
    let only_windows = read_table(b"Name\nSophie \x8aulc \x80\n").unwrap();
    assert_eq!(rows(&only_windows), [["Sophie Šulc €"]], "what Latin-1 has not");
    for (text, delimiter) in [
        ("Name,Born\n\"Ek; Bo\",1990\n\"Ek; Al\",1991\n", Delimiter::Comma),
        ("Name\tBorn\nEk, Bo\t1990\n", Delimiter::Tab),
        ("Name;Remark\nEk, Bo;a, b, c\n", Delimiter::Semicolon),
        ("sep=;\r\nName,x;Born\r\nBo,Ek;1990\r\n", Delimiter::Semicolon),
    ] {
        let table = read_table(text.as_bytes()).unwrap();
        assert_eq!(table.form, Form::Text { encoding: Encoding::Utf8, delimiter }, "{text}");
        assert_eq!(table.rows[0].cells.len(), 2, "{text}");
    }
}

#[test]
fn lines_are_counted_as_whoever_opens_the_file_counts_them() {
    let text = "\r\n;\r\nName;Born\r\n\r\n\"Bo\r\nEk\";1990\r\n;;\r\n\r\nAl Ek;1991";
    for text in [text.to_owned(), text.replace("\r\n", "\n")] {
        let table = read_table(text.as_bytes()).unwrap();
        assert_eq!(table.headers.line, 3);
        assert_eq!(table.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [5, 9]);
        assert_eq!(table.blank, 1);
    }
    let said = read_table(b"sep=,\nName,Born\nAl Ek,1991\n").unwrap();
    assert_eq!((said.headers.line, said.rows[0].line), (2, 3));
}

#[test]
fn a_workbook_gives_dates_and_whole_numbers_of_the_first_sheet_that_is_shown() {
    let table = read_table(&workbook(AUTUMN)).unwrap();
    assert_eq!(table.form, Form::Workbook { sheet: "Autumn".to_owned() });
    assert_eq!(
        (table.headers.line, table.headers.cells.as_slice()),
        (2, ["Nimi", "", "Syntymäaika"].map(String::from).as_slice())
    );
    assert_eq!(rows(&table), [["Äijä Öberg", "", "1989-12-31"], ["Bo Ek", "", "1985"]]);
    assert_eq!(table.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [3, 6]);
    assert_eq!(table.blank, 1, "a row that has cells and nothing in them");
    let mac = read_table(&workbook_of(AUTUMN, r#"<workbookPr date1904="1"/>"#)).unwrap();
    assert_eq!(mac.rows[0].cells[2], "1994-01-01", "days counted from 1904");
    let born: Vec<_> = preview(&table, &Mapping::guess(&table), &[], MORNING.date()).rows;
    assert_eq!(born.iter().map(|row| row.birth_year).collect::<Vec<_>>(), [Some(1989), Some(1985)]);
}

#[test]
fn columns_are_guessed_from_their_headings() {
    let guess = |text: &str| {
        let mapping = Mapping::guess(&read_table(text.as_bytes()).unwrap());
        (mapping.name, mapping.family_name, mapping.birth, mapping.has_headings)
    };
    for (headings, expected) in [
        ("E-mail;NAME;Year of birth", (Some(1), None, Some(2), true)),
        ("Nimi;Syntymäaika", (Some(0), None, Some(1), true)),
        ("Sukunimi;Etunimi;Osoite", (Some(1), Some(0), None, true)),
        ("Name;Vorname;geb.", (Some(1), Some(0), Some(2), true)),
        ("Cognome;Nome;Data_di_nascita", (Some(1), Some(0), Some(2), true)),
        ("Nombre;Apellidos", (Some(0), Some(1), None, true)),
        ("First name;Full name;Last name", (Some(1), None, None, true)),
        ("Id;Remark", (None, None, None, true)),
        ("7;Bo Ek;31.12.1990", (Some(1), None, Some(2), false)),
    ] {
        assert_eq!(guess(headings), expected, "{headings}");
    }
    for (headings, contact) in [
        ("E-mail;NAME;Year of birth", Some(0)),
        ("Name;E-mail;Mobile phone", Some(2)),
        ("Nimi;Sähköposti;Puhelinnumero", Some(2)),
        ("Nome completo;Telemóvel", Some(1)),
        ("Nome;Telefone", Some(1)),
        ("Nombre;Apellidos;Correo electrónico", Some(2)),
        ("Nombre;Teléfono", Some(1)),
        ("Name;Vorname;Handy-Nr.;Telefonnummer", Some(3)),
        ("Name;Kontakt", Some(1)),
        ("Name;Address", None),
        ("Phone;E-mail", None),
    ] {
        assert_eq!(Mapping::guess(&read_table(headings.as_bytes()).unwrap()).contact, contact, "{headings}");
    }
    let without = looked_at("Bo Ek;1990\nAl Ek;1991\n");
    assert_eq!(without.iter().map(|row| row.line).collect::<Vec<_>>(), [1, 2], "nobody is taken for a heading");
    assert!(looked_at("Id;Remark\n1;x\n").is_empty(), "nothing is taken for a name");
}

#[test]
fn every_row_says_what_becomes_of_it() {
    let text = format!(
        "First name;Surname;Born;Diagnosis\nBo;Ek;1990;x\n;;1990;x\nAl;Ek;31.13.1990;\nUm;漢;1990;\n\"Two\nlines\";Ek;1990;\n\
         Old;Ek;1890;\nYoung;Ek;2099;\n bo;EK;01.02.1990;\nBo;Ek;1991;\nBo;Ek;;\n{};Ek;1990;\n",
        "x".repeat(81)
    );
    let rows = looked_at(&text);
    let states: Vec<_> = rows.iter().map(|row| (row.line, row.state.clone())).collect();
    let wrong = |problem| RowState::Wrong(problem);
    assert_eq!(
        states,
        [
            (2, RowState::New),
            (3, wrong(RowProblem::Name(NotAName::Empty))),
            (4, wrong(RowProblem::Birth("31.13.1990".to_owned()))),
            (5, wrong(RowProblem::Letter('漢'))),
            (6, wrong(RowProblem::Name(NotAName::ControlCharacter))),
            (8, wrong(RowProblem::Year(1890))),
            (9, wrong(RowProblem::Year(2099))),
            (10, RowState::Duplicate(Twin::Line(2))),
            (11, RowState::New),
            (12, RowState::New),
            (13, wrong(RowProblem::Name(NotAName::TooLong))),
        ]
    );
    assert_eq!((rows[0].name.as_str(), rows[0].birth_year), ("Bo Ek", Some(1990)));
    assert!(!format!("{:?}", rows[0]).contains('x'), "nothing else is taken");
}

#[test]
fn every_limit_is_named_with_its_place() {
    let people = |count: usize| format!("Name\n{}", "Bo Ek\n".repeat(count));
    assert_eq!(read_table(people(ROW_LIMIT).as_bytes()).unwrap().rows.len(), ROW_LIMIT);
    let error = |text: &str| read_table(text.as_bytes()).unwrap_err();
    assert_eq!(error(&people(ROW_LIMIT + 1)), TableError::TooManyRows { line: 20_002 });
    let wide = |count: usize| format!("Name\n{}x\n", "x;".repeat(count - 1));
    assert_eq!(read_table(wide(COLUMN_LIMIT).as_bytes()).unwrap().rows[0].cells.len(), COLUMN_LIMIT);
    assert_eq!(error(&wide(COLUMN_LIMIT + 1)), TableError::TooManyColumns { line: 2 });
    assert!(
        read_table(format!("Name;Born\nBo Ek;1990{}\n", ";".repeat(500)).as_bytes()).is_ok(),
        "empty ones are none"
    );
    let long = |count: usize| format!("Name;Born\nBo Ek;{}\n", "ä".repeat(count));
    assert!(read_table(long(CELL_LIMIT).as_bytes()).is_ok());
    assert_eq!(error(&long(CELL_LIMIT + 1)), TableError::CellTooLong { line: 2, column: 2 });
    assert_eq!(read_table(&vec![b'x'; (16 << 20) + 1]), Err(TableError::TooLarge));

    let far = workbook(r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="7"><c r="XFD7"><v>1</v></c></row>"#);
    assert_eq!(read_table(&far), Err(TableError::TooManyColumns { line: 7 }));
    let deep =
        workbook(r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>"#);
    assert_eq!(read_table(&deep).unwrap().rows[0].line, 1_048_576, "rows that are not there take no room");
    let many: String = (1..=20_002).map(|row| format!(r#"<row r="{row}"><c r="A{row}"><v>1</v></c></row>"#)).collect();
    assert_eq!(read_table(&workbook(&many)), Err(TableError::TooManyRows { line: 20_002 }));
    let bomb = packed(&[("xl/sharedStrings.xml", &vec![b' '; (32 << 20) + 1])]);
    assert!(bomb.len() < 1 << 20);
    assert_eq!(read_table(&bomb), Err(TableError::UnpacksTooLarge));
}

#[test]
fn garbage_is_answered() {
    for (bytes, expected) in [
        (b"".as_slice(), TableError::Empty),
        (b"\xef\xbb\xbf", TableError::Empty),
        (b" ; ;\r\n\r\n", TableError::Empty),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", TableError::NotATable),
        (b"N\0a\0m\0e\0", TableError::NotATable),
        (b"\xff\xfeN\0a\0m\0e\0x", TableError::DamagedText),
        (b"\xff\xfe\0\xd8x\0", TableError::DamagedText),
        (b"\xef\xbb\xbfName\n\xe4\n", TableError::DamagedText),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", TableError::OldWorkbook),
        (b"PK\x03\x04", TableError::DamagedWorkbook),
    ] {
        assert_eq!(read_table(bytes), Err(expected), "{bytes:02x?}");
    }
    assert_eq!(read_table(&packed(&[("word/document.xml", b"<document/>")])), Err(TableError::DamagedWorkbook));
    let whole = workbook(AUTUMN);
    for cut in 4..whole.len() {
        assert!(read_table(&whole[..cut]).is_err(), "cut at {cut}");
    }
    for at in 0..whole.len() {
        let mut bent = whole.clone();
        bent[at] ^= 0x55;
        drop(read_table(&bent));
    }
    for rows in [
        "<row r=\"0\"><c r=\"A0\"><v>1</v></c></row>",
        "<row r=\"9\"><c r=\"ÄÖ9\"><v>1</v></c></row>",
        "<c",
        "<row><c t=\"s\"><v>99</v></c></row>",
        "<row r=\"99999999999\"><c r=\"A99999999999\"><v>1</v></c></row>",
        "<row r=\"1\"><c r=\"ZZZZZZZZZ1\"><v>1</v></c></row>",
    ] {
        drop(read_table(&workbook(rows)));
    }
}

/// A coordinator's laptop with a course that has nobody on its roster.
fn office(seed: &str) -> (TestWorld, Api, CourseId) {
    let world = TestWorld::planned(seed, &Plan { purpose: Purpose::Practice, ..Plan::default() });
    let app = App::new(&world.folder.path().join("office"), Box::new(world.host.clone()));
    app.begin("Carla Coordinator", Some(1970), COORDINATOR).unwrap();
    let charter = Charter {
        purpose: Purpose::Practice,
        name: "Founded Institute".to_owned(),
        address: "fieldproof.example/v".to_owned(),
        contact_days: None,
    };
    let asked = app.request().unwrap().request;
    let founding = Founding::begin(charter, asked.key, MORNING, &mut seeded(&format!("{seed}/founding")));
    let register =
        Register::create(&world.folder.path().join("book"), &founding.material(), Arc::new(|| MORNING)).unwrap();
    app.found(&founding.trust(), &founding.beacon(), register.tls_pin()).unwrap();
    let scheme = app.publish_scheme(HV_ISOLATION.0, HV_ISOLATION.1).unwrap();
    let course = world.usual_course(scheme);
    app.set_course(&course, &[]).unwrap();
    // The scheme's packs carry its courses: the coordinator assesses, too.
    let grant = NewGrant {
        scheme,
        roles: [Role::Assessor].into(),
        may_certify: true,
        first: MORNING.date(),
        last: MORNING.date().days_later(30),
        contact_days: None,
    };
    app.admit(&app.request().unwrap(), &[grant]).unwrap();
    (world, Api::new(app, None), course.id)
}

fn import(api: &Api, course: CourseId) -> OfficeView {
    serde_json::from_value(api.call("import_roster", json!({ "courseId": course.to_string() })).unwrap()).unwrap()
}

fn counts(view: &RosterView) -> (u32, u32, u32, u32) {
    (view.to_add, view.there, view.to_mend, view.blank)
}

#[test]
fn importing_twice_changes_nothing() {
    let (_world, api, course) = office("twice");
    let file = "Name;Born;Phone\nAino Ek;1990;1\nBo Ek;;2\naino  ek;1.1.1990;3\n;;;\nUm;never;4\n";
    let view = api.read_roster(&course.to_string(), file.as_bytes()).unwrap();
    assert_eq!(counts(&view), (2, 1, 1, 1));
    assert_eq!(view.form, "Text in UTF-8, cells divided by semicolons");
    assert_eq!(view.columns[1].sample, "1990");
    assert!(view.rows[2].note.starts_with("The same name and year of birth as in line 2."), "{}", view.rows[2].note);
    assert!(view.rows[3].note.starts_with("“never” is neither a year nor a date"), "{}", view.rows[3].note);
    let office = import(&api, course);
    assert_eq!(office.courses[0].people, 2);
    let number = office.members[0].pack;
    assert!(api.call("import_roster", json!({ "courseId": course.to_string() })).is_err(), "the file was let go of");
    let again = api.read_roster(&course.to_string(), file.as_bytes()).unwrap();
    assert_eq!(counts(&again), (0, 3, 1, 1));
    assert!(again.rows[0].note.starts_with("On this course's roster already."), "{}", again.rows[0].note);
    let office = import(&api, course);
    assert_eq!((office.courses[0].people, office.members[0].pack), (2, number), "not even a pack is made anew");
    // A preview may be older than the book.
    let row = |name: &str| RosterRow {
        line: 2,
        name: name.to_owned(),
        birth_year: Some(1990),
        contact: None,
        state: RowState::New,
    };
    let app = api.app();
    assert_eq!(app.import_roster(course, &[row("AINO Ek"), row("Cai Ek"), row("cai ek")]).unwrap(), 1);
    assert!(app.import_roster(course, &[row("Dov Ek"), row("漢")]).is_err());
    assert_eq!(app.office().unwrap().courses[0].1, 3, "all of them or nobody");
}

#[test]
fn a_contact_is_taken_and_filled_in_where_none_is_known() {
    use RosterStateView::{Duplicate, New, Reached, Wrong};
    let (_world, api, course) = office("contacts");
    let contacts = || {
        let people = api.app().course_people(course).unwrap().into_iter();
        let contact =
            |row: PersonRow| (row.person.name.as_str().to_owned(), row.contact.map(|c| c.as_str().to_owned()));
        people.map(contact).collect::<Vec<_>>()
    };
    let some = |name: &str, contact: &str| (name.to_owned(), Some(contact.to_owned()));
    let read = |file: &str| api.read_roster(&course.to_string(), file.as_bytes()).unwrap();
    read("Name;Born\nAino Ek;1990\nBo Ek;\n");
    import(&api, course);
    assert_eq!(contacts(), [("Aino Ek".to_owned(), None), ("Bo Ek".to_owned(), None)]);
    let file = format!(
        "Name;Born;Phone\nAino Ek;1990; +358 40 555 0100 \nAino Ek;1990;other\nBo Ek;;\nCai Ek;;cai@example.invalid\n\
         Dov Ek;;{}\nEve Ek;;\"two\nlines\"\n",
        "1".repeat(101)
    );
    let view = read(&file);
    let states: Vec<_> = view.rows.iter().map(|row| row.state).collect();
    assert_eq!(states, [Reached, Duplicate, Duplicate, New, Wrong, Wrong]);
    assert_eq!((view.to_add, view.to_reach, view.there, view.to_mend), (1, 1, 2, 2));
    assert_eq!(view.rows[0].contact.as_deref(), Some("+358 40 555 0100"));
    assert!(view.rows[4].note.starts_with("The contact is longer than 100 characters."), "{}", view.rows[4].note);
    assert!(view.rows[5].note.contains("Write it on one line"), "{}", view.rows[5].note);
    import(&api, course);
    let first =
        [some("Aino Ek", "+358 40 555 0100"), ("Bo Ek".to_owned(), None), some("Cai Ek", "cai@example.invalid")];
    assert_eq!(contacts(), first);
    let view = read("Name;Born;Phone\nAino Ek;1990;another one\n");
    assert_eq!((view.to_reach, view.there), (0, 1), "what the office holds is not replaced by a file");
    import(&api, course);
    assert_eq!(contacts(), first);
}

#[test]
fn the_coordinator_chooses_other_columns() {
    let (_world, api, course) = office("columns");
    let course_id = course.to_string();
    let view = api.read_roster(&course_id, b"No;Who;Family;When\n1;Bo;Ek;1990\n").unwrap();
    assert_eq!((view.mapping.name, view.rows.len()), (None, 0));
    let mapping = json!({ "name": 1, "familyName": 2, "birth": 3, "hasHeadings": true });
    let view = api.call("map_roster", json!({ "courseId": course_id, "mapping": mapping })).unwrap();
    let view: RosterView = serde_json::from_value(view).unwrap();
    assert_eq!((view.rows[0].name.as_str(), view.rows[0].birth_year), ("Bo Ek", Some(1990)));
    assert_eq!(view.rows[0].state, RosterStateView::New);
    let other = json!({ "courseId": CourseId::new([9; 16]).to_string(), "mapping": mapping });
    assert!(api.call("map_roster", other).is_err(), "the file was read for another course");
    let far = json!({ "name": 99, "familyName": null, "birth": null, "hasHeadings": false });
    let view = api.call("map_roster", json!({ "courseId": course_id, "mapping": far })).unwrap();
    let view: RosterView = serde_json::from_value(view).unwrap();
    assert_eq!(counts(&view), (0, 0, 2, 0), "a column that is not there is empty");
    api.app().lock();
    assert_eq!(api.read_roster(&course_id, b"Name\nBo Ek\n").unwrap_err().code, Code::Locked);
}

#[test]
fn what_is_wrong_with_a_file_is_said_with_its_remedy() {
    let (_world, api, course) = office("wrong");
    let error = api.read_roster(&course.to_string(), format!("Name\n{}\n", "x".repeat(1_001)).as_bytes()).unwrap_err();
    assert_eq!(error.code, Code::InvalidInput);
    assert_eq!(error.message, "Line 2, column 1: the cell is longer than 1000 characters.");
    assert!(error.next.contains("quotation mark"));
    assert!(api.read_roster(&CourseId::new([9; 16]).to_string(), b"Name\nBo Ek\n").is_err(), "no such course");
}

#[test]
fn a_roster_goes_out_with_the_packs_and_nobody_else_imports_one() {
    let (world, api, course) = office("packs");
    api.read_roster(&course.to_string(), &workbook(AUTUMN)).unwrap();
    import(&api, course);
    let own = api.app().request().unwrap();
    let file = api.app().write_pack(&own.request.installation, world.folder.path()).unwrap();
    let brings = api.app().look_at_pack(&std::fs::read(file).unwrap()).unwrap().brings;
    assert_eq!(brings.2, 2, "both people");
    world.unlock();
    let table = read_table(b"Name\nBo Ek\n").unwrap();
    let refused = world.app.preview_roster(course, &table, &Mapping::guess(&table)).unwrap_err();
    assert!(matches!(refused, Error::NotAllowed(NotAllowed::NotCoordinator)), "{refused:?}");
    assert!(matches!(world.app.import_roster(course, &[]), Err(Error::NotAllowed(NotAllowed::NotCoordinator))));
}
