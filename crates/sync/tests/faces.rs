//! Whoever answers: nobody, a page, another institution, an older register, one that lies.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a failure here is a failing test")]

mod common;

use common::{
    Laptop, Served, answers, client,
    institution::{Institution, NOON, register},
    known,
};
use fieldproof_seal::{
    digest_of,
    envelope::{Kind, Purpose},
    key_set::KeyState,
    keys::SecretKey,
    receipt::Beacon,
    snapshot::Snapshot,
};
use fieldproof_sync::{
    AddressError, HttpError, HttpRegister, IdentityError, Known, SendError, SnapshotNews, check_hello,
};
use fieldproof_wire::{Hello, RegisterProtocol, RequestError};
use tokio::{io::AsyncWriteExt, net::TcpListener};

const PAGE: &str =
    "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 38\r\n\r\n<!doctype html><title>Welcome!</title>";
const NOT_FOUND: &str = "HTTP/1.1 404 Not Found\r\ncontent-length: 9\r\n\r\nNot found";
const REDIRECT: &str =
    "HTTP/1.1 302 Found\r\nlocation: http://login.example/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

#[tokio::test]
async fn a_page_that_wants_a_login_is_no_register() {
    let institution = Institution::esimerkki();
    let laptop = Laptop::new(&institution, &[institution.record(1, &[])], &[]);
    let told = async |answer| laptop.send(&client(answers(answer).await), &known(&institution)).await.unwrap_err();
    for (answer, expected) in [(PAGE, 200), (REDIRECT, 302)] {
        let error = told(answer).await;
        let SendError::Register(HttpError::Portal { status }) = error else { panic!("{error:?}") };
        assert_eq!(status, expected);
    }
    let error = told(NOT_FOUND).await;
    assert!(matches!(error, SendError::Register(HttpError::NotARegister { status: 404 })), "{error:?}");
}

#[tokio::test]
async fn a_flood_is_no_register_and_is_not_read_to_its_end() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        common::read_request(&mut stream).await.unwrap();
        drop(stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await);
        while stream.write_all(&[b'x'; 65536]).await.is_ok() {}
    });
    let error = client(at).hello().await.unwrap_err();
    assert!(matches!(error, HttpError::NotARegister { status: 200 }), "{error:?}");
}

#[tokio::test]
async fn nobody_there_is_said_as_such_and_may_change() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    drop(listener);
    for register in [client(at), HttpRegister::pinned("https://register.invalid", digest_of(b"key")).unwrap()] {
        let error = register.hello().await.unwrap_err();
        assert!(matches!(error, HttpError::Unreachable(_)) && !error.is_permanent(), "{error:?}");
    }
}

#[test]
fn addresses() {
    for (typed, taken) in [
        ("http://127.0.0.1:7878", "http://127.0.0.1:7878"),
        (" http://[::1]:7878/ ", "http://[::1]:7878"),
        ("http://localhost/under/", "http://localhost/under"),
    ] {
        assert_eq!(HttpRegister::new(typed).unwrap().address(), taken);
    }
    for bad in [
        "register.example",
        "ftp://register.example",
        "http://",
        "http://a@c.example",
        "http://:b@c.example",
        "http://a.example?x",
    ] {
        assert!(matches!(HttpRegister::new(bad), Err(AddressError::Form)), "{bad}");
        assert!(HttpRegister::pinned(bad, digest_of(b"key")).is_err(), "{bad}");
    }
    assert!(matches!(HttpRegister::new(" "), Err(AddressError::Missing)));
    for elsewhere in ["http://register.example", "http://192.168.1.7", "http://localhost.example", "http://1.127.0.0"] {
        assert!(matches!(HttpRegister::new(elsewhere), Err(AddressError::InClear)), "{elsewhere}");
    }
    assert!(matches!(HttpRegister::new("https://register.example"), Err(AddressError::NoPin)));
    let pinned = |address| HttpRegister::pinned(address, digest_of(b"key"));
    assert_eq!(pinned(" https://register.example/ ").unwrap().address(), "https://register.example");
    assert!(matches!(pinned("http://127.0.0.1"), Err(AddressError::InClear)), "a pin proves nothing in clear");
}

#[tokio::test]
async fn the_register_of_another_institution_gets_nothing() {
    let (ours, place, register) = register();
    let served = Served::start(register).await;
    let muu = Institution::muu();
    let laptop = Laptop::new(&muu, &[muu.record(1, &[])], &[]);
    let error = laptop.send(&served.client(), &known(&muu)).await.unwrap_err();
    let SendError::Identity(problem) = &error else { panic!("{error:?}") };
    assert_eq!(*problem, IdentityError::OtherIdentity { expected: muu.id, found: ours.id });
    assert!(error.is_permanent());
    served.stop().await;
    assert_eq!(place.open().log().unwrap().0, 0);
}

fn hello_of(institution: &Institution, snapshot: (u32, u32)) -> Hello {
    let purpose = institution.key_set.purpose;
    let (epoch, number) = snapshot;
    Hello {
        institution: institution.id,
        epoch,
        key_set: institution.key_set.sign(&institution.root),
        beacon: Beacon { purpose, number: 1, at: NOON }.sign(&institution.register),
        snapshot: Snapshot {
            purpose,
            epoch,
            number,
            as_of: NOON,
            withdrawn: [].into(),
            delegations: [].into(),
            standing: [].into(),
        }
        .sign(&institution.register),
    }
}

#[test]
fn a_hello_is_believed_only_under_the_root_we_hold() {
    type Spoil = fn(&mut Institution, &mut Hello);
    assert!(check_hello(&known(&Institution::esimerkki()), &hello_of(&Institution::esimerkki(), (1, 1))).is_ok());
    let resigned = |change: fn(&mut Institution)| {
        let mut institution = Institution::esimerkki();
        change(&mut institution);
        hello_of(&institution, (1, 1))
    };
    let problem = |hello: &Hello| check_hello(&known(&Institution::esimerkki()), hello).unwrap_err();
    let spoiled = |spoil: Spoil| {
        let mut institution = Institution::esimerkki();
        let mut hello = hello_of(&institution, (1, 1));
        spoil(&mut institution, &mut hello);
        hello
    };
    let passed_off = |institution: &mut Institution| institution.root = SecretKey::new(&[70; 32]);
    assert!(matches!(problem(&resigned(passed_off)), IdentityError::NotOurRoot(_)));
    assert_eq!(problem(&resigned(|i| i.key_set.number = 4)), IdentityError::OlderKeySet { ours: 5, theirs: 4 });
    let renamed = resigned(|i| "Toinen".clone_into(&mut i.key_set.name));
    assert_eq!(problem(&renamed), IdentityError::ContradictingKeySet { number: 5 });
    assert_eq!(problem(&resigned(|i| i.key_set.purpose = Purpose::Real)), IdentityError::OtherPurpose);
    let other_inside = resigned(|i| i.key_set.institution = Institution::muu().id);
    assert!(matches!(problem(&other_inside), IdentityError::OtherIdentity { .. }));
    let not_register = resigned(|i| i.register = SecretKey::new(&[70; 32]));
    assert_eq!(problem(&not_register), IdentityError::NotSigned(Kind::Beacon));
    let no_beacon = spoiled(|_, hello| hello.beacon = hello.snapshot.clone());
    assert_eq!(problem(&no_beacon), IdentityError::NotSigned(Kind::Beacon));
    let no_snapshot = spoiled(|_, hello| hello.snapshot = hello.beacon.clone());
    assert_eq!(problem(&no_snapshot), IdentityError::NotSigned(Kind::Snapshot));
    let compromised = resigned(|i| {
        i.key_set.number = 6;
        i.key_set.keys[1].state = KeyState::Compromised;
    });
    assert_eq!(problem(&compromised), IdentityError::NotSigned(Kind::Beacon));
    let newer = resigned(|i| i.key_set.number = 6);
    assert_eq!(check_hello(&known(&Institution::esimerkki()), &newer).unwrap().trust.key_set.number, 6);
}

#[test]
fn a_snapshot_never_goes_back() {
    let institution = Institution::esimerkki();
    let mut held = known(&institution);
    let check = |held: &Known, snapshot| check_hello(held, &hello_of(&institution, snapshot)).unwrap();
    assert!(matches!(check(&held, (2, 7)).snapshot, SnapshotNews::Newer(_)), "the first");
    held.trust = check(&held, (2, 7)).trust;
    assert_eq!(check(&held, (2, 7)).snapshot, SnapshotNews::Same);
    assert!(matches!(check(&held, (2, 8)).snapshot, SnapshotNews::Newer(_)));
    assert!(matches!(check(&held, (3, 1)).snapshot, SnapshotNews::Newer(_)), "a new epoch counts anew");
    for theirs in [(2, 6), (1, 9)] {
        let greeting = check(&held, theirs);
        assert_eq!(greeting.snapshot, SnapshotNews::Refused { ours: (2, 7), theirs });
        assert_eq!(greeting.trust.snapshot, held.trust.snapshot, "ours stays");
    }
    let mut contradicting = hello_of(&institution, (2, 7));
    let purpose = institution.key_set.purpose;
    let later = Snapshot {
        purpose,
        epoch: 2,
        number: 7,
        as_of: NOON.seconds_later(1),
        withdrawn: [].into(),
        delegations: [].into(),
        standing: [].into(),
    };
    contradicting.snapshot = later.sign(&institution.register);
    let greeting = check_hello(&held, &contradicting).unwrap();
    assert_eq!(greeting.snapshot, SnapshotNews::Refused { ours: (2, 7), theirs: (2, 7) });
    assert_eq!(greeting.trust.snapshot, held.trust.snapshot);
}
