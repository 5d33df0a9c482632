//! A log that was not yet brought into the file: read without SQLite, whole, flipped, cut and replaced by rubbish.

use super::*;

const FRAME: usize = 24 + PAGE_BYTES;

/// A store whose last hundred commits stand in the log alone.
struct Logged {
    made: Made,
    folder: TempDir,
    rows: Rows,
    map: Vec<Mapped>,
    log: Vec<u8>,
}

fn logged(is_copied: bool) -> Logged {
    let made = make();
    let path = made.folder.path().join(STORE_FILE);
    let connection = database::open(&path, &key()).unwrap();
    connection.pragma_update(None, "wal_autocheckpoint", 0).unwrap();
    for number in 1..=100 {
        let sql = "INSERT INTO observations (session_id, sequence, tapped_at, seen_at, observed)
                   VALUES (CAST(printf('session%09d', ?1) AS BLOB), 1000, 0, 0, CAST(printf('%0500d', ?1) AS BLOB))";
        connection.execute(sql, [number]).unwrap();
    }
    if is_copied {
        connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())).unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    for name in [STORE_FILE, "store.db-wal"] {
        fs::copy(made.folder.path().join(name), folder.path().join(name)).unwrap();
    }
    let log = fs::read(folder.path().join("store.db-wal")).unwrap();
    let rows = dump(&connection);
    let map = map(&connection, &rows);
    Logged { made, folder, rows, map, log }
}

impl Logged {
    fn rescue_with(&self, log: &[u8]) -> (FileReport, Rows) {
        fs::write(self.folder.path().join("store.db-wal"), log).unwrap();
        rescue_one(&self.folder.path().join(STORE_FILE), STORE_FILE)
    }

    fn frames(&self) -> usize {
        (self.log.len() - 32) / FRAME
    }

    /// The page in a frame, counted from nought, and whether it ends a commit.
    fn frame(&self, index: usize) -> (u32, bool) {
        let header = &self.log[32 + index * FRAME..];
        let word = |at: usize| u32::from_be_bytes(header[at..at + 4].try_into().unwrap());
        (word(0), word(4) != 0)
    }

    /// How many observations SQLite itself reads beside a log.
    fn sqlite_reads(&self, log: &[u8]) -> usize {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(STORE_FILE);
        fs::copy(self.folder.path().join(STORE_FILE), &path).unwrap();
        fs::write(folder.path().join("store.db-wal"), log).unwrap();
        dump(&database::open(&path, &key()).unwrap())["observations"].len()
    }
}

#[test]
fn what_stands_in_the_log_alone_is_saved() {
    let logged = logged(false);
    let (report, rows) = logged.rescue_with(&logged.log);
    assert!(report.is_whole(), "{report:?}");
    assert_same(&rows, &logged.rows, "a whole log");
    // Its last commit cut off, as a power cut leaves it, it is not damaged: that commit was never acknowledged.
    let (report, rows) = logged.rescue_with(&logged.log[..logged.log.len() - 100]);
    assert!(report.is_whole(), "{report:?}");
    assert_eq!(rows["observations"].len(), logged.rows["observations"].len() - 1);
}

#[test]
fn a_flip_in_the_log_costs_no_more_than_its_frame() {
    let logged = logged(false);
    let mut dice = Dice(4);
    let mut is_sqlite_worse = false;
    // The last commit is left out: cut off or flipped, nobody can tell whether it was one.
    let last = (0..logged.frames() - 1).rev().find(|index| logged.frame(*index).1).unwrap();
    for round in 0..16 {
        let index = dice.below(last);
        let (page, _) = logged.frame(index);
        // In the frame's own header as often as in its page.
        let bit = if round % 2 == 0 { dice.below(24 * 8) } else { 24 * 8 + dice.below(PAGE_BYTES * 8) };
        let what = format!("frame {} with page {page}, bit {bit}", index + 1);
        let mut log = logged.log.clone();
        log[32 + index * FRAME + bit / 8] ^= 1 << (bit % 8);
        let (report, rows) = logged.rescue_with(&log);
        assert!(report.damaged_frames.contains(&u32::try_from(index + 1).unwrap()), "{what}: {report:?}");
        assert!(report.damaged_frames.len() < 3, "{what}: {report:?}");
        let on_page = logged.map.iter().find(|mapped| mapped.number == page).unwrap();
        let least = without(&logged.rows, on_page.rows.as_ref());
        let before = &logged.made.files[0].before;
        for (table, expected) in &least {
            let missing: Vec<_> =
                expected.iter().filter(|(number, row)| rows[table].get(number) != Some(row)).collect();
            assert!(missing.is_empty(), "{what}: {table}: {} missing", missing.len());
            // Under a broken log nobody knows of every page whether it is free: what was deleted may come back.
            let known = |number| logged.rows[table].contains_key(number) || before[table].contains_key(number);
            let strange = rows[table].keys().filter(|number| !known(number)).count();
            assert_eq!(strange, 0, "{what}: {table}");
        }
        is_sqlite_worse |= logged.sqlite_reads(&log) + 10 < rows["observations"].len();
    }
    assert!(is_sqlite_worse, "SQLite forgets every commit after the flip");
}

#[test]
fn a_flip_in_a_log_that_was_brought_into_the_file_costs_nothing() {
    let logged = logged(true);
    let mut dice = Dice(6);
    let mut is_older = false;
    // Frames that hold the last version of a page of which the log holds an earlier one too.
    let pages: Vec<u32> = (0..logged.frames()).map(|index| logged.frame(index).0).collect();
    let is_last = |index: &usize| {
        let (before, after) = (&pages[..*index], &pages[index + 1..]);
        before.contains(&pages[*index]) && !after.contains(&pages[*index])
    };
    let last: Vec<usize> = (0..logged.frames()).filter(is_last).collect();
    for _ in 0..8 {
        let index = last[dice.below(last.len())];
        let mut log = logged.log.clone();
        log[32 + index * FRAME + 24 + dice.below(PAGE_BYTES)] ^= 1;
        let (report, rows) = logged.rescue_with(&log);
        assert_eq!(report.damaged_frames, [u32::try_from(index + 1).unwrap()]);
        assert_same(&rows, &logged.rows, &format!("frame {}", index + 1));
        is_older |= logged.sqlite_reads(&log) < rows["observations"].len();
    }
    assert!(is_older, "SQLite takes older pages from the log for newer ones in the file");
}

#[test]
fn a_log_of_rubbish_is_said_to_be_rubbish_and_costs_nothing_of_the_file() {
    let made = make();
    let mut dice = Dice(8);
    for length in [31, 32, 5000, 60_000] {
        let (folder, path) = damaged(&made, STORE_FILE, |_| {});
        let rubbish: Vec<u8> = (0..length).map(|_| u8::try_from(dice.below(256)).unwrap()).collect();
        fs::write(folder.path().join("store.db-wal"), rubbish).unwrap();
        let (report, rows) = rescue_one(&path, STORE_FILE);
        assert_same(&rows, &made.files[0].rows, "rubbish");
        assert_eq!(report.is_log_header_damaged, 32 <= length, "{length}");
        assert_eq!(report.damaged, [0_u32; 0]);
    }
}

#[test]
fn a_flip_in_the_logs_header_costs_nothing() {
    let logged = logged(false);
    for bit in [0, 7, 31, 130, 190, 255] {
        let mut log = logged.log.clone();
        log[bit / 8] ^= 1 << (bit % 8);
        let (report, rows) = logged.rescue_with(&log);
        assert!(report.is_log_header_damaged, "bit {bit}");
        assert_same(&rows, &logged.rows, &format!("bit {bit} of the header"));
    }
}
