//! What the screen is told: the list of commands, the shapes that cross, and the words for errors. No rules.

mod commands;
pub mod dto;
mod enrol;
pub mod error;
mod input;
mod laptop;
mod roster;
mod secret;
mod sending;
mod shelf;
mod stick;
pub mod typescript;
mod view;

pub use commands::{Api, COMMANDS};
pub use secret::Secret;
pub use sending::told;
pub use view::verdict::verdict;
