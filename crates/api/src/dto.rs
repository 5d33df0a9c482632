//! What crosses the border to the screen: plain shapes, no rules, no domain types.
//!
//! Times are milliseconds since 1970 UTC, days are `YYYY-MM-DD`, identifiers and digests are lower-case hex.

/// Declares shapes with the derives they all share.
macro_rules! shapes {
    ($($(#[$meta:meta])* struct $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* })*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Serialize, Deserialize, TS)]
        #[serde(rename_all = "camelCase")]
        pub struct $name { $($(#[$field_meta])* pub $field: $type,)* }
    )*};
}

/// Declares choices that cross as one word each, with the name they have on the screen.
macro_rules! choices {
    ($($(#[$meta:meta])* enum $name:ident as $screen:literal {
        $($(#[$variant_meta:meta])* $variant:ident,)*
    })*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
        #[serde(rename_all = "snake_case")]
        #[ts(rename = $screen)]
        pub enum $name { $($(#[$variant_meta])* $variant,)* }
    )*};
}

mod choices;
mod enrol;
mod home;
mod input;
mod kept;
mod laptop;
mod practice;
mod roster;
mod sending;
mod session;
mod shelf;
mod stick;
mod verdict;

pub use choices::*;
pub use enrol::*;
pub use home::*;
pub use input::*;
pub use kept::*;
pub use laptop::*;
pub use practice::*;
pub use roster::*;
pub use sending::*;
pub use session::*;
pub use shelf::*;
pub use stick::*;
pub use verdict::*;
