//! PostgreSQL and an S3-compatible store, real ones: started when a test first asks for them, ended with its program.
#![allow(dead_code, reason = "every test file uses its own part of this")]
#![allow(unreachable_pub, reason = "several crates take this file as a module of their own")]
#![allow(missing_docs, reason = "test code")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "test code; a failure here is a failing test")]

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    os::unix::{fs::MetadataExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{ChildStdin, Command, Stdio},
    sync::{
        LazyLock,
        atomic::{AtomicU32, Ordering},
    },
};

use fieldproof_register::{BucketUrl, DatabaseUrl, Storage};

/// Whom PostgreSQL runs as when the tests run as root, as whom it refuses to run.
const NOBODY: u32 = 65_534;

/// Where the register of a story is to keep its things: in its folder, or on the servers when the run is about them
/// (`make test-storage`).
pub fn chosen() -> Storage {
    if std::env::var_os("STORAGE").is_some_and(|value| value == "servers") { servers() } else { Storage::default() }
}

/// A new empty database, and a new folder in a bucket.
pub fn servers() -> Storage {
    Storage { database: Some(Postgres::shared().database()), bucket: Some(Store::shared().folder()) }
}

/// A number that no other call in this program gets.
fn number() -> u32 {
    static NUMBER: AtomicU32 = AtomicU32::new(1);
    NUMBER.fetch_add(1, Ordering::Relaxed)
}

/// A server that waits for the end of its standard input: for this to be dropped, or for the end of the program.
#[derive(Debug)]
struct Running(ChildStdin);

/// Runs a shell script, waits for a line of its output that `ready` finds something in, and gives it as long as it
/// stands. The script ends when its standard input does.
fn run<T>(command: &mut Command, mut ready: impl FnMut(&str) -> Option<T>) -> (Running, T) {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (stdin, mut lines) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()).lines());
    let mut said = String::new();
    let found = lines.by_ref().map_while(Result::ok).find_map(|line| {
        said.push_str(&line);
        said.push('\n');
        ready(&line)
    });
    let found = found.unwrap_or_else(|| panic!("a server did not start:\n{said}"));
    // Whatever it says later is read, so that it can go on.
    std::thread::spawn(move || {
        lines.for_each(drop);
        child.wait()
    });
    (Running(stdin), found)
}

/// A PostgreSQL server of our own, in a temporary folder.
#[derive(Debug)]
pub struct Postgres {
    pub folder: PathBuf,
    pub port: u16,
    _running: Running,
}

impl Postgres {
    /// The one that the tests of a program share.
    pub fn shared() -> &'static Self {
        static SHARED: LazyLock<Postgres> = LazyLock::new(|| Postgres::start(""));
        &SHARED
    }

    /// One with further lines in its configuration, and files beside it.
    pub fn start(configuration: &str) -> Self {
        // In memory where there is some: what is asked of a server is that it keeps its word, not how fast it does.
        let memory = Path::new("/dev/shm");
        let around = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        Self::start_in(&around, configuration)
    }

    /// One whose folder is made in that one.
    pub fn start_in(around: &Path, configuration: &str) -> Self {
        let folder = tempfile::Builder::new().prefix("fieldproof-pg-").tempdir_in(around).unwrap().keep();
        let is_root = fs::metadata(&folder).unwrap().uid() == 0;
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let lines = format!(
            "port = {port}\nlisten_addresses = '127.0.0.1'\nmax_wal_size = 64MB\nunix_socket_directories = '{}'\n{configuration}\n",
            folder.display()
        );
        fs::write(folder.join("more.conf"), lines).unwrap();
        for name in ["more.conf", "."] {
            if is_root {
                std::os::unix::fs::chown(folder.join(name), Some(NOBODY), Some(NOBODY)).unwrap();
            }
        }
        let script = r#"
            trap "" INT
            cd "$2" || exit 1
            "$1/initdb" -D data -A trust -U keeper -E UTF8 --locale=C --no-sync > log 2>&1 &&
            echo "include '$2/more.conf'" >> data/postgresql.conf &&
            "$1/pg_ctl" -D data -l server.log -w start >> log 2>&1 && echo ready || { cat log server.log; exit 1; }
            cat > /dev/null
            "$1/pg_ctl" -D data -m immediate -w stop > /dev/null 2>&1
            rm -rf "$2"/* "$2"
        "#;
        let mut command = Command::new("sh");
        command.args(["-c", script, "sh"]).arg(programs()).arg(&folder);
        if is_root {
            command.uid(NOBODY).gid(NOBODY);
        }
        let (running, ()) = run(&mut command, |line| (line == "ready").then_some(()));
        Self { folder, port, _running: running }
    }

    /// A new empty database, over the server's socket.
    pub fn database(&self) -> DatabaseUrl {
        DatabaseUrl::parse(&self.new_database()).unwrap()
    }

    /// The connection string of a new empty database.
    pub fn new_database(&self) -> String {
        let name = format!("book_{}_{}", std::process::id(), number());
        self.sql("postgres", &format!("CREATE DATABASE {name}"));
        self.url(&name)
    }

    /// The connection string of a database, over the server's socket.
    fn url(&self, database: &str) -> String {
        let folder = self.folder.display().to_string().replace('/', "%2F");
        format!("postgres://keeper@{folder}:{}/{database}", self.port)
    }

    /// Carries a statement out in a database, past every register, and says what it found.
    pub fn sql(&self, database: &str, sql: &str) -> String {
        carry_out(&self.url(database), sql)
    }
}

/// Carries a statement out in the database of a connection string, past every register, and says what it found.
pub fn carry_out(url: &str, sql: &str) -> String {
    let mut command = Command::new(programs().join("psql"));
    let done = command.args([url, "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql]).output().unwrap();
    assert!(done.status.success(), "{sql}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap().trim().to_owned()
}

/// The newest PostgreSQL that is installed.
fn programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().filter_map(Result::ok);
    let mut found: Vec<_> = versions
        .map(|entry| (entry.file_name().to_string_lossy().parse().unwrap_or(0_u32), entry.path().join("bin")))
        .filter(|(_, programs)| programs.join("initdb").exists())
        .collect();
    found.sort();
    let Some((_, programs)) = found.pop() else {
        panic!("PostgreSQL is missing: install the package postgresql (`make test-packages`), then try again");
    };
    programs
}

/// An S3-compatible store of our own, with one bucket.
#[derive(Debug)]
pub struct Store {
    pub port: u16,
    _running: Running,
}

impl Store {
    /// The one that the tests of a program share.
    pub fn shared() -> &'static Self {
        static SHARED: LazyLock<Store> = LazyLock::new(Store::start);
        &SHARED
    }

    fn start() -> Self {
        let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
        let server = above.map(|folder| folder.join("target/storage/bin/moto_server")).find(|path| path.exists());
        let Some(server) = server else {
            panic!("the S3-compatible server moto is missing: run `make target/storage/ready`, then try again");
        };
        let script = r#"trap "" INT; "$1" -H 127.0.0.1 -p 0 2>&1 & server=$!; cat > /dev/null; kill $server"#;
        let mut command = Command::new("sh");
        command.args(["-c", script, "sh"]).arg(server);
        let (running, port) = run(&mut command, |line| {
            let (_, port) = line.split_once("Running on http://127.0.0.1:")?;
            port.trim().parse().ok()
        });
        let store = Self { port, _running: running };
        assert!(store.ask("PUT", "/evidence", "").starts_with("HTTP/1.1 200"), "the bucket is made");
        store
    }

    /// A new folder in the bucket.
    pub fn folder(&self) -> BucketUrl {
        BucketUrl::parse(&self.new_folder()).unwrap()
    }

    /// The address of a new folder in the bucket, with the settings that reach it.
    pub fn new_folder(&self) -> String {
        let settings =
            "aws_allow_http=true\naws_region=eu-north-1\naws_access_key_id=key\naws_secret_access_key=secret";
        let (process, number, port) = (std::process::id(), number(), self.port);
        format!("s3://evidence/{process}/{number}\naws_endpoint=http://127.0.0.1:{port}\n{settings}")
    }

    /// A request past every register, and what is answered.
    pub fn ask(&self, method: &str, path: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {length}\r\nAuthorization: AWS key:any\r\n"
        );
        stream.write_all(format!("{head}Connection: close\r\n\r\n{body}").as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }
}
