//! What went wrong between this laptop and a register, over a network or by stick.

use fieldproof_app::Error;
use fieldproof_sync::{FeedProblem, HttpError, IdentityError, LaneError, SendError};
use fieldproof_wire::{Fault, bundle::BundleError};

use super::{build, sentence, view};
use crate::dto::{Code, ErrorView};

const UNCHANGED: &str = "The file that is carried is as it was; what the register has of it is not sent again.";

const ASKED: &str = "Nothing was changed on this laptop.";

pub(super) const KEPT: &str = "Nothing was lost: the records are kept on this laptop.";

pub(super) fn lane(error: &LaneError<HttpError>) -> ErrorView {
    match error {
        LaneError::Register(http) => transport(KEPT, http),
        LaneError::Answer(problem) => build(
            Code::RegisterRefused,
            format!("The register's answer cannot be believed: {problem}."),
            format!("{KEPT} Tell the coordinator."),
        ),
        LaneError::Unreadable(_)
        | LaneError::OtherRecord { .. }
        | LaneError::EvidenceNotHere(_)
        | LaneError::EvidenceDamaged(_)
        | LaneError::TooLarge(_) => build(
            Code::Unexpected,
            sentence(&error.to_string()),
            "Nothing was deleted. Stop working with this laptop and call the coordinator.",
        ),
    }
}

/// What a stick brought, or was to take.
pub(super) fn bundle(error: &BundleError) -> ErrorView {
    let next = match error {
        BundleError::OtherFile(_) => "Choose the answers file that the institution gave back.",
        BundleError::LaterVersion(_) => "Install the newer version of Fieldproof, then take it again.",
        BundleError::CutOff | BundleError::Damaged | BundleError::File(_) => "Copy it again from where it came, whole.",
        BundleError::Malformed(_) | BundleError::TooLarge { .. } | BundleError::TooMany | BundleError::NotAKey => {
            "Tell the coordinator."
        }
    };
    build(Code::InvalidInput, sentence(&error.to_string()), format!("{KEPT} {next}"))
}

/// The same, for answers that were read in part.
pub(crate) fn view_bundle(error: &BundleError) -> ErrorView {
    bundle(error)
}

/// A file that is larger than any answers this screen reads.
pub(crate) fn answers_too_large(limit: u64) -> ErrorView {
    build(
        Code::InvalidInput,
        format!("This file is larger than the {} MB that answers may have.", limit.div_euclid(1_000_000)),
        format!("{KEPT} Choose the answers file that the institution gave back."),
    )
}

pub(super) fn other_identity(identity: &IdentityError) -> ErrorView {
    build(
        Code::RegisterOtherIdentity,
        format!("Nothing was sent: {identity}."),
        format!("{KEPT} Check the address with the coordinator."),
    )
}

pub(super) fn transport(promise: &str, error: &HttpError) -> ErrorView {
    let (message, next) = match error {
        HttpError::Unreachable(_) => ("The register cannot be reached.", "Try again when there is a network."),
        HttpError::OtherServer => (
            "Another server answers at the register's address.",
            "It was told nothing. Check the address with the coordinator.",
        ),
        HttpError::Handshake(_) => (
            "What answers at the register's address makes no protected connection.",
            "If the network wants a login first, log in, then try again; else check the address.",
        ),
        HttpError::Portal { .. } => (
            "The network answered in the register's place.",
            "It probably wants a login: open any page in a browser, log in, then try again.",
        ),
        HttpError::NotARegister { .. } => {
            ("Something that is no register answered.", "Check the address with the coordinator.")
        }
        HttpError::Broken(_) => ("The connection to the register broke.", "Try again; nothing is sent twice."),
        HttpError::File(_) => ("The file could not be read to its end.", "Check the stick, and copy the file again."),
        HttpError::Fault(why) => fault(why),
        HttpError::TooLarge { .. } => COULD_NOT,
    };
    let is_refused = matches!(error, HttpError::Fault(_) | HttpError::TooLarge { .. });
    let is_read = !matches!(error, HttpError::File(_));
    let code = match (is_read, is_refused) {
        (false, _) => Code::InvalidInput,
        (true, true) => Code::RegisterRefused,
        (true, false) => Code::RegisterUnreachable,
    };
    build(code, message, format!("{promise} {next}"))
}

const COULD_NOT: (&str, &str) = ("The register could not take it.", "Tell the coordinator.");

/// What the register said, and what to do about it.
const fn fault(fault: &Fault) -> (&'static str, &'static str) {
    match fault {
        Fault::NotAdmitted => (
            "The register does not know this laptop.",
            "Where it has sent before, the register was restored from a backup: once the coordinator has sent, send \
             again. Otherwise show the coordinator its request, which stands on This laptop; the register knows it by \
             the pack that comes back.",
        ),
        Fault::TooManyRequests => (
            "Too many requests wait at the register already.",
            "Bring the request on a stick, or ask the coordinator to answer those that wait.",
        ),
        Fault::NotCoordinators => {
            ("The register does not know this laptop as a coordinator's.", "Send the packs first, then try again.")
        }
        Fault::OtherInstitution => ("This file is for the register of another institution.", "Carry it there."),
        Fault::UnknownKey => (
            "The register does not hold the key that this file is encrypted to.",
            "Tell whoever runs the register: earlier keys belong into its folder `decryption`.",
        ),
        Fault::NotABundle => ("The register cannot read this file.", "Copy it again from where it came, whole."),
        Fault::Internal => {
            ("The register failed.", "Try again later, nothing is sent twice; if it stays so, tell the coordinator.")
        }
        Fault::TooMany(_) | Fault::Busy | Fault::Nonce | Fault::Offset(_) => {
            ("The register is busy with others, or with this.", "It goes on by itself with the next sending.")
        }
        Fault::TooManyUploads => (
            "At the register too many photos and files are half sent.",
            "It goes on by itself once others are through; if it stays so, tell whoever runs the register.",
        ),
        Fault::Malformed
        | Fault::TooLarge(_)
        | Fault::NoSuchRequest
        | Fault::OtherDigest(_)
        | Fault::Delegation
        | Fault::Pack
        | Fault::OlderPack(_)
        | Fault::NotARequest
        | Fault::NotOurs
        | Fault::TooFarAhead
        | Fault::NotInFeed
        | Fault::Signature(_)
        | Fault::TusVersion
        | Fault::MediaType
        | Fault::NotNamed(_)
        | Fault::Unknown(_) => COULD_NOT,
    }
}

/// What went wrong where the register was only asked something.
pub(crate) fn asking(error: &Error) -> ErrorView {
    if let Error::Send(SendError::Register(http)) | Error::Http(http) = error {
        return transport(ASKED, http);
    }
    view(error)
}

/// What went wrong with a file that is carried for somebody else.
pub(crate) fn carrying(error: &Error) -> ErrorView {
    if let Error::Send(SendError::Register(http)) | Error::Http(http) = error {
        return transport(UNCHANGED, http);
    }
    let Error::Bundle(why) = error else { return view(error) };
    let next = if matches!(why, BundleError::OtherFile(_)) {
        "Choose the file that a laptop wrote with “Carry on a stick”."
    } else if matches!(why, BundleError::LaterVersion(_)) {
        "Install the newer version of Fieldproof, then carry it again."
    } else {
        "Copy it again from where it came, whole."
    };
    build(Code::InvalidInput, sentence(&why.to_string()), format!("Nothing was sent. {next}"))
}

/// A page of what the register tells.
pub(super) fn feed(problem: FeedProblem) -> ErrorView {
    build(
        Code::Unexpected,
        format!("What the register tells this laptop was not believed: {problem}."),
        "Nothing of it was taken; records leave all the same. Send again; if it stays, tell the coordinator.",
    )
}

/// One entry of it.
pub(super) fn entry(number: u32, why: &Error) -> ErrorView {
    build(
        Code::Unexpected,
        format!("Entry {number} of what the register tells this laptop was not believed: {why}."),
        "Nothing behind it was taken; records leave all the same. Tell the coordinator.",
    )
}
