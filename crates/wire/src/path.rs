//! Where each request goes under the register's address.

/// What every address of the protocol begins with.
pub const PROTOCOL: &str = "/v0/";

/// `GET`: who the register is.
pub const HELLO: &str = "/v0/hello";

/// `POST`: chain entries of one delegation.
pub const CHAIN: &str = "/v0/chain";

/// `POST`: one record file.
pub const RECORDS: &str = "/v0/records";

/// `POST`: one evidence item is begun; followed by `/` and its digest in lower-case hex, `HEAD` and `PATCH`: goes on.
pub const UPLOADS: &str = "/v0/uploads";

/// `POST`: a bundle is begun, by a coordinator's laptop; followed by `/` and the digest of its file, `HEAD` and `PATCH`:
/// goes on, `PUT`: the register takes it.
pub const BUNDLES: &str = "/v0/bundles";

/// `GET`, followed by `/`, the digest of a file of answers, `/` and where to begin: the next part of it.
pub const ANSWERS: &str = "/v0/answers";

/// `PUT`: the newest pack of a laptop.
pub const PACKS: &str = "/v0/packs";

/// `GET`, followed by `/`, an epoch, `/` and the number of the last entry that the asking laptop took in it: what lies
/// behind.
pub const FEED: &str = "/v0/feed";

/// `POST`: somebody's request to be enrolled. `GET`, for a coordinator's laptop: those that wait.
pub const REQUESTS: &str = "/v0/requests";

/// `POST`: what a client holds that the register signed.
pub const CLAIMS: &str = "/v0/claims";

/// `POST`: a record with its receipts, which the register lost.
pub const RETURNS: &str = "/v0/returns";

/// `POST`: a refused record file, to be judged anew. `GET`, for a coordinator's laptop: what was refused and what is
/// missing.
pub const SHELF: &str = "/v0/shelf";

/// `PUT`: papers that were opened for printing. `POST`, by a coordinator's laptop: one was taken back.
pub const PAPERS: &str = "/v0/papers";

/// `GET`: whether the server runs; says nothing about what it holds.
pub const HEALTH: &str = "/health";

/// The media type of every body but the one of [`HEALTH`].
pub const MEDIA_TYPE: &str = "application/cbor";
