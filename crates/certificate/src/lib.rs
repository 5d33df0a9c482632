//! Facts in, paper out: certificates and result sheets as PDF bytes, and the symbols on them written and read.
//!
//! Nothing here reads a store, a clock or a network.
//! The same facts give the same bytes, and whatever is read from a picture is text for somebody else to verify.

mod canvas;
mod certificate;
mod clean;
mod document;
mod error;
mod facts;
mod fit;
mod flow;
mod fonts;
mod read;
mod recovery_sheet;
mod sections;
mod shapes;
mod sheet;
mod symbol;
mod template;
mod watermark;

pub use certificate::render_certificate;
pub use clean::check_printable;
pub use error::RenderError;
pub use facts::{CertificateFacts, Fact, ResultSheetFacts, Shape, SheetLine};
pub use read::{Found, Limit, ReadError, find_tokens};
pub use recovery_sheet::render_recovery_sheet;
pub use sheet::render_result_sheet;
pub use symbol::symbol_rows;
