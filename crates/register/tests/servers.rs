//! The book on PostgreSQL and the evidence in a store: several registers on one book, connections that break, answers
//! that get lost, a copy made and restored.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a failure here is a failing test")]

mod common;

use std::{
    collections::BTreeSet,
    fs,
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
};

use base64::{Engine, engine::general_purpose::STANDARD};
use common::{
    Institution, Place, installation, named,
    storage::{Postgres, Store, servers},
};
use fieldproof_register::{BucketUrl, DatabaseUrl, Register, RegisterError, Storage, back_up, restore};
use fieldproof_seal::receipt::{Have, Receipt};
use fieldproof_wire::{Fault, RecordAnswer, RegisterProtocol, SignedAnswer, log};
use tokio::runtime::Runtime;

fn receipt(answer: &RecordAnswer) -> Receipt {
    let SignedAnswer::Receipt(signed) = &answer.signed else { panic!("refused") };
    Receipt::parse(signed).unwrap().0
}

fn create(institution: &Institution, place: &Place, storage: &Storage) -> Register {
    let register = Register::create_on(storage, &place.path, &institution.material(), place.clock.clock()).unwrap();
    register.admit_installation(&installation().public()).unwrap();
    register
}

fn on(database: &str) -> Storage {
    Storage { database: Some(DatabaseUrl::parse(database).unwrap()), bucket: None }
}

/// The name of the database in a connection string.
fn name(database: &str) -> &str {
    database.rsplit_once('/').unwrap().1
}

fn pem(what: &str, der: &[u8]) -> String {
    let lines: Vec<_> = der.chunks(48).map(|line| STANDARD.encode(line)).collect();
    format!("-----BEGIN {what}-----\n{}\n-----END {what}-----\n", lines.join("\n"))
}

/// Every file below a folder, with what it holds.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.clone(), fs::read(&path).unwrap()));
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn two_registers_on_one_book_never_give_a_place_of_the_log_twice() {
    let (institution, place, other) = (Institution::esimerkki(), Place::new(), Place::new());
    let first = create(&institution, &place, &servers());
    // The second stands on a copy of the folder: same keys, same book, same store.
    fs::create_dir(&other.path).unwrap();
    for (path, bytes) in files(&place.path) {
        let to = other.path.join(path.strip_prefix(&place.path).unwrap());
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(&to, bytes).unwrap();
        fs::set_permissions(&to, fs::metadata(&path).unwrap().permissions()).unwrap();
    }
    let registers = [first, other.open()];
    let records: Vec<_> = (1..=40).map(|index| institution.record(index, &[])).collect();
    let mut sending = tokio::task::JoinSet::new();
    for (index, record) in records.iter().enumerate() {
        // Each third record comes to both at once.
        for side in if index % 3 == 0 { vec![0, 1] } else { vec![index % 2] } {
            let (register, file) = (registers[side].clone(), record.to_bytes());
            sending.spawn(async move { register.put_record(&file).await.unwrap() });
        }
    }
    let mut receipts = std::collections::BTreeMap::new();
    for answer in sending.join_all().await {
        let SignedAnswer::Receipt(signed) = &answer.signed else { panic!("refused") };
        let known = receipts.entry(receipt(&answer).record).or_insert_with(|| signed.clone());
        assert_eq!(known, signed, "a record has one receipt, whoever gave it");
    }
    let places: BTreeSet<_> = receipts
        .values()
        .map(|signed| Receipt::parse(signed).unwrap().0)
        .map(|r| (r.log_index, r.record, r.log_head))
        .collect();
    let mut head = log::EMPTY;
    for (expected, (index, record, given)) in (1..).zip(&places) {
        head = log::next_head(&head, record);
        assert_eq!((*index, *given), (expected, head));
    }
    assert_eq!(places.len(), 40);
    for register in &registers {
        assert_eq!(register.log().unwrap(), (40, head));
    }
    let beacons = [registers[0].hello().await.unwrap().beacon, registers[1].hello().await.unwrap().beacon];
    assert_ne!(beacons[0], beacons[1], "beacons are numbered over both");
}

#[tokio::test]
async fn evidence_lies_in_the_store_and_one_that_was_altered_there_is_asked_for_again() {
    let (institution, place) = (Institution::esimerkki(), Place::new());
    let folder = Store::shared().new_folder();
    let storage = Storage { database: None, bucket: Some(BucketUrl::parse(&folder).unwrap()) };
    let register = create(&institution, &place, &storage);
    let (photo, record) = (b"a photo".as_slice(), institution.record(1, &[b"a photo"]).to_bytes());
    let answer = register.put_record(&record).await.unwrap();
    assert_eq!((receipt(&answer).have, answer.missing.as_slice()), (Have::Held, [named(photo).0].as_slice()));
    register.put_evidence(named(photo).0, photo).await.unwrap();
    let path = folder.lines().next().unwrap().strip_prefix("s3:/").unwrap();
    let path = format!("{path}/{}", named(photo).0);
    let answer = Store::shared().ask("GET", &path, "");
    assert!(answer.ends_with("a photo"), "{answer}");
    assert!(!place.path.join("evidence").exists(), "the folder holds none of it");
    assert!(Store::shared().ask("PUT", &path, "another").starts_with("HTTP/1.1 200"));
    assert_eq!(register.put_record(&record).await.unwrap().missing, [named(photo).0], "read back, not believed");
    assert_eq!(register.check().unwrap().awaited, 1);
    register.put_evidence(named(photo).0, photo).await.unwrap();
    assert_eq!(receipt(&register.put_record(&record).await.unwrap()).have, Have::Complete);
    drop(register);
    let register = place.open();
    let checked = register.check().unwrap();
    assert_eq!((checked.records, checked.evidence, checked.lost.len()), (1, 1, 0), "the folder remembers the store");
    Store::shared().ask("DELETE", &path, "");
    assert_eq!(register.check().unwrap().lost, [named(photo).0]);
}

#[tokio::test]
async fn a_store_that_cannot_be_asked_is_not_without_the_evidence() {
    let (institution, place) = (Institution::esimerkki(), Place::new());
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let settings = "aws_allow_http=true\naws_access_key_id=key\naws_secret_access_key=secret\naws_region=eu-north-1";
    let address = format!("s3://evidence/none\naws_endpoint=http://{nobody}\n{settings}");
    let storage = Storage { database: None, bucket: Some(BucketUrl::parse(&address).unwrap()) };
    let register = create(&institution, &place, &storage);
    let error = register.put_record(&institution.record(1, &[b"a photo"]).to_bytes()).await.unwrap_err();
    assert!(matches!(error, RegisterError::Bucket(_)), "{error:?}");
    assert_eq!(error.fault(), Fault::Internal, "and the client is to come again");
    assert_eq!(register.log().unwrap().0, 0, "nothing half done");
}

#[tokio::test]
async fn a_chain_that_is_here_already_changes_no_row() {
    let (institution, place, database) = (Institution::esimerkki(), Place::new(), Postgres::shared().new_database());
    let register = create(&institution, &place, &on(&database));
    let entries = institution.upload(vec![institution.opened(1, 1)]);
    let first = register.put_chain(&entries).await.unwrap();
    let written = || Postgres::shared().sql(name(&database), "SELECT xmin FROM chains");
    let before = written();
    assert_eq!(register.put_chain(&entries).await.unwrap(), first);
    assert_eq!(written(), before);
}

#[tokio::test]
async fn a_connection_that_was_cut_is_made_anew() {
    let (institution, place, database) = (Institution::esimerkki(), Place::new(), Postgres::shared().new_database());
    let register = create(&institution, &place, &on(&database));
    register.put_record(&institution.record(1, &[]).to_bytes()).await.unwrap();
    let cut = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database()
               AND pid <> pg_backend_pid()";
    for index in 2..5 {
        assert_eq!(Postgres::shared().sql(name(&database), cut), "t");
        register.put_record(&institution.record(index, &[]).to_bytes()).await.unwrap();
    }
    assert_eq!(register.log().unwrap().0, 4);
}

/// What stands between a register and its database.
const THROUGH: u8 = 0;
/// Cuts the next commit off before the server sees it.
const BEFORE: u8 = 1;
/// Cuts the connection off when the server has answered the next commit.
const AFTER: u8 = 2;

/// Leads to a PostgreSQL server and does what `trouble` says at the next commit.
fn between(server: u16, trouble: &Arc<AtomicU8>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let trouble = Arc::clone(trouble);
    std::thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let server = TcpStream::connect(("127.0.0.1", server)).unwrap();
            let eaten = Arc::new(AtomicU8::new(THROUGH));
            let (mut up, mut down) = ((client.try_clone().unwrap(), server.try_clone().unwrap()), (server, client));
            let (trouble, eats) = (Arc::clone(&trouble), Arc::clone(&eaten));
            std::thread::spawn(move || {
                let mut bytes = vec![0; 65_536];
                while let Ok(read @ 1..) = up.0.read(&mut bytes) {
                    let is_commit = bytes[..read].windows(7).any(|window| window == b"COMMIT\0");
                    let now = if is_commit { trouble.swap(THROUGH, Ordering::SeqCst) } else { THROUGH };
                    if now == BEFORE {
                        break;
                    }
                    eats.fetch_max(now, Ordering::SeqCst);
                    if up.1.write_all(&bytes[..read]).is_err() {
                        break;
                    }
                }
                drop(up.0.shutdown(Shutdown::Both));
                drop(up.1.shutdown(Shutdown::Both));
            });
            std::thread::spawn(move || {
                let mut bytes = vec![0; 65_536];
                while let Ok(read @ 1..) = down.0.read(&mut bytes) {
                    if eaten.load(Ordering::SeqCst) == AFTER || down.1.write_all(&bytes[..read]).is_err() {
                        break;
                    }
                }
                drop(down.0.shutdown(Shutdown::Both));
                drop(down.1.shutdown(Shutdown::Both));
            });
        }
    });
    port
}

#[tokio::test]
async fn a_commit_that_got_lost_on_either_way_is_a_failure_and_the_record_stands_once() {
    let (institution, place, trouble) = (Institution::esimerkki(), Place::new(), Arc::new(AtomicU8::new(THROUGH)));
    let direct = Postgres::shared().new_database();
    let port = between(Postgres::shared().port, &trouble);
    let register = create(&institution, &place, &on(&format!("postgres://keeper@127.0.0.1:{port}/{}", name(&direct))));
    let count = || Postgres::shared().sql(name(&direct), "SELECT count(*) FROM records");
    for (index, (way, kept)) in (1..).zip([(BEFORE, 0), (AFTER, 1), (BEFORE, 0), (AFTER, 1)]) {
        let file = institution.record(index, &[]).to_bytes();
        trouble.store(way, Ordering::SeqCst);
        let error = register.put_record(&file).await.unwrap_err();
        assert_eq!(error.fault(), Fault::Internal, "{error:?}");
        assert_eq!(trouble.load(Ordering::SeqCst), THROUGH, "it happened");
        // The server notices by itself that nobody is there any more.
        assert_eq!(count(), (index - 1 + kept).to_string(), "{error:?}");
        let first = register.put_record(&file).await.unwrap();
        assert_eq!((receipt(&first).have, receipt(&first).log_index), (Have::Complete, index));
        let SignedAnswer::Receipt(signed) = &register.put_record(&file).await.unwrap().signed else {
            panic!("refused")
        };
        assert_eq!(Receipt::parse(signed).unwrap().0, receipt(&first));
        assert_eq!(count(), index.to_string());
    }
}

#[test]
fn commits_wait_for_the_disk_whatever_the_server_was_set_up_for() {
    let hasty = Postgres::start("synchronous_commit = off");
    let (institution, place, database) = (Institution::esimerkki(), Place::new(), hasty.new_database());
    // What the register's own connection is set to shows in what it writes while a trigger looks.
    let register = create(&institution, &place, &on(&database));
    hasty.sql(
        name(&database),
        "CREATE TABLE seen (setting TEXT);
         CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN INSERT INTO seen SELECT current_setting('synchronous_commit'); RETURN NEW; END $$;
         CREATE TRIGGER look AFTER INSERT ON installations FOR EACH ROW EXECUTE FUNCTION look()",
    );
    register.admit_installation(&institution.assessor.public()).unwrap();
    assert_eq!(hasty.sql(name(&database), "SELECT setting FROM seen"), "on");

    hasty.sql("postgres", "ALTER SYSTEM SET fsync = off");
    hasty.sql("postgres", "SELECT pg_reload_conf()");
    let refused = (0..200).find_map(|_| Register::open(&place.path, place.clock.clock()).err());
    assert!(matches!(refused, Some(RegisterError::NotDurable)), "{refused:?}");
}

/// A certificate of its own and its key, in DER.
fn certified(name: &str) -> (Vec<u8>, Vec<u8>) {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut parameters = rcgen::CertificateParams::new(vec![name.to_owned()]).unwrap();
    parameters.is_ca = rcgen::IsCa::NoCa;
    (parameters.self_signed(&key).unwrap().der().to_vec(), key.serialize_der())
}

#[test]
fn tls_to_the_database_checks_authority_and_name() {
    let ((good, key), (other, _)) = (certified("localhost"), certified("localhost"));
    let (good, other, key) = (pem("CERTIFICATE", &good), pem("CERTIFICATE", &other), pem("PRIVATE KEY", &key));
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let (good_path, other_path) = (write("good.pem", &good), write("other.pem", &other));
    let server = Postgres::start("");
    server.sql(
        "postgres",
        &format!(
            "COPY (SELECT unnest(string_to_array('{}', E'\\n'))) TO '{}/server.crt'",
            good.trim(),
            server.folder.display()
        ),
    );
    server.sql(
        "postgres",
        &format!(
            "COPY (SELECT unnest(string_to_array('{}', E'\\n'))) TO PROGRAM 'umask 077; cat > {}/server.key'",
            key.trim(),
            server.folder.display()
        ),
    );
    let database = server.new_database();
    let at =
        |host: &str, options: &str| format!("postgres://keeper@{host}:{}/{}?{options}", server.port, name(&database));
    let institution = Institution::esimerkki();
    let open = |url: &str| {
        let place = Place::new();
        Register::create_on(&on(url), &place.path, &institution.material(), place.clock.clock()).map(drop)
    };
    let without = open(&at("localhost", &format!("sslmode=verify-full&sslrootcert={good_path}")));
    assert!(matches!(without, Err(RegisterError::Postgres(_))), "a server without TLS: {without:?}");

    for setting in ["ssl_cert_file = 'FOLDER/server.crt'", "ssl_key_file = 'FOLDER/server.key'", "ssl = on"] {
        let setting = setting.replace("FOLDER", &server.folder.display().to_string());
        server.sql("postgres", &format!("ALTER SYSTEM SET {setting}"));
    }
    server.sql("postgres", "SELECT pg_reload_conf()");
    while server.sql("postgres", "SHOW ssl") != "on" {}
    for (host, root) in [("localhost", &other_path), ("127.0.0.1", &good_path)] {
        for mode in ["verify-full", "require"] {
            let refused = open(&at(host, &format!("sslmode={mode}&sslrootcert={root}")));
            assert!(matches!(refused, Err(RegisterError::Postgres(_))), "{host}, {mode}: {refused:?}");
        }
    }
    let unknown = open(&at("localhost", "sslmode=require"));
    assert!(matches!(unknown, Err(RegisterError::Postgres(_))), "no authority of this machine: {unknown:?}");
    open(&at("localhost", &format!("sslmode=verify-full&sslrootcert={good_path}"))).unwrap();
    let taken = open(&at("localhost", "sslmode=disable"));
    assert!(matches!(taken, Err(RegisterError::DatabaseNotEmpty)), "{taken:?}");
}

/// Ends TLS before the store; where.
fn tls_front(runtime: &Runtime, certificate: Vec<u8>, key: Vec<u8>) -> u16 {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let key = rustls::pki_types::PrivatePkcs8KeyDer::from(key).into();
    let config = builder.with_no_client_auth().with_single_cert(vec![certificate.into()], key).unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let port = listener.local_addr().unwrap().port();
    runtime.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                let mut store = tokio::net::TcpStream::connect(("127.0.0.1", Store::shared().port)).await.unwrap();
                drop(tokio::io::copy_bidirectional(&mut stream, &mut store).await);
            });
        }
    });
    port
}

#[test]
fn tls_to_the_store_checks_authority_and_name() {
    let ((good, key), (other, _)) = (certified("localhost"), certified("localhost"));
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, certificate: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, pem("CERTIFICATE", certificate)).unwrap();
        format!("\nsslrootcert={}", path.display())
    };
    let (good_root, other_root) = (write("good.pem", &good), write("other.pem", &other));
    let (runtime, in_clear) = (Runtime::new().unwrap(), Store::shared().new_folder());
    let front = tls_front(&runtime, good, key);
    let at = |host: &str, root: &str| {
        let there =
            in_clear.replace(&format!("http://127.0.0.1:{}", Store::shared().port), &format!("https://{host}:{front}"));
        let bucket = BucketUrl::parse(&(there.replace("aws_allow_http=true\n", "") + root)).unwrap();
        Storage { database: None, bucket: Some(bucket) }
    };
    for (host, root) in [("localhost", other_root.as_str()), ("127.0.0.1", &good_root), ("localhost", "")] {
        let refused = at(host, root).try_for_new();
        assert!(matches!(refused, Err(RegisterError::Bucket(_))), "{host}, {root}: {refused:?}");
    }
    let (institution, place) = (Institution::esimerkki(), Place::new());
    let register = create(&institution, &place, &at("localhost", &good_root));
    let photo = b"a photo".as_slice();
    let record = institution.record(1, &[photo]).to_bytes();
    let answer = runtime.block_on(async {
        register.put_record(&record).await.unwrap();
        register.put_evidence(named(photo).0, photo).await.unwrap();
        register.put_record(&record).await.unwrap()
    });
    assert_eq!(receipt(&answer).have, Have::Complete);
}

#[test]
fn both_engines_have_the_same_tables() {
    let (institution, place, database) = (Institution::esimerkki(), Place::new(), Postgres::shared().new_database());
    drop(create(&institution, &place, &on(&database)));
    let own = Place::new();
    drop(create(&institution, &own, &Storage::default()));
    let sqlite = rusqlite::Connection::open(own.path.join("register.sqlite")).unwrap();
    let mut statement = sqlite
        .prepare(
            "SELECT t.name || '.' || c.name || ' ' || replace(replace(c.type, 'BLOB', 'bytea'), 'INTEGER', 'bigint')
                    || ' ' || c.\"notnull\"
             FROM sqlite_schema AS t, pragma_table_info(t.name) AS c WHERE t.type = 'table' ORDER BY t.name, c.cid",
        )
        .unwrap();
    let mut expected: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let found = Postgres::shared().sql(
        name(&database),
        "SELECT table_name || '.' || column_name || ' ' || replace(data_type, 'text', 'TEXT') || ' '
                || CASE is_nullable WHEN 'NO' THEN 1 ELSE 0 END
         FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'book'",
    );
    let mut found: Vec<String> = found.lines().map(str::to_owned).collect();
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
    let indexes = |name: &str| name.starts_with("sqlite_autoindex").then_some(());
    let mut statement = sqlite.prepare("SELECT name FROM sqlite_schema WHERE type = 'index'").unwrap();
    let named = statement.query_map([], |row| row.get::<_, String>(0)).unwrap().map(Result::unwrap);
    for index in named.filter(|name| indexes(name).is_none()) {
        let sql = format!("SELECT count(*) FROM pg_indexes WHERE indexname = '{index}'");
        assert_eq!(Postgres::shared().sql(name(&database), &sql), "1", "{index}");
    }
}

/// Every row of a book on SQLite, table by table.
fn rows(register: &Path) -> Vec<String> {
    let book = rusqlite::Connection::open(register.join("register.sqlite")).unwrap();
    let mut tables = book.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").unwrap();
    let tables: Vec<String> = tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let mut found = Vec::new();
    for table in tables {
        let mut statement = book.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let values: Vec<_> = (0..columns).map(|place| format!("{:?}", row.get_ref(place).unwrap())).collect();
            found.push(format!("{table}: {}", values.join(" | ")));
        }
    }
    found.sort();
    found
}

#[tokio::test]
async fn a_backup_is_a_register_and_goes_from_either_engine_to_either() {
    let (institution, place) = (Institution::esimerkki(), Place::new());
    let register = create(&institution, &place, &Storage::default());
    let photo = b"a photo".as_slice();
    let file = |index: u32| institution.record(index, if index == 2 { &[b"a photo"] } else { &[] }).to_bytes();
    for index in 1..4 {
        register.put_record(&file(index)).await.unwrap();
    }
    register.put_evidence(named(photo).0, photo).await.unwrap();
    register.put_record(&institution.record(9, &[b"still on its way"]).to_bytes()).await.unwrap();
    let refused = institution.record(2, &[]).to_bytes();
    assert!(matches!(register.put_record(&refused).await.unwrap().signed, SignedAnswer::Refusal(_)));
    register.hello().await.unwrap();
    let expected = (register.put_record(&file(2)).await.unwrap(), register.log().unwrap(), register.tls_pin());
    let book = rows(&place.path);

    let folder = tempfile::tempdir().unwrap();
    let mut from = place.path.clone();
    for (step, storage) in [Storage::default(), servers(), servers(), Storage::default()].into_iter().enumerate() {
        let (backup, next) =
            (folder.path().join(format!("backup-{step}")), folder.path().join(format!("register-{step}")));
        let made = back_up(&from, &backup).unwrap();
        assert_eq!((made.records, made.evidence, made.awaited, made.lost.len()), (4, 1, 1, 0));
        assert!(matches!(back_up(&from, &backup), Err(RegisterError::NotEmpty(_))), "nothing is written over");
        let before = files(&backup);
        #[cfg(unix)]
        for path in ["", "register.key", "tls.key", "decryption"].map(|name| backup.join(name)) {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            assert!(mode & 0o077 == 0 || path.ends_with("decryption"), "{}: {mode:o}", path.display());
        }
        assert_eq!(restore(&backup, &next, &storage).unwrap(), made);
        assert!(files(&backup) == before, "a backup is only read");
        let register = Register::open(&next, place.clock.clock()).unwrap();
        let again = register.put_record(&file(2)).await.unwrap();
        assert_eq!((again, register.log().unwrap(), register.tls_pin()), expected, "after step {step}");
        assert_eq!(storage.database.is_none(), next.join("register.sqlite").exists());
        if storage.database.is_some() {
            let occupied = restore(&backup, &folder.path().join(format!("second-{step}")), &storage);
            assert!(matches!(occupied, Err(RegisterError::DatabaseNotEmpty)));
        }
        from = next;
    }
    assert_eq!(rows(&from), book, "through both engines and back, row by row");
    // A backup opens as it is.
    let register = Register::open(&folder.path().join("backup-3"), place.clock.clock()).unwrap();
    assert_eq!((register.log().unwrap(), register.tls_pin()), (expected.1, expected.2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_a_register_at_work_is_of_one_moment() {
    for storage in [Storage::default(), servers()] {
        let (institution, place, folder) = (Institution::esimerkki(), Place::new(), tempfile::tempdir().unwrap());
        let register = create(&institution, &place, &storage);
        let files: Vec<_> = (1..=60).map(|index| institution.record(index, &[]).to_bytes()).collect();
        let working = tokio::spawn(async move {
            for file in files {
                register.put_record(&file).await.unwrap();
            }
        });
        for number in 0..6 {
            let (from, backup) = (place.path.clone(), folder.path().join(number.to_string()));
            let to = backup.clone();
            let made = tokio::task::spawn_blocking(move || back_up(&from, &to)).await.unwrap().unwrap();
            let count = |table: &str| rows(&backup).iter().filter(|row| row.starts_with(table)).count();
            let records = usize::try_from(made.records).unwrap();
            assert_eq!([count("records:"), count("receipts:"), count("chain_entries:")], [records; 3]);
        }
        working.await.unwrap();
    }
}

#[tokio::test]
async fn a_backup_names_what_a_receipt_promised_and_the_register_lost() {
    let (institution, place) = (Institution::esimerkki(), Place::new());
    let register = create(&institution, &place, &Storage::default());
    let (photo, file) = (b"a photo".as_slice(), institution.record(1, &[b"a photo"]).to_bytes());
    register.put_record(&file).await.unwrap();
    register.put_evidence(named(photo).0, photo).await.unwrap();
    register.put_record(&file).await.unwrap();
    fs::write(place.path.join("evidence").join(named(photo).0.to_string()), "a phot0").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let made = back_up(&place.path, &folder.path().join("backup")).unwrap();
    assert_eq!((made.records, made.evidence, made.lost.as_slice()), (1, 0, [named(photo).0].as_slice()));
    let item = place.path.join("evidence").join(named(photo).0.to_string());
    fs::remove_file(&item).unwrap();
    fs::create_dir(&item).unwrap();
    let made = back_up(&place.path, &folder.path().join("another")).unwrap();
    assert_eq!((made.records, made.lost.len(), made.unreadable.as_slice()), (1, 0, [named(photo).0].as_slice()));
}

#[test]
fn a_register_is_not_moved_by_naming_another_place_and_a_password_lies_open_to_nobody() {
    let (institution, place) = (Institution::esimerkki(), Place::new());
    drop(create(&institution, &place, &Storage::default()));
    let moved = Register::open_on(&servers(), &place.path, place.clock.clock());
    assert!(matches!(moved, Err(RegisterError::KeptHere(_))), "{moved:?}");

    let (there, database) = (Place::new(), Postgres::shared().new_database());
    drop(create(&institution, &there, &on(&database)));
    let other_way = format!("postgres://keeper@localhost:{}/{}", Postgres::shared().port, name(&database));
    drop(Register::open_on(&on(&other_way), &there.path, there.clock.clock()).unwrap());
    let path = there.path.join("database.url");
    assert_eq!(fs::read_to_string(&path).unwrap().trim(), other_way, "the other way to the same book is remembered");
    let empty = Postgres::shared().new_database();
    assert!(Register::open_on(&on(&empty), &there.path, there.clock.clock()).is_err(), "another book is none of ours");
    assert_eq!(fs::read_to_string(&path).unwrap().trim(), other_way, "and is not remembered");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let open = Register::open(&there.path, there.clock.clock());
        assert!(matches!(open, Err(RegisterError::OpenToOthers(found)) if found == path));
    }
}
