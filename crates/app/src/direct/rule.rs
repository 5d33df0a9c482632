//! Whether something is sent by itself now, and how long is waited otherwise. Values in, values out.

/// What a connection costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Link {
    /// It is paid for by volume.
    Metered,
    /// It is not.
    Free,
    /// The machine does not say.
    #[default]
    CannotTell,
}

/// Why nothing is sent by itself at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rest {
    /// Nothing waits.
    #[default]
    Nothing,
    /// Nothing waits, and the register could not be asked whether there is anything new.
    Unheard {
        /// Seconds until it is asked again.
        seconds: u32,
    },
    /// Nobody is in, and nothing opens the laptop for sending.
    Shut,
    /// Somebody paused it.
    Paused,
    /// The connection is paid for by volume, and somebody wants to spare it.
    Metered,
    /// Somebody is at an exercise, which has the laptop to itself.
    Exercise {
        /// Seconds until it is looked at again.
        seconds: u32,
    },
    /// The last try came to nothing, or not to everything.
    Retry {
        /// Seconds until the next one.
        seconds: u32,
    },
}

/// When to look again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// After so many seconds, or when somebody rings.
    Seconds(u32),
    /// When somebody rings.
    UntilRung,
}

impl Rest {
    /// When to look again.
    #[must_use]
    pub const fn wait(self) -> Wait {
        match self {
            Self::Shut | Self::Paused => Wait::UntilRung,
            Self::Nothing => Wait::Seconds(LOOK_AT_CLOCK),
            Self::Metered => Wait::Seconds(LOOK_AT_LINK),
            Self::Unheard { seconds } | Self::Exercise { seconds } | Self::Retry { seconds } => Wait::Seconds(seconds),
        }
    }
}

/// What the rule looks at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts {
    /// Records and packs that wait.
    pub(super) waiting: usize,
    /// Whether somebody is in who was not told for long what is new at the register, nor was it shown how far the chains
    /// here go.
    pub(super) is_due: bool,
    pub(super) is_paused: bool,
    pub(super) spares_metered: bool,
    pub(super) link: Link,
    /// How long ago somebody last tapped in an exercise that is not over.
    pub(super) since_tap: Option<u32>,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// Send; packs, which are much to write at once, only where no exercise could be kept waiting.
    Send { with_packs: bool },
    /// Leave it.
    Rest(Rest),
}

/// An exercise in which nobody tapped for so many seconds lets something through.
const QUIET: u32 = 60;

/// Whether a link costs something can change without anybody ringing.
const LOOK_AT_LINK: u32 = 60;

/// So does the time go on; and who heard the register so long ago asks it anew.
const LOOK_AT_CLOCK: u32 = 600;
pub(super) const ASK_AGAIN: u32 = 3_600;

/// The first pause, and the longest one.
const FIRST: u32 = 10;
const LONGEST: u32 = 300;

/// What to do now.
pub(super) fn decide(facts: &Facts) -> Turn {
    let tapped = facts.since_tap.filter(|since| *since < QUIET);
    // A link that nobody can tell anything about is not kept from anybody.
    let is_spared = facts.spares_metered && facts.link == Link::Metered;
    // Where nothing waits the register is asked in passing, and not where that could be in somebody's way.
    let asks = facts.is_due && !is_spared && facts.since_tap.is_none();
    match (facts.waiting, tapped) {
        // Also where nothing waits: nothing would leave by itself.
        _ if facts.is_paused => Turn::Rest(Rest::Paused),
        (0, _) if !asks => Turn::Rest(Rest::Nothing),
        _ if is_spared => Turn::Rest(Rest::Metered),
        (_, Some(since)) => Turn::Rest(Rest::Exercise { seconds: QUIET.saturating_sub(since).max(1) }),
        _ => Turn::Send { with_packs: facts.since_tap.is_none() },
    }
}

/// How long to wait after so many tries in a row that came to nothing. `luck` keeps laptops that lost the register at one
/// moment from coming back at one moment: it adds up to a quarter.
pub(super) fn pause_after(failures: u32, is_permanent: bool, luck: u8) -> u32 {
    let doubled = FIRST.saturating_mul(1_u32.checked_shl(failures.saturating_sub(1).min(16)).unwrap_or(u32::MAX));
    let pause = if is_permanent { LONGEST } else { doubled.min(LONGEST) };
    pause.saturating_add(pause.saturating_mul(u32::from(luck)).div_euclid(4 * 255))
}

#[cfg(test)]
mod tests {
    use super::*;

    const READY: Facts = Facts {
        waiting: 1,
        is_due: false,
        is_paused: false,
        spares_metered: false,
        link: Link::Metered,
        since_tap: None,
    };
    /// Nothing waits, and the register was not asked for long.
    const DUE: Facts = Facts { waiting: 0, is_due: true, ..READY };

    #[test]
    fn it_is_sent_unless_something_speaks_against_it() {
        let table: [(&str, Facts, Turn); 15] = [
            ("ready", READY, Turn::Send { with_packs: true }),
            ("nothing waits", Facts { waiting: 0, ..READY }, Turn::Rest(Rest::Nothing)),
            ("paused, nothing waits", Facts { waiting: 0, is_paused: true, ..READY }, Turn::Rest(Rest::Paused)),
            ("asked long ago", DUE, Turn::Send { with_packs: true }),
            ("asked a while ago", Facts { is_due: false, ..DUE }, Turn::Rest(Rest::Nothing)),
            ("paused, nothing is asked", Facts { is_paused: true, ..DUE }, Turn::Rest(Rest::Paused)),
            ("metered, nothing is asked", Facts { spares_metered: true, ..DUE }, Turn::Rest(Rest::Nothing)),
            ("an exercise is not asked into", Facts { since_tap: Some(60), ..DUE }, Turn::Rest(Rest::Nothing)),
            ("paused", Facts { is_paused: true, ..READY }, Turn::Rest(Rest::Paused)),
            ("metered", Facts { spares_metered: true, ..READY }, Turn::Rest(Rest::Metered)),
            (
                "spared and free",
                Facts { spares_metered: true, link: Link::Free, ..READY },
                Turn::Send { with_packs: true },
            ),
            (
                "spared and nobody can tell",
                Facts { spares_metered: true, link: Link::CannotTell, ..READY },
                Turn::Send { with_packs: true },
            ),
            ("a tap just now", Facts { since_tap: Some(0), ..READY }, Turn::Rest(Rest::Exercise { seconds: 60 })),
            ("a tap a while ago", Facts { since_tap: Some(59), ..READY }, Turn::Rest(Rest::Exercise { seconds: 1 })),
            ("an exercise nobody taps in", Facts { since_tap: Some(60), ..READY }, Turn::Send { with_packs: false }),
        ];
        for (name, facts, turn) in table {
            assert_eq!(decide(&facts), turn, "{name}");
        }
    }

    #[test]
    fn pauses_grow_and_end_growing() {
        let pauses: Vec<_> = (1..=8).map(|failures| pause_after(failures, false, 0)).collect();
        assert_eq!(pauses, [10, 20, 40, 80, 160, 300, 300, 300]);
        assert_eq!(pause_after(1, true, 0), 300, "what only people can mend is not asked after every few seconds");
        assert_eq!((pause_after(1, false, 255), pause_after(u32::MAX, false, 255)), (12, 375), "a quarter at most");
        assert!(pause_after(3, false, 0) < pause_after(3, false, 100));
    }

    #[test]
    fn whoever_rests_looks_again_in_time() {
        assert_eq!(Rest::Metered.wait(), Wait::Seconds(60));
        assert_eq!(Rest::Retry { seconds: 20 }.wait(), Wait::Seconds(20));
        assert_eq!(Rest::Unheard { seconds: 20 }.wait(), Wait::Seconds(20));
        assert_eq!(Rest::Nothing.wait(), Wait::Seconds(600), "the time to ask comes without anybody ringing");
        for rest in [Rest::Shut, Rest::Paused] {
            assert_eq!(rest.wait(), Wait::UntilRung, "{rest:?}");
        }
    }
}
