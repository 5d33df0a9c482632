//! Cases of the fold.
