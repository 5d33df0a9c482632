//! A line between a laptop and its register on which one thing is wrong, at a chosen place of chosen requests. It counts
//! what it carries.
#![expect(clippy::indexing_slicing, reason = "a suite that reads past what it was given has a mistake, and stops")]

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::sleep,
};

/// Where in an exchange something happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Before anything of the request.
    Before,
    /// In the middle of its head.
    Head,
    /// In the middle of its body.
    Body,
    /// Behind the request, which the register carries out, and before its answer.
    Behind,
    /// In the middle of the answer's head.
    AnswerHead,
    /// In the middle of the answer's body.
    AnswerBody,
}

impl Place {
    /// Every place, in order.
    pub const ALL: [Self; 6] = [Self::Before, Self::Head, Self::Body, Self::Behind, Self::AnswerHead, Self::AnswerBody];
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// The connection ends.
    Cut(Place),
    /// Nothing comes through any more; somebody drops the connection a moment later.
    Silence(Place),
    /// Everything waits for a moment between request and answer.
    Stall,
    /// 1 kB/s, where a second takes a millisecond.
    Slow,
    /// Every third piece is lost and comes once it was sent again.
    Loss,
    /// Something else answers.
    Answer(&'static [u8]),
    /// The request arrives twice, and the first answer comes back.
    Twice,
    /// The request arrives twice, and the second answer comes back.
    TwiceOver,
    /// The connection ends, and the request arrives when so many later ones have.
    Late(u32),
    /// A bit in the middle of the answer's body is another one.
    Flipped,
}

/// What is wrong with which requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Stands in the request's head, whose names of headers are in small letters.
    pub on: String,
    /// So many of them are left alone before.
    pub after: u32,
    /// So many of them meet it.
    pub times: u32,
    /// What.
    pub wrong: Wrong,
}

impl Rule {
    /// The first request in whose head `on` stands.
    #[must_use]
    pub fn once(on: &str, wrong: Wrong) -> Self {
        Self { on: on.to_owned(), after: 0, times: 1, wrong }
    }

    /// Every request in whose head `on` stands.
    #[must_use]
    pub fn always(on: &str, wrong: Wrong) -> Self {
        Self { times: u32::MAX, ..Self::once(on, wrong) }
    }
}

/// One request that came this way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// Its first line.
    pub request: String,
    /// Bytes of its body that were sent.
    pub body: usize,
    /// All bytes that were sent.
    pub up: usize,
    /// All bytes that came back.
    pub down: usize,
}

#[derive(Debug, Default)]
struct State {
    rules: Vec<Rule>,
    carried: Vec<Carried>,
    /// Requests that arrive when so many more have.
    late: Vec<(u32, Vec<u8>)>,
    met: u32,
}

#[derive(Debug)]
struct Shared {
    to: SocketAddr,
    state: Mutex<State>,
}

/// The line.
#[derive(Debug)]
pub struct Line {
    /// Where the laptop connects.
    pub at: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

/// How long a stall or a silence lasts: longer than an answer takes, short beside what a client waits.
const MOMENT: Duration = Duration::from_millis(60);

/// So much is on its way at once where the line is slow or loses something.
const PIECE: usize = 1_000;

impl Line {
    /// Stands between a laptop and the register at `to`.
    pub async fn start(to: SocketAddr, rules: Vec<Rule>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let shared = Arc::new(Shared { to, state: Mutex::new(State { rules, ..State::default() }) });
        let behind = Arc::clone(&shared);
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let shared = Arc::clone(&behind);
                tokio::spawn(async move { carry(client, &shared).await });
            }
        });
        Self { at, shared, task }
    }

    /// From now on nothing is wrong; what is late arrives.
    pub async fn mend(&self) {
        let late = {
            let mut state = self.shared.state.lock().unwrap();
            state.rules.clear();
            std::mem::take(&mut state.late)
        };
        for (_, request) in late {
            deliver(self.shared.to, &request).await;
        }
    }

    /// How often something was wrong.
    #[must_use]
    pub fn met(&self) -> u32 {
        self.shared.state.lock().unwrap().met
    }

    /// Everything that came this way.
    #[must_use]
    pub fn carried(&self) -> Vec<Carried> {
        self.shared.state.lock().unwrap().carried.clone()
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    /// What is wrong with the request of this head.
    fn meet(&self, head: &[u8]) -> Option<Wrong> {
        let mut state = self.state.lock().unwrap();
        let text = String::from_utf8_lossy(head);
        let rule = state.rules.iter_mut().find(|rule| 0 < rule.times && text.contains(&rule.on))?;
        if let Some(after) = rule.after.checked_sub(1) {
            rule.after = after;
            return None;
        }
        rule.times = rule.times.saturating_sub(u32::from(rule.times != u32::MAX));
        let wrong = rule.wrong;
        state.met += 1;
        Some(wrong)
    }

    fn note(&self, head: &[u8], (body, up, down): (usize, usize, usize)) {
        let first = head.split(|byte| *byte == b'\r').next().unwrap_or_default();
        let request = String::from_utf8_lossy(first).into_owned();
        self.state.lock().unwrap().carried.push(Carried { request, body, up, down });
    }

    /// What is late by now long enough.
    fn due(&self) -> Vec<Vec<u8>> {
        let mut state = self.state.lock().unwrap();
        for (left, _) in &mut state.late {
            *left = left.saturating_sub(1);
        }
        let (due, late) = std::mem::take(&mut state.late).into_iter().partition(|(left, _)| *left == 0);
        state.late = late;
        let due: Vec<(u32, Vec<u8>)> = due;
        due.into_iter().map(|(_, request)| request).collect()
    }
}

/// One end, with what it said and nobody took yet.
struct End {
    stream: TcpStream,
    rest: Vec<u8>,
}

impl End {
    const fn new(stream: TcpStream) -> Self {
        Self { stream, rest: Vec::new() }
    }

    /// A head up to and with the empty line behind it.
    async fn head(&mut self) -> Option<Vec<u8>> {
        loop {
            if let Some(end) = self.rest.windows(4).position(|window| window == b"\r\n\r\n") {
                return Some(self.rest.drain(..end + 4).collect());
            }
            if self.stream.read_buf(&mut self.rest).await.ok()? == 0 {
                return None;
            }
        }
    }

    /// So many bytes.
    async fn take(&mut self, length: usize) -> Option<Vec<u8>> {
        while self.rest.len() < length {
            if self.stream.read_buf(&mut self.rest).await.ok()? == 0 {
                return None;
            }
        }
        Some(self.rest.drain(..length).collect())
    }

    /// Sends bytes as fast as the line carries them.
    async fn send(&mut self, bytes: &[u8], wrong: Option<Wrong>) -> Option<()> {
        let piece = if matches!(wrong, Some(Wrong::Slow | Wrong::Loss)) { PIECE } else { bytes.len().max(1) };
        for (number, piece) in bytes.chunks(piece).enumerate() {
            match wrong {
                Some(Wrong::Slow) => sleep(Duration::from_millis(1)).await,
                Some(Wrong::Loss) if number % 3 == 0 => sleep(Duration::from_millis(4)).await,
                _ => {}
            }
            self.stream.write_all(piece).await.ok()?;
        }
        Some(())
    }

    /// An answer, head and body.
    async fn answer(&mut self, is_head: bool) -> Option<(Vec<u8>, Vec<u8>)> {
        let head = self.head().await?;
        let length = if is_head { 0 } else { length_of(&head) };
        let body = self.take(length).await?;
        Some((head, body))
    }
}

fn length_of(head: &[u8]) -> usize {
    let text = String::from_utf8_lossy(head).to_lowercase();
    let length = text.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
    length.unwrap_or_default()
}

async fn carry(client: TcpStream, shared: &Shared) {
    let (mut client, mut register) = (End::new(client), None);
    while exchange(&mut client, &mut register, shared).await.is_some() {
        for request in shared.due() {
            deliver(shared.to, &request).await;
        }
    }
}

/// Sends a request that is late; nobody hears the answer.
async fn deliver(to: SocketAddr, request: &[u8]) {
    let Ok(stream) = TcpStream::connect(to).await else { return };
    let mut register = End::new(stream);
    if register.send(request, None).await.is_some() {
        drop(register.answer(false).await);
    }
}

/// Carries one request and its answer; `None` when the connection is over.
async fn exchange(client: &mut End, register: &mut Option<End>, shared: &Shared) -> Option<()> {
    let head = client.head().await?;
    let (wrong, length) = (shared.meet(&head), length_of(&head));
    if let Some(Wrong::Answer(answer)) = wrong {
        client.take(length).await?;
        shared.note(&head, (length, head.len() + length, answer.len()));
        client.send(answer, None).await?;
        return None;
    }
    let body = client.take(if is_at(wrong, Place::Body) { length / 2 } else { length }).await?;
    let is_cut_before = is_at(wrong, Place::Before);
    let (of_head, of_body) = match () {
        () if is_cut_before => (0, 0),
        () if is_at(wrong, Place::Head) => (head.len() / 2, 0),
        () => (head.len(), body.len()),
    };
    let whole = [&head[..of_head], &body[..of_body]].concat();
    if let Some(Wrong::Late(by)) = wrong {
        shared.note(&head, (of_body, whole.len(), 0));
        shared.state.lock().unwrap().late.push((by, whole));
        return None;
    }
    if register.is_none() {
        *register = Some(End::new(TcpStream::connect(shared.to).await.ok()?));
    }
    let register = register.as_mut()?;
    register.send(&whole, wrong).await?;
    if [Place::Before, Place::Head, Place::Body].into_iter().any(|place| is_at(wrong, place)) {
        shared.note(&head, (of_body, whole.len(), 0));
        return pause(wrong).await;
    }
    if wrong == Some(Wrong::Stall) {
        sleep(MOMENT).await;
    }
    let is_head = head.starts_with(b"HEAD ");
    let (mut answer_head, mut answer) = register.answer(is_head).await?;
    if matches!(wrong, Some(Wrong::Twice | Wrong::TwiceOver)) {
        register.send(&whole, None).await?;
        let second = register.answer(is_head).await?;
        if wrong == Some(Wrong::TwiceOver) {
            (answer_head, answer) = second;
        }
    }
    if wrong == Some(Wrong::Flipped)
        && let Some(middle) = answer.len().checked_div(2)
    {
        answer[middle] ^= 1;
    }
    let down = match () {
        () if is_at(wrong, Place::Behind) => Vec::new(),
        () if is_at(wrong, Place::AnswerHead) => answer_head[..answer_head.len() / 2].to_vec(),
        () if is_at(wrong, Place::AnswerBody) => [&answer_head[..], &answer[..answer.len() / 2]].concat(),
        () => [answer_head, answer].concat(),
    };
    shared.note(&head, (of_body, whole.len(), down.len()));
    client.send(&down, wrong).await?;
    if ends(wrong) { pause(wrong).await } else { Some(()) }
}

/// Whether a cut or a silence begins at this place.
fn is_at(wrong: Option<Wrong>, place: Place) -> bool {
    matches!(wrong, Some(Wrong::Cut(at) | Wrong::Silence(at)) if at == place)
}

const fn ends(wrong: Option<Wrong>) -> bool {
    matches!(wrong, Some(Wrong::Cut(_) | Wrong::Silence(_)))
}

/// Lets a silence last before the connection ends.
async fn pause(wrong: Option<Wrong>) -> Option<()> {
    if matches!(wrong, Some(Wrong::Silence(_))) {
        sleep(MOMENT).await;
    }
    None
}
