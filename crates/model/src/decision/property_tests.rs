//! What holds for any log.
