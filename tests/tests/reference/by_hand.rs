//! The reference against cases worked out by hand from the words, so that a gross misreading shows.
