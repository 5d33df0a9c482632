//! Direct: what is sealed goes to the register by itself, whenever one is in reach. It keeps nobody waiting: an exercise
//! has the laptop to itself, whoever presses the button goes first, and locking ends it at once.
//!
//! Nothing here waits or owns a thread: the program asks again after the time it is told, or when the host rings.

mod leaving;
mod rule;

use std::{
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError},
};

use fieldproof_model::{clock::Elapsed, digest::Digest, id::SessionId};
use fieldproof_store::{ReadTx, Store, table::pack_items::PackItem};
use fieldproof_sync::{HttpError, Outbox, Progress, SendError};
use tokio::{runtime::Runtime, sync::watch};

use leaving::Count;
pub use leaving::Leaving;
use rule::{Facts, Turn, decide, pause_after};
pub use rule::{Link, Rest, Wait};

use crate::{App, Error, Result, SendReport, Unlocked, epoch::to_return};

/// Who sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// Somebody pressed the button.
    Hand,
    /// Nobody did.
    Itself,
}

/// The state of sending, in memory alone.
#[derive(Debug, Default)]
pub(crate) struct Direct {
    /// Held by whoever sends: one at a time.
    line: Mutex<()>,
    now: Arc<Mutex<Now>>,
}

#[derive(Debug, Default)]
struct Now {
    round: Option<Round>,
    rest: Rest,
    failures: u32,
    /// When the last round began that heard all that the register tells; never, since somebody unlocked or something is
    /// to be told to it.
    heard: Option<Elapsed>,
    /// What was read when the last round began.
    waiting: usize,
    spares_metered: bool,
    /// The last tap of an exercise that is not over.
    tapped: Option<Elapsed>,
    link: Link,
    /// Counts what was kept of the register's answers, so that a screen knows when to look again.
    kept: u32,
}

#[derive(Debug)]
struct Round {
    by: By,
    stop: watch::Sender<bool>,
    /// Whether it holds what an unlocked laptop holds.
    is_in: bool,
    count: Count,
}

/// A round of sending; while it lives nobody else sends.
pub(crate) struct Going<'a> {
    _line: MutexGuard<'a, ()>,
    now: Arc<Mutex<Now>>,
    stop: watch::Receiver<bool>,
}

/// How sending stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sending {
    /// What leaves now; `None` while nothing is being sent.
    pub leaving: Option<Leaving>,
    /// Why nothing is sent by itself, where nothing is.
    pub rest: Rest,
    /// Records that are neither in the register nor refused; `None` while the laptop is locked.
    pub waiting: Option<usize>,
    /// Whether somebody paused it.
    pub is_paused: bool,
    /// Whether nothing is sent by itself over a link that is paid for by volume.
    pub spares_metered: bool,
    /// What the connection costs, when it was last looked at.
    pub link: Link,
    /// Rises with every answer of the register that was kept.
    pub kept: u32,
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is counted here stays true whatever fell over meanwhile.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Direct {
    /// Begins a round. The button stops what goes on by itself and waits for its end; by itself nobody waits.
    pub(crate) fn begin(&self, by: By) -> Option<Going<'_>> {
        let line = match by {
            By::Hand => {
                self.stop(|round| round.by == By::Itself);
                held(&self.line)
            }
            By::Itself => match self.line.try_lock() {
                Ok(line) => line,
                Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
                Err(TryLockError::WouldBlock) => return None,
            },
        };
        let (stop, stopped) = watch::channel(false);
        held(&self.now).round = Some(Round { by, stop, is_in: true, count: Count::default() });
        Some(Going { _line: line, now: Arc::clone(&self.now), stop: stopped })
    }

    fn stop(&self, which: impl Fn(&Round) -> bool) -> bool {
        match held(&self.now).round.as_ref().filter(|round| which(round)) {
            Some(round) => {
                round.stop.send_replace(true);
                true
            }
            None => false,
        }
    }

    /// Locking: whoever sends lets go of what an unlocked laptop holds before this returns.
    pub(crate) fn let_go(&self) {
        if self.stop(|round| round.is_in) {
            drop(held(&self.line));
        }
        let mut now = held(&self.now);
        (now.tapped, now.failures, now.heard) = (None, 0, None);
    }

    /// Whoever sends stops, whether or not somebody is in, and nobody begins until the answer is let go of.
    pub(crate) fn stand_still(&self) -> MutexGuard<'_, ()> {
        self.stop(|_| true);
        held(&self.line)
    }

    /// A chain went on without a record: the register is shown how far, as soon as nothing is in the way. A round that goes
    /// on may have read the chain before.
    pub(crate) fn tell_soon(&self) {
        held(&self.now).heard = None;
    }

    /// Somebody tapped in an exercise.
    pub(crate) fn tapped(&self, at: Option<Elapsed>) {
        held(&self.now).tapped = at;
        self.stop(|round| round.by == By::Itself);
    }

    /// The exercise is over.
    pub(crate) fn exercise_is_over(&self) {
        held(&self.now).tapped = None;
    }
}

impl Now {
    /// The last round came to nothing, or not to everything: that is a matter for somebody only where something waits.
    const fn unfinished(&self, seconds: u32) -> Rest {
        if self.waiting == 0 { Rest::Unheard { seconds } } else { Rest::Retry { seconds } }
    }
}

impl Going<'_> {
    /// Sends from a laptop that nobody is in on: it shows figures, and locking need not wait for it.
    fn is_shut(&self) {
        if let Some(round) = &mut held(&self.now).round {
            round.is_in = false;
        }
    }

    pub(crate) fn load(&self, outbox: &Outbox, sessions: &[(Digest, SessionId)]) {
        if let Some(round) = &mut held(&self.now).round {
            round.count = Count::new(outbox, sessions);
        }
    }

    pub(crate) fn note(&self, progress: &Progress<'_, HttpError>) {
        let mut now = held(&self.now);
        if matches!(progress, Progress::Held { .. } | Progress::Ended(_)) {
            now.kept = now.kept.wrapping_add(1);
        }
        if let Some(round) = &mut now.round {
            round.count.note(progress);
        }
    }

    pub(crate) fn on_bytes(&self) -> fieldproof_sync::OnBytes {
        let now = Arc::clone(&self.now);
        Arc::new(move |item, bytes| {
            if let Some(round) = &mut held(&now).round {
                round.count.reached(item, bytes);
            }
        })
    }

    /// Requests that end when the round is stopped.
    pub(crate) fn line(&self, runtime: Runtime) -> Line {
        Line { runtime, stop: Some(self.stop.clone()) }
    }
}

impl Drop for Going<'_> {
    fn drop(&mut self) {
        held(&self.now).round = None;
    }
}

/// Requests to the register, until somebody stops them.
pub(crate) struct Line {
    runtime: Runtime,
    stop: Option<watch::Receiver<bool>>,
}

impl Line {
    /// Requests that nobody stops.
    pub(crate) const fn unstopped(runtime: Runtime) -> Self {
        Self { runtime, stop: None }
    }

    /// Does the work. Stopped, it is let go of where it stands: every request may be sent again.
    pub(crate) fn run<T>(&self, work: impl Future<Output = T>) -> Result<T> {
        let Some(mut stop) = self.stop.clone() else { return Ok(self.runtime.block_on(work)) };
        self.runtime.block_on(async {
            tokio::select! {
                biased;
                Ok(_) = stop.wait_for(|stopped| *stopped) => Err(Error::Stopped),
                done = work => Ok(done),
            }
        })
    }
}

impl App {
    /// Sends what waits, where nothing speaks against it; says when to ask again. Whoever works is not kept waiting by it.
    ///
    /// The report is `None` where nothing was tried, or what was tried was stopped.
    pub fn send_in_background(&self) -> (Option<Result<SendReport>>, Wait) {
        let Some(going) = self.direct.begin(By::Itself) else {
            // Whoever sends rings at the end.
            return (None, Wait::UntilRung);
        };
        let tried = self.round(&going);
        drop(going);
        let [luck] = self.random();
        let mut now = held(&self.direct.now);
        if !has_heard(&tried) {
            now.heard = None;
        }
        let (report, rest) = match tried {
            Ok(Tried::Rested(rest)) => (None, rest),
            Err(Error::Stopped) => (None, Rest::Retry { seconds: 1 }),
            // Nothing mends a key store by itself.
            Err(error @ (Error::Locked | Error::KeyStore(_))) => (Some(Err(error)), Rest::Shut),
            Err(error) => {
                now.failures = now.failures.saturating_add(1);
                let seconds = pause_after(now.failures, is_permanent(&error), luck);
                (Some(Err(error)), now.unfinished(seconds))
            }
            Ok(Tried::Sent(report)) if now.waiting == 0 && report.untold.is_none() => {
                now.failures = 0;
                (Some(Ok(*report)), Rest::Nothing)
            }
            Ok(Tried::Sent(report)) => {
                now.failures = now.failures.saturating_add(1);
                let seconds = pause_after(now.failures, false, luck);
                (Some(Ok(*report)), now.unfinished(seconds))
            }
        };
        now.rest = rest;
        (report.filter(|report| !matches!(report, Err(Error::Locked))), rest.wait())
    }

    fn round(&self, going: &Going<'_>) -> Result<Tried> {
        match self.unlocked() {
            Ok(unlocked) => self.round_from(&unlocked.store, Some(&unlocked), going),
            Err(_) if self.key_store_since()?.is_some() => {
                going.is_shut();
                self.round_from(&self.open_for_sending()?, None, going)
            }
            Err(_) => Ok(Tried::Rested(Rest::Shut)),
        }
    }

    fn round_from(&self, store: &Store, unlocked: Option<&Unlocked>, going: &Going<'_>) -> Result<Tried> {
        let link = self.host.link();
        let (waiting, is_paused, spares_metered) =
            store.read(|tx| -> Result<_> { Ok((count_waiting(tx)?, is_paused(tx)?, spares_metered(tx)?)) })?;
        let facts = {
            let mut now = held(&self.direct.now);
            (now.link, now.waiting, now.spares_metered) = (link, waiting, spares_metered);
            let since = |then: Elapsed| seconds_since(then, self.host.elapsed());
            let is_due = unlocked.is_some() && now.heard.is_none_or(|heard| rule::ASK_AGAIN <= since(heard));
            Facts { waiting, is_due, is_paused, spares_metered, link, since_tap: now.tapped.map(since) }
        };
        match decide(&facts) {
            Turn::Rest(rest) => Ok(Tried::Rested(rest)),
            Turn::Send { with_packs } => {
                // What nobody was in for waits for somebody.
                let unlocked = unlocked.filter(|_| with_packs);
                held(&self.direct.now).heard = self.host.elapsed().filter(|_| unlocked.is_some());
                let report = self.send_from(store, unlocked, going)?;
                held(&self.direct.now).waiting = store.read(count_waiting)?;
                Ok(Tried::Sent(Box::new(report)))
            }
        }
    }

    /// How sending stands.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub fn sending(&self) -> Result<Sending> {
        let unlocked = self.unlocked().ok();
        let (waiting, is_paused, spares_metered) = match &unlocked {
            Some(unlocked) => unlocked.store.read(|tx| -> Result<_> {
                Ok((Some(tx.count_unsent_records()?), is_paused(tx)?, spares_metered(tx)?))
            })?,
            None => (None, false, false),
        };
        let now = held(&self.direct.now);
        let mut leaving = now.round.as_ref().map(|round| round.count.leaving()).filter(|leaving| 0 < leaving.records);
        if unlocked.is_none() {
            // Whoever stands before a locked laptop learns figures.
            leaving = leaving.map(|leaving| Leaving { session: None, ..leaving });
        }
        Ok(Sending { leaving, rest: now.rest, waiting, is_paused, spares_metered, link: now.link, kept: now.kept })
    }

    /// Pauses sending by itself, or lets it go on. It stays so until somebody changes it.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub fn pause_sending(&self, is_paused: bool) -> Result<()> {
        self.switch(PackItem::SendingPaused, is_paused)?;
        if is_paused {
            self.direct.stop(|_| true);
        }
        Ok(())
    }

    /// Spares links that are paid for by volume, or not. The button sends all the same.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub fn spare_metered(&self, spares: bool) -> Result<()> {
        self.switch(PackItem::SparesMetered, spares)?;
        held(&self.direct.now).spares_metered = spares;
        if spares {
            self.direct.stop(|round| round.by == By::Itself);
        }
        Ok(())
    }

    /// The connection is another one than before: over one that is spared nothing goes on by itself.
    pub fn link_changed(&self) {
        if held(&self.direct.now).spares_metered && self.host.link() == Link::Metered {
            self.direct.stop(|round| round.by == By::Itself);
        }
        self.host.ring();
    }

    fn switch(&self, item: PackItem, is_on: bool) -> Result<()> {
        let unlocked = self.unlocked()?;
        unlocked.store.write(|tx| if is_on { tx.set_pack_item(item, &[1]) } else { tx.forget_pack_item(item) })?;
        self.host.ring();
        Ok(())
    }
}

/// What came of a round.
enum Tried {
    Rested(Rest),
    Sent(Box<SendReport>),
}

/// Whether nothing of what the register tells, or is told beside records, was left out by a round.
fn has_heard(tried: &Result<Tried>) -> bool {
    match tried {
        Ok(Tried::Rested(_)) => true,
        Ok(Tried::Sent(report)) => report.packs.is_ok() && report.untold.is_none(),
        Err(_) => false,
    }
}

fn count_waiting(tx: &ReadTx<'_>) -> Result<usize> {
    let unsent = tx.count_unsent_records()?.saturating_add(tx.count_packs_to_send()?);
    // A refused record waits for people; that its paper is out is told all the same.
    Ok(unsent.saturating_add(to_return(tx)?.len()).saturating_add(tx.papers_to_tell()?.len()))
}

fn is_paused(tx: &ReadTx<'_>) -> Result<bool> {
    Ok(tx.pack_item(PackItem::SendingPaused)?.is_some())
}

fn spares_metered(tx: &ReadTx<'_>) -> Result<bool> {
    Ok(tx.pack_item(PackItem::SparesMetered)?.is_some())
}

/// A machine without such a clock makes every tap one of just now.
fn seconds_since(tapped: Elapsed, now: Option<Elapsed>) -> u32 {
    let millis = now.map_or(0, |now| now.millis.saturating_sub(tapped.millis));
    u32::try_from(millis.div_euclid(1000)).unwrap_or(u32::MAX)
}

/// Whether trying again soon is of no use. A network that wants a login first may get it at any moment.
fn is_permanent(error: &Error) -> bool {
    let Error::Send(error) = error else { return true };
    !matches!(error, SendError::Register(HttpError::Portal { .. })) && error.is_permanent()
}
