//! placeholder
/// How far a laptop's clock is to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClockGrade {
    /// Sound
    Sound,
    /// Unconfirmed
    Unconfirmed,
    /// Behind
    Behind,
    /// Ahead
    Ahead,
    /// Jumped
    Jumped,
}
