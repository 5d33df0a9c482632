//! Both files at once: what the fresh store holds and says, that the damaged one is left alone, and damage that leaves
//! little to go by.

use fieldproof_model::digest::Digest;

use super::*;
use crate::rescue::cipher::PageCipher;

/// Every file of a folder, byte for byte, with the time of its last change.
fn contents(folder: &Path) -> BTreeMap<PathBuf, (Vec<u8>, std::time::SystemTime)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .map(|path| (path.clone(), (fs::read(&path).unwrap(), path.metadata().unwrap().modified().unwrap())))
        .collect()
}

fn rescued(folder: &Path) -> (Report, TempDir, [Rows; 2]) {
    let out = tempfile::tempdir().unwrap();
    let fresh = out.path().join("rescued");
    let mut told = BTreeSet::new();
    let report = rescue(folder, &key(), &fresh, &mut |progress| {
        assert!(progress.done <= progress.total, "{progress:?}");
        told.insert((progress.file, format!("{:?}", progress.stage)));
    })
    .unwrap();
    assert!(told.contains(&(EVIDENCE_FILE, "Checking".to_owned())) && told.len() < 8, "{told:?}");
    let names: BTreeSet<_> = contents(&fresh).into_keys().map(|path| path.file_name().unwrap().to_owned()).collect();
    assert_eq!(names, BTreeSet::from([STORE_FILE.into(), EVIDENCE_FILE.into()]), "nothing waits in a log");
    let mut rows = [STORE_FILE, EVIDENCE_FILE].map(|name| dump(&database::open(&fresh.join(name), &key()).unwrap()));
    let items = rows[0].get_mut("pack_items").unwrap();
    let before = items.len();
    items.retain(|_, row| row[0] != Value::Text("rescued".to_owned()));
    assert_eq!(items.len() + 1, before, "whatever was saved, the fresh store says that it was rescued");
    (report, out, rows)
}

#[test]
fn a_whole_store_is_saved_whole_and_left_as_it_was() {
    let made = make();
    fs::write(made.folder.path().join("slots.json"), "{}").unwrap();
    let before = contents(made.folder.path());
    let (report, out, rows) = rescued(made.folder.path());
    assert_eq!(contents(made.folder.path()), before, "nothing is written beside a damaged store");
    for (rows, whole) in rows.iter().zip(&made.files) {
        assert_same(rows, &whole.rows, whole.name);
    }
    assert!(report.is_whole(), "{}", report.to_text());
    for (file, whole) in [&report.store, &report.evidence].iter().zip(&made.files) {
        let told = file.tables.iter().map(|(table, rows)| (table.as_str(), *rows));
        let saved = |rows: &BTreeMap<_, _>| TableReport { saved: rows.len() as u64, ..TableReport::default() };
        let expected = whole.rows.iter().map(|(table, rows)| (table.as_str(), saved(rows)));
        assert_eq!(told.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
        assert_eq!((file.unassigned, file.dangling), (0, 0));
    }
    assert_eq!(report.whole.len(), made.files[1].rows["evidence"].len());
    assert!(!report.to_text().contains("Person "), "no name stands in the index");

    let store = Store::open(&out.path().join("rescued"), &key()).unwrap();
    assert!(store.check_integrity().unwrap());
    for digest in report.whole {
        assert!(store.evidence().get(digest).unwrap().is_some());
    }
}

#[test]
fn evidence_is_whole_or_named_as_incomplete() {
    let made = make();
    let evidence = &made.files[1];
    let bytes = fs::read(made.folder.path().join(EVIDENCE_FILE)).unwrap();
    let of = |kind: &str, table: &str| {
        let mut pages = evidence.map.iter().filter(|page| page.kind == kind);
        pages.find(|page| page.rows.as_ref().is_some_and(|(name, _)| name == table)).unwrap().clone()
    };
    // A page of the list costs nothing: an item's bytes have its name.
    let mut flipped = bytes.clone();
    flipped[usize::try_from(of("leaf", "evidence").number - 1).unwrap() * PAGE_BYTES + 9] ^= 4;
    fs::write(made.folder.path().join(EVIDENCE_FILE), flipped).unwrap();
    let (report, _out, rows) = rescued(made.folder.path());
    assert_eq!((report.whole.len(), report.incomplete.len()), (evidence.rows["evidence"].len(), 0));
    let sorted =
        |rows: &Rows| -> BTreeSet<String> { rows["evidence"].values().map(|row| format!("{row:?}")).collect() };
    assert_eq!(sorted(&rows[1]), sorted(&evidence.rows));
    assert_eq!(report.evidence.dangling, 0);
    // A page below a chunk costs the item.
    let hit = of("overflow", "chunks");
    let mut flipped = bytes;
    flipped[usize::try_from(hit.number - 1).unwrap() * PAGE_BYTES + 9] ^= 4;
    fs::write(made.folder.path().join(EVIDENCE_FILE), flipped).unwrap();
    let (report, out, _) = rescued(made.folder.path());
    let lost = hit.rows.unwrap().1.into_iter().next().unwrap();
    let Value::Blob(digest) = &evidence.rows["chunks"][&lost][0] else { panic!("a digest") };
    assert_eq!(report.incomplete, [Digest::from_slice(digest).unwrap()]);
    assert!(report.to_text().contains(&format!("incomplete: {}", report.incomplete[0])));
    assert!(report.to_text().contains(&format!("damaged pages: {}\n", hit.number)));
    let store = Store::open(&out.path().join("rescued"), &key()).unwrap();
    assert!(store.evidence().get(report.incomplete[0]).is_err(), "half an item is never taken for one");
}

#[test]
fn without_any_page_of_the_schema_rows_are_known_by_their_form_and_their_references() {
    let made = make();
    for whole in &made.files {
        let schema: Vec<u32> = whole.map.iter().filter(|page| page.kind == "schema").map(|page| page.number).collect();
        let (_folder, path) = damaged(&made, whole.name, |bytes| {
            for number in &schema {
                bytes[usize::try_from(number - 1).unwrap() * PAGE_BYTES + 100] ^= 1;
            }
        });
        let (report, rows) = rescue_one(&path, whole.name);
        assert_eq!(report.damaged, schema);
        for (table, expected) in &whole.rows {
            let missing = expected.iter().filter(|(number, row)| rows[table].get(number) != Some(row)).count();
            let strange = rows[table].keys().filter(|number| !whole.before[table].contains_key(number)).count();
            assert_eq!((missing, strange), (0, 0), "{table}");
        }
        assert!(0 < report.tables.values().map(|table| table.found).sum::<u64>());
    }
}

#[test]
fn a_file_cut_short_costs_the_rows_on_what_is_gone() {
    let made = make();
    for whole in &made.files {
        let count = fs::metadata(made.folder.path().join(whole.name)).unwrap().len() / PAGE_BYTES as u64;
        let count = u32::try_from(count).unwrap();
        for kept in [1, count / 3, count * 2 / 3, count - 1] {
            let (_folder, path) = damaged(&made, whole.name, |bytes| {
                bytes.truncate(usize::try_from(kept).unwrap() * PAGE_BYTES + 1000);
            });
            let (report, rows) = rescue_one(&path, whole.name);
            let what = format!("{}: {kept} of {count} pages", whole.name);
            assert_eq!((report.pages, report.missing), (count, count - kept - 1), "{what}");
            assert_eq!(report.damaged, [kept + 1], "{what}: the page that was cut");
            let mut expected = whole.rows.clone();
            for page in whole.map.iter().filter(|page| kept < page.number) {
                expected = without(&expected, page.rows.as_ref());
            }
            // Trees whose schema or roots are gone are looked for; what was deleted may come back with them.
            for (table, expected) in &expected {
                let saved = &rows[table];
                let missing: Vec<_> =
                    expected.iter().filter(|(number, row)| saved.get(number) != Some(row)).map(|(n, _)| n).collect();
                assert!(missing.is_empty(), "{what}: {table}: {missing:?}");
            }
            assert!(rows.iter().all(|(table, rows)| rows.keys().all(|row| whole.before[table].contains_key(row))));
        }
    }
}

#[test]
fn a_file_that_is_gone_or_all_rubbish_leaves_the_other() {
    let made = make();
    fs::remove_file(made.folder.path().join(STORE_FILE)).unwrap();
    let (report, _out, rows) = rescued(made.folder.path());
    assert_same(&rows[1], &made.files[1].rows, EVIDENCE_FILE);
    assert!(rows[0].values().all(BTreeMap::is_empty) && !report.is_whole());
    fs::write(made.folder.path().join(STORE_FILE), vec![3; 10_000]).unwrap();
    let (report, _out, rows) = rescued(made.folder.path());
    assert_same(&rows[1], &made.files[1].rows, EVIDENCE_FILE);
    assert_eq!(report.store.damaged, [1, 2, 3]);
}

#[test]
fn a_page_of_noughts_is_damaged_unless_it_is_free_and_was_never_written() {
    let made = make();
    for (kind, is_damaged) in [("free", false), ("leaf", true), ("overflow", true)] {
        let page = made.files[0].map.iter().rfind(|page| page.kind == kind).unwrap();
        let (_folder, path) = damaged(&made, STORE_FILE, |bytes| {
            let begin = usize::try_from(page.number - 1).unwrap() * PAGE_BYTES;
            bytes[begin..begin + PAGE_BYTES].fill(0);
        });
        let (report, rows) = rescue_one(&path, STORE_FILE);
        assert_eq!(report.damaged.contains(&page.number), is_damaged, "{kind}");
        assert_same(&rows, &without(&made.files[0].rows, page.rows.as_ref()), kind);
    }
}

#[test]
fn a_flip_in_the_salt_is_named_and_costs_nothing() {
    let made = make();
    for bit in [0, 127] {
        let (_folder, path) = damaged(&made, STORE_FILE, |bytes| bytes[bit / 8] ^= 1 << (bit % 8));
        let (report, rows) = rescue_one(&path, STORE_FILE);
        assert_eq!(report.damaged, [1], "bit {bit}");
        assert_same(&rows, &made.files[0].rows, "salt");
    }
}

#[test]
fn a_wrong_key_or_a_folder_that_is_there_saves_nothing() {
    let made = make();
    let out = made.folder.path().join("out");
    let wrong = rescue(made.folder.path(), &StoreKey::new([9; 48]), &out, &mut |_| {});
    assert!(matches!(wrong, Err(StoreError::Damaged("store"))));
    let again = rescue(made.folder.path(), &key(), &out, &mut |_| {});
    assert!(matches!(again, Err(StoreError::File { .. })), "nothing is written over");
}

#[test]
fn a_store_of_every_earlier_version_comes_out_as_one_of_this() {
    for step in migrations::LAPTOP {
        let version = &step.version;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(STORE_FILE);
        let connection = database::open(&path, &key()).unwrap();
        connection.execute_batch("PRAGMA foreign_keys = OFF; BEGIN").unwrap();
        for step in migrations::LAPTOP.iter().filter(|step| step.version <= *version) {
            let (number, sql) = (step.version, step.sql);
            connection.execute_batch(sql).unwrap();
            if number == 1 {
                connection.execute_batch(OLD).unwrap();
            }
            connection.pragma_update(None, "user_version", number).unwrap();
        }
        connection.execute_batch("COMMIT").unwrap();
        drop(connection);
        let (_, whole) = rescue_one(&path, STORE_FILE);
        assert_eq!(whole["records"].len(), 1, "version {version}");
        assert_eq!(whole["sessions"].values().next().unwrap()[7], Value::Text("en".to_owned()), "version {version}");
        assert_eq!(whole["observations"].len(), 3, "version {version}");
        let upgraded = |rows: &Rows| {
            let told: Vec<_> = rows.iter().map(|(table, rows)| (table.clone(), rows.len())).collect();
            (told, format!("{:?}", rows["sessions"]))
        };
        // The schema's first page gone, its version and most of its tables have to be told by what is left.
        let mut bytes = fs::read(&path).unwrap();
        bytes[2000] ^= 1;
        fs::write(&path, bytes).unwrap();
        let (report, found) = rescue_one(&path, STORE_FILE);
        assert_eq!(report.damaged, [1], "version {version}");
        assert_eq!(upgraded(&found), upgraded(&whole), "version {version}");
    }
}

const OLD: &str = "
    INSERT INTO people VALUES (x'00112233445566778899AABBCCDDEEFF', 'Anna Assessor', 1980, 1);
    INSERT INTO sessions VALUES (x'10112233445566778899AABBCCDDEEFF', x'00112233445566778899AABBCCDDEEFF',
        x'20112233445566778899AABBCCDDEEFF', x'30112233445566778899AABBCCDDEEFF', x'F6', x'F6', 1, x'F6', NULL);
    INSERT INTO observations VALUES (x'10112233445566778899AABBCCDDEEFF', 1, 1, 1, x'F6'),
        (x'10112233445566778899AABBCCDDEEFF', 2, 1, 1, x'F6'), (x'10112233445566778899AABBCCDDEEFF', 3, 1, 1, x'F6');
    INSERT INTO records VALUES (x'0011223344556677889900112233445566778899001122334455667788990011',
        x'10112233445566778899AABBCCDDEEFF', x'F6', NULL, NULL);
";

#[test]
fn pages_that_hold_anything_at_all_under_the_right_key_never_stop_a_rescue() {
    let made = make();
    let cipher = PageCipher::new(&key()).unwrap();
    let mut dice = Dice(77);
    for round in 0..24 {
        let whole = &made.files[round % 2];
        let mut changed = BTreeSet::new();
        let (_folder, path) = damaged(&made, whole.name, |bytes| {
            for _ in 0..12 {
                let mapped = &whole.map[dice.below(whole.map.len())];
                let (number, begin) = (mapped.number, usize::try_from(mapped.number - 1).unwrap() * PAGE_BYTES);
                let raw = &mut bytes[begin..begin + PAGE_BYTES];
                let mut page = cipher.open(number, raw).unwrap_or_else(|| vec![0; PAGE_BYTES - 80]);
                let from = if number == 1 { 100 } else { 0 };
                for _ in 0..=dice.below(30) {
                    // Headers and cell pointers, where lengths stand, more often than the rest.
                    let reach = [12, 40, 4016 - from][dice.below(3)];
                    page[from + dice.below(reach)] = u8::try_from(dice.below(256)).unwrap();
                }
                raw.copy_from_slice(&cipher.seal(number, &page));
                changed.insert(number);
            }
        });
        let (report, _) = rescue_one(&path, whole.name);
        assert!(report.damaged.iter().all(|number| !changed.contains(number)), "they were sealed well");
    }
}
