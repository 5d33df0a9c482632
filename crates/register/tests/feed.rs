//! The feed: every laptop is told what counts for it in one row of its own, and no number says two things.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a failure here is a failing test")]

mod common;

use common::{Institution, NOON, installation, register};
use fieldproof_model::time::Timestamp;
use fieldproof_register::Register;
use fieldproof_seal::{
    digest_of,
    feed::{FeedPage, KEY_SET, NO_HEAD, PACK, PAGE_ENTRIES, SNAPSHOT},
    keys::{PublicKey, SecretKey},
    receipt::Beacon,
};
use fieldproof_wire::{Claim, Cursor, Fault, Feed, RegisterProtocol};

const DAY: u32 = 86_400;

fn laptop() -> PublicKey {
    installation().public()
}

async fn ask(register: &Register, laptop: PublicKey, epoch: u32, number: u32) -> Result<Feed, Fault> {
    register.feed(laptop, Cursor { epoch, number }).await.map_err(|error| error.fault())
}

/// The kind of an entry, and its content where that is there.
type Entry = (u32, Option<Vec<u8>>);

/// A page with its contents, held to the register's key and to what it says of itself.
fn read(institution: &Institution, feed: &Feed) -> (FeedPage, Beacon, Vec<Entry>) {
    let (page, signed) = FeedPage::parse(&feed.page).unwrap();
    signed.verify(&institution.register.public()).unwrap();
    let (beacon, signed) = Beacon::parse(&page.beacon).unwrap();
    signed.verify(&institution.register.public()).unwrap();
    let mut contents = feed.contents.iter();
    let told = page.entries.iter().map(|entry| {
        let content = entry.is_here.then(|| contents.next().unwrap().clone());
        assert!(content.iter().all(|content| digest_of(content) == entry.content));
        (entry.kind, content)
    });
    let told = told.collect();
    assert!(contents.next().is_none());
    (page, beacon, told)
}

#[tokio::test]
async fn a_laptop_is_told_what_counts_and_then_what_is_new_in_one_row() {
    let (institution, place, register) = register();
    let hello = register.hello().await.unwrap();
    let (key_set, first_list) = (Some(hello.key_set), Some(hello.snapshot));
    let (page, before, told) = read(&institution, &ask(&register, laptop(), 0, 0).await.unwrap());
    assert_eq!((page.installation, page.epoch, page.after, page.newest), (laptop(), 1, 0, 2));
    assert_eq!(told, [(KEY_SET, key_set.clone()), (SNAPSHOT, first_list)]);
    assert_eq!(page.head, page.entries.iter().fold(NO_HEAD, |head, entry| entry.head_behind(&head)));

    let (nothing, beacon, told) = read(&institution, &ask(&register, laptop(), 1, 2).await.unwrap());
    assert_eq!((nothing.after, nothing.newest, nothing.head, told.len()), (2, 2, page.head, 0));
    assert!(before.number < beacon.number, "each page is of its own time");

    register.put_pack(&institution.pack(laptop(), 1)).await.unwrap();
    let (page, _, told) = read(&institution, &ask(&register, laptop(), 1, 2).await.unwrap());
    assert_eq!((page.newest, told), (3, vec![(PACK, Some(b"pack 1".to_vec()))]));
    assert_eq!(page.head, page.entries[0].head_behind(&nothing.head));

    place.clock.set(NOON.seconds_later(DAY));
    let second_list = Some(register.hello().await.unwrap().snapshot);
    register.put_pack(&institution.pack(laptop(), 2)).await.unwrap();
    let pack = Some(b"pack 2".to_vec());
    let (page, _, told) = read(&institution, &ask(&register, laptop(), 1, 3).await.unwrap());
    assert_eq!((page.newest, told), (5, vec![(SNAPSHOT, second_list.clone()), (PACK, pack.clone())]));
    let (anew, _, told) = read(&institution, &ask(&register, laptop(), 0, 0).await.unwrap());
    let expected =
        [(KEY_SET, key_set.clone()), (SNAPSHOT, None), (PACK, None), (SNAPSHOT, second_list.clone()), (PACK, pack)];
    assert_eq!(told, expected, "what was replaced keeps its number and is not told again");
    assert_eq!(anew.head, page.head);

    let other = SecretKey::new(&[43; 32]).public();
    register.admit_installation(&other).unwrap();
    let (page, _, told) = read(&institution, &ask(&register, other, 0, 0).await.unwrap());
    assert_eq!((page.newest, told), (2, vec![(KEY_SET, key_set), (SNAPSHOT, second_list)]), "a row of its own");
}

#[tokio::test]
async fn whoever_heard_more_than_there_is_or_is_not_admitted_is_told_so() {
    let (_institution, _place, register) = register();
    ask(&register, laptop(), 0, 0).await.unwrap();
    for (epoch, number, answer) in
        [(1, 2, None), (0, 99, None), (1, 3, Some(Fault::NotInFeed)), (2, 0, Some(Fault::NotInFeed))]
    {
        assert_eq!(ask(&register, laptop(), epoch, number).await.err(), answer, "{epoch} {number}");
    }
    let stranger = SecretKey::new(&[44; 32]).public();
    assert_eq!(ask(&register, stranger, 0, 0).await, Err(Fault::NotAdmitted));
}

#[tokio::test]
async fn who_is_far_behind_is_told_in_several_pages() {
    let (institution, place, register) = register();
    for day in 0..70 {
        place.clock.set(NOON.seconds_later(day * DAY));
        ask(&register, laptop(), 1, day).await.unwrap();
    }
    let (first, _, told) = read(&institution, &ask(&register, laptop(), 0, 0).await.unwrap());
    assert_eq!((first.last(), first.newest), (64, 71));
    assert_eq!((told.len(), told.iter().filter(|(_, content)| content.is_some()).count()), (PAGE_ENTRIES, 1));
    let (second, _, told) = read(&institution, &ask(&register, laptop(), 1, 64).await.unwrap());
    assert_eq!((second.after, second.last(), second.newest), (64, 71, 71));
    assert!(told[..6].iter().all(|(kind, content)| (*kind, content) == (SNAPSHOT, &None)) && told[6].1.is_some());
    assert_eq!(second.head, second.entries.iter().fold(first.head, |head, entry| entry.head_behind(&head)));
}

#[tokio::test]
async fn a_restored_register_counts_anew_in_its_next_epoch() {
    let (institution, place, register) = register();
    ask(&register, laptop(), 0, 0).await.unwrap();
    drop(register);
    place.back_up();
    let register = place.open();
    register.put_pack(&institution.pack(laptop(), 1)).await.unwrap();
    let (page, _, told) = read(&institution, &ask(&register, laptop(), 1, 2).await.unwrap());
    assert_eq!((page.newest, told.len()), (3, 1));
    drop(register);

    let register = place.restore();
    assert_eq!(ask(&register, laptop(), 1, 3).await, Err(Fault::NotInFeed), "it knows of two entries");
    // The beacon of the page is shown as every other one.
    register.claim(&Claim { beacon: Some(page.beacon), ..Claim::default() }).await.unwrap();
    let (page, _, told) = read(&institution, &ask(&register, laptop(), 1, 3).await.unwrap());
    assert_eq!((page.epoch, page.after, page.newest), (2, 0, 2));
    assert_eq!(told.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), [KEY_SET, SNAPSHOT]);
    assert_eq!(ask(&register, laptop(), 2, 3).await, Err(Fault::NotInFeed));
}

#[tokio::test]
async fn a_register_of_before_the_feed_tells_all_it_holds() {
    let (institution, place, register) = register();
    register.put_pack(&institution.pack(laptop(), 7)).await.unwrap();
    drop(register);
    let columns = ["back_at", "back_said_by"].map(|column| format!("ALTER TABLE papers DROP COLUMN {column}"));
    let corrections = ["DROP INDEX records_by_corrected", "ALTER TABLE records DROP COLUMN corrects"];
    for later in ["DROP TABLE feed_entries", columns[0].as_str(), columns[1].as_str()].iter().chain(&corrections) {
        place.sql(later);
    }
    let on_servers = place.path.join("database.url").exists();
    place.sql(if on_servers { "UPDATE book SET version = 9" } else { "PRAGMA user_version = 9" });
    let (page, _, told) = read(&institution, &ask(&place.open(), laptop(), 0, 0).await.unwrap());
    assert_eq!((page.newest, told[2].clone()), (3, (PACK, Some(b"pack 7".to_vec()))));
}

#[tokio::test]
async fn a_register_whose_key_is_not_in_use_tells_nothing() {
    let (_institution, place, register) = register();
    place.clock.set(Timestamp::from_millis(0));
    assert_eq!(ask(&register, laptop(), 0, 0).await, Err(Fault::Internal));
}
