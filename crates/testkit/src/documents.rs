//! Scheme documents with their values: those built in, and some of the short ones of `tests/schemes`.

/// High-voltage isolation, with the demonstration's values for it.
pub const HV_ISOLATION: (&str, &str) = (
    include_str!("../../../assets/schemes/hv-isolation.json"),
    include_str!("../../../assets/schemes/hv-isolation.values.json"),
);
/// Live work and battery repair, likewise.
pub const LIVE_WORK: (&str, &str) = (
    include_str!("../../../assets/schemes/live-work-battery.json"),
    include_str!("../../../assets/schemes/live-work-battery.values.json"),
);
/// The F-gas exam, likewise.
pub const AC_FGAS: (&str, &str) =
    (include_str!("../../../assets/schemes/ac-fgas.json"), include_str!("../../../assets/schemes/ac-fgas.values.json"));
/// Every built-in scheme with its values.
pub const SCHEMES: [(&str, &str); 3] = [HV_ISOLATION, LIVE_WORK, AC_FGAS];

/// A knowledge test and nothing else: one entry passes it.
pub const KNOWLEDGE: (&str, &str) = (
    include_str!("../../../tests/schemes/knowledge-base.json"),
    include_str!("../../../tests/schemes/knowledge-base.values.json"),
);
/// The second of three levels.
pub const LADDER_2: (&str, &str) =
    (include_str!("../../../tests/schemes/ladder-2.json"), include_str!("../../../tests/schemes/ladder-2.values.json"));
/// The third of three levels, which asks for the second.
pub const LADDER_3: (&str, &str) =
    (include_str!("../../../tests/schemes/ladder-3.json"), include_str!("../../../tests/schemes/ladder-3.values.json"));
/// A course that is only attended.
pub const ATTENDANCE: (&str, &str) = (
    include_str!("../../../tests/schemes/attendance.json"),
    include_str!("../../../tests/schemes/attendance.values.json"),
);

/// A document with one passage changed; stops unless the passage stands in it exactly once.
#[must_use]
pub fn edited(document: &str, passage: &str, instead: &str) -> String {
    assert_eq!(document.matches(passage).count(), 1, "{passage:?} does not stand in the document once");
    document.replacen(passage, instead, 1)
}
