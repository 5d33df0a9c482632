//! Golden scenarios by what decides them.

mod decision;
mod gate;
mod holding;
