//! What a register tells a laptop, asked of the core and over HTTP; and what is not believed of it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a failure here is a failing test")]

mod common;

use std::sync::atomic::Ordering;

use common::{
    Served, broken_wire, client,
    institution::{Institution, NOON, PURPOSE, installation, register},
    known,
};
use fieldproof_model::digest::Digest;
use fieldproof_register::Register;
use fieldproof_seal::{
    digest_of,
    feed::{FeedEntry, FeedPage, KEY_SET, NO_HEAD},
    key_set::KeyState,
    keys::{PublicKey, SecretKey},
    receipt::Beacon,
};
use fieldproof_sync::{FeedError, FeedProblem, Heard, HttpError, News, Page, check_page, first_pack, next_page};
use fieldproof_wire::{Cursor, Fault, Feed, RegisterProtocol};

fn laptop() -> PublicKey {
    installation().public()
}

/// Everything that a laptop is told, asked page by page.
async fn story<R: RegisterProtocol>(register: &R, institution: &Institution) -> Vec<Page> {
    let (mut heard, mut beacon, mut pages) = (Heard::NOTHING, 0, Vec::new());
    for _ in 0..2 {
        let page = next_page(register, &known(institution), &laptop(), &heard, beacon).await.unwrap();
        heard = page.entries.last().map_or(page.before, |entry| entry.heard);
        beacon = page.beacon.number;
        pages.push(page);
    }
    pages
}

#[tokio::test]
async fn core_and_http_tell_the_same_story() {
    let (institution, _place, register) = register();
    let core = story(&register, &institution).await;
    let served = Served::start(register.clone()).await;
    let http = story(&served.client(), &institution).await;
    let hello = register.hello().await.unwrap();
    let news: Vec<_> = core[0].entries.iter().map(|entry| entry.news.clone()).collect();
    assert_eq!(news, [News::KeySet(hello.key_set), News::Snapshot(hello.snapshot)]);
    assert_eq!((core[0].newest, core[1].before.last, core[1].entries.len()), (2, Cursor { epoch: 1, number: 2 }, 0));
    for (core, http) in core.iter().zip(&http) {
        assert_eq!((&core.entries, core.before, core.newest), (&http.entries, http.before, http.newest));
        assert!(core.beacon.number < http.beacon.number);
    }
    assert_eq!(first_pack(&served.client(), &laptop()).await.unwrap(), None);
    served.stop().await;
}

#[tokio::test]
async fn only_who_is_admitted_is_told_anything_and_an_answer_that_was_eaten_comes_again() {
    let (institution, _place, register) = register();
    let served = Served::start(register).await;
    let stranger = SecretKey::new(&[44; 32]);
    let asking = client(served.at).signing_with(stranger.clone());
    let asked = next_page(&asking, &known(&institution), &stranger.public(), &Heard::NOTHING, 0).await;
    assert!(matches!(asked, Err(FeedError::Register(HttpError::Fault(Fault::NotAdmitted)))), "{asked:?}");
    let (wire, left) = broken_wire(served.at, "/v0/feed/0/0", Vec::new(), 1).await;
    let ask = async || next_page(&client(wire), &known(&institution), &laptop(), &Heard::NOTHING, 0).await;
    assert!(matches!(ask().await, Err(FeedError::Register(HttpError::Broken(_)))));
    assert_eq!((left.load(Ordering::SeqCst), ask().await.unwrap().entries.len()), (0, 2));
    served.stop().await;
}

#[tokio::test]
async fn a_pack_far_behind_is_found_and_of_several_the_newest() {
    let (institution, place, register) = register();
    register.put_pack(&institution.pack(laptop(), 1)).await.unwrap();
    for day in 1..70 {
        place.clock.set(NOON.seconds_later(day * 86_400));
        register.feed(laptop(), Cursor::default()).await.unwrap();
    }
    assert_eq!(first_pack(&register, &laptop()).await.unwrap(), Some(b"pack 1".to_vec()));
    register.put_pack(&institution.pack(laptop(), 2)).await.unwrap();
    assert_eq!(first_pack(&register, &laptop()).await.unwrap(), Some(b"pack 2".to_vec()));
}

/// An honest page behind nothing, and how to sign another.
struct Told {
    institution: Institution,
    page: FeedPage,
    contents: Vec<Vec<u8>>,
}

async fn told() -> (Told, Register) {
    let (institution, _place, register) = register();
    let Feed { page, contents } = register.feed(laptop(), Cursor::default()).await.unwrap();
    (Told { institution, page: FeedPage::parse(&page).unwrap().0, contents }, register)
}

impl Told {
    fn check(&self, page: &FeedPage, contents: &[Vec<u8>], key: &SecretKey) -> Result<Page, FeedProblem> {
        let feed = Feed { page: page.sign(key), contents: contents.to_vec() };
        check_page(&known(&self.institution), &laptop(), &Heard::NOTHING, 0, feed)
    }

    /// Signed by the register, with the contents as they are.
    fn signed(&self, page: &FeedPage) -> Result<Page, FeedProblem> {
        self.check(page, &self.contents, &self.institution.register)
    }
}

#[tokio::test]
async fn a_page_that_the_register_did_not_sign_for_this_laptop_is_not_believed() {
    let (told, _register) = told().await;
    let Told { institution, page, contents } = &told;
    let honest = told.signed(page).unwrap();
    assert_eq!(honest.entries.len(), 2, "the table can tell");
    for key in [&institution.issuing, &institution.root, &SecretKey::new(&[70; 32])] {
        assert_eq!(told.check(page, contents, key), Err(FeedProblem::NotSigned));
        let beacon = Beacon { purpose: PURPOSE, number: 50, at: NOON }.sign(key);
        assert_eq!(told.signed(&FeedPage { beacon, ..page.clone() }), Err(FeedProblem::NotSigned));
    }
    let other = SecretKey::new(&[43; 32]).public();
    assert_eq!(told.signed(&FeedPage { installation: other, ..page.clone() }), Err(FeedProblem::OtherLaptop));
    assert_eq!(told.signed(&FeedPage { beacon: vec![7], ..page.clone() }), Err(FeedProblem::Unreadable));
    let signed = page.sign(&institution.register);
    for bit in 0..signed.len() * 8 {
        let mut flipped = signed.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let feed = Feed { page: flipped, contents: contents.clone() };
        let checked = check_page(&known(institution), &laptop(), &Heard::NOTHING, 0, feed);
        assert!(checked.is_err(), "bit {bit} flipped and still believed");
    }
}

#[tokio::test]
async fn a_page_that_does_not_go_on_where_the_laptop_heard_the_last_is_not_believed() {
    let (told, register) = told().await;
    let Told { institution, page, contents } = &told;
    // A gap, and entries in another order.
    let gap = FeedPage { after: 1, newest: 3, ..page.clone() };
    assert_eq!(told.signed(&gap), Err(FeedProblem::NotNext));
    let (mut turned, mut with) = (page.clone(), contents.clone());
    turned.entries.reverse();
    assert_eq!(told.signed(&turned), Err(FeedProblem::OtherContent));
    with.reverse();
    assert_eq!(
        told.check(&turned, &with, &institution.register),
        Err(FeedProblem::OtherBook),
        "its head says otherwise"
    );
    // An entry that came with something else, with nothing, and with more than it names.
    for with in
        [vec![contents[0].clone()], [contents.clone(), vec![vec![7]]].concat(), vec![vec![7], contents[1].clone()]]
    {
        assert_eq!(told.check(page, &with, &institution.register), Err(FeedProblem::OtherContent));
    }
    // An earlier answer once more: at the same place, and behind it.
    let heard = told.signed(page).unwrap().entries[1].heard;
    let feed = |page: &FeedPage| Feed { page: page.sign(&institution.register), contents: contents.clone() };
    let check =
        |heard, earlier, page: &FeedPage| check_page(&known(institution), &laptop(), heard, earlier, feed(page));
    let number = Beacon::parse(&page.beacon).unwrap().0.number;
    assert_eq!(check(&Heard::NOTHING, number, page), Err(FeedProblem::Earlier));
    assert!(check(&Heard::NOTHING, number - 1, page).is_ok());
    assert_eq!(check(&heard, 0, page), Err(FeedProblem::NotNext));
    // A register that lost what it told, or tells another story under the same numbers.
    let later = Heard { last: Cursor { epoch: 2, ..heard.last }, ..heard };
    assert_eq!(check(&later, 0, page), Err(FeedProblem::OtherBook));
    assert_eq!(told.signed(&FeedPage { head: Digest::new([9; 32]), ..page.clone() }), Err(FeedProblem::OtherBook));
    let Feed { page: nothing, contents: none } = register.feed(laptop(), heard.last).await.unwrap();
    let nothing = |heard| {
        let feed = Feed { page: nothing.clone(), contents: none.clone() };
        check_page(&known(institution), &laptop(), heard, 0, feed)
    };
    assert!(nothing(&heard).unwrap().entries.is_empty());
    assert_eq!(nothing(&Heard { head: NO_HEAD, ..heard }), Err(FeedProblem::OtherBook), "nothing new of another story");
    // In a later epoch it begins anew.
    let anew = check(&heard, 0, &FeedPage { epoch: 2, ..page.clone() }).unwrap();
    assert_eq!(
        (anew.before, anew.entries[1].heard.last),
        (Heard { last: Cursor { epoch: 2, number: 0 }, head: NO_HEAD }, Cursor { epoch: 2, number: 2 })
    );
}

#[tokio::test]
async fn what_a_later_version_tells_has_its_number_and_is_named_as_such() {
    let (told, _register) = told().await;
    let Told { institution, page, contents } = &told;
    let unknown = |is_here| FeedEntry { kind: 4, content: digest_of(b"a question"), is_here };
    for (is_here, with) in [(true, vec![b"a question".to_vec()]), (false, Vec::new())] {
        let entries = [vec![unknown(is_here)], page.entries.clone()].concat();
        let head = entries.iter().fold(NO_HEAD, |head, entry| entry.head_behind(&head));
        let page = FeedPage { entries, newest: 3, head, ..page.clone() };
        let read = told.check(&page, &[with, contents.clone()].concat(), &institution.register).unwrap();
        assert_eq!((&read.entries[0].news, read.entries[2].heard.last.number), (&News::Unknown, 3));
    }
}

#[tokio::test]
async fn a_register_key_is_believed_by_the_newest_key_set_of_the_root_even_out_of_the_page_itself() {
    let (told, _register) = told().await;
    let Told { institution, page, contents } = &told;
    let next = SecretKey::new(&[71; 32]);
    let mut key_set = institution.key_set.clone();
    key_set.number += 1;
    let mut key = key_set.keys[1].clone();
    key_set.keys[1].state = KeyState::Retired;
    key.key = next.public();
    key_set.keys.push(key);
    let beacon = |key: &SecretKey| Beacon { purpose: PURPOSE, number: 50, at: NOON }.sign(key);
    let with = |root: &SecretKey, key: &SecretKey| {
        let contents = vec![key_set.sign(root), contents[1].clone()];
        let entries = vec![FeedEntry { content: digest_of(&contents[0]), ..page.entries[0] }, page.entries[1]];
        assert_eq!(entries[0].kind, KEY_SET);
        let head = entries.iter().fold(NO_HEAD, |head, entry| entry.head_behind(&head));
        told.check(&FeedPage { entries, head, beacon: beacon(key), ..page.clone() }, &contents, key)
    };
    assert!(with(&institution.root, &next).is_ok());
    assert_eq!(with(&institution.root, &institution.register), Err(FeedProblem::NotSigned), "retired");
    assert_eq!(with(&next, &next), Err(FeedProblem::NotSigned), "no key set of this root");
    assert!(with(&next, &institution.register).is_ok(), "the entry is for whoever takes it to refuse");
}
