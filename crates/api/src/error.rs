//! Every error as a person reads it: what happened, and what to do now. One exhaustive match.

mod disk;
mod kept;
mod register;

use fieldproof_app::{Error, Invalid, KeyStoreError, NotAllowed, PackProblem};
use fieldproof_certificate::ReadError;
use fieldproof_seal::{FormatError, receipt::RefusalReason, scheme::SchemeError};
use fieldproof_sync::SendError;

use self::{
    disk::disk,
    kept::{photo, store},
    register::{KEPT, bundle, entry, feed, lane, other_identity, transport},
};
pub(crate) use self::{
    disk::restoring,
    register::{answers_too_large, asking, carrying, view_bundle},
};
use crate::{
    dto::{Code, ErrorView},
    roster::mend_table,
};

fn build(code: Code, message: impl Into<String>, next: impl Into<String>) -> ErrorView {
    ErrorView { code, message: message.into(), next: next.into(), wait_seconds: None }
}

/// The screen sent something that is no input of ours.
#[must_use]
pub fn malformed() -> ErrorView {
    build(
        Code::Unexpected,
        "The program misunderstood itself.",
        "Nothing was changed. Try again; if it stays, restart.",
    )
}

/// What was typed is no number.
pub(crate) fn number() -> ErrorView {
    build(
        Code::InvalidInput,
        "This is not a number.",
        "Write digits, with at most three behind the point. Nothing was recorded.",
    )
}

/// What was typed is no day.
pub(crate) fn day() -> ErrorView {
    build(Code::InvalidInput, "This is not a day.", "Write it as year-month-day, such as 2027-03-31.")
}

/// Words an error.
#[must_use]
pub fn view(error: &Error) -> ErrorView {
    match error {
        Error::Locked => build(Code::Locked, "The laptop is locked.", "Unlock it with your passphrase."),
        Error::Stopped => build(
            Code::Rule,
            "Sending was stopped.",
            "Nothing was lost: it goes on from where it stood when somebody sends again.",
        ),
        Error::WrongPassphrase { .. }
        | Error::WrongPin { .. }
        | Error::WrongRecoveryKey
        | Error::WaitBeforeNextTry { .. } => unlocking(error),
        Error::NotFound(_) => {
            build(Code::NotFound, "It is not on this laptop.", "Go back to the list and choose again.")
        }
        Error::NotAllowed(NotAllowed::NoRoom { .. })
        | Error::NoRoomThere { .. }
        | Error::NotWritten { .. }
        | Error::Remains(_) => disk(error),
        Error::NotAllowed(why) => build(Code::Rule, sentence(&why.to_string()), not_allowed(*why)),
        Error::Invalid(why) => build(Code::InvalidInput, sentence(&why.to_string()), invalid(*why)),
        Error::PhotoUnreadable | Error::PhotoOfOtherKind | Error::PhotoTooLarge { .. } => photo(error),
        Error::Store(error) => store(error),
        Error::Format(_) | Error::KeySet(_) | Error::Scheme(_) => build(
            Code::Unexpected,
            "What the institution sent to this laptop cannot be read.",
            "Your records are kept. Ask the coordinator for a new pack.",
        ),
        Error::Table(error) => build(Code::InvalidInput, sentence(&error.to_string()), mend_table(*error)),
        Error::Render(_) | Error::Viewer(_) => document(error),
        Error::KeyStore(error) => key_store(error),
        Error::Address(error) => build(
            Code::RegisterUnreachable,
            format!("The register's address cannot be used: {error}."),
            format!("{KEPT} Ask the coordinator for the right one."),
        ),
        Error::Send(SendError::Identity(identity)) => other_identity(identity),
        Error::Send(SendError::Register(http)) | Error::Http(http) => transport(KEPT, http),
        Error::Feed(problem) => feed(*problem),
        Error::Entry { number, why } => entry(*number, why),
        Error::Lane(error) => lane(error),
        Error::Bundle(error) => bundle(error),
        Error::OtherAnswers(identity) => build(
            Code::RegisterOtherIdentity,
            format!("Nothing was taken: {identity}."),
            format!("{KEPT} Ask the coordinator for the answers of this institution's register."),
        ),
        Error::Unreadable(_)
        | Error::ForeignCode
        | Error::SeveralCertificates
        | Error::ShortCode(_)
        | Error::NothingToVerify
        | Error::DamagedFile(_) => nothing_to_verify(error),
    }
}

/// A document that was not opened.
fn document(error: &Error) -> ErrorView {
    let (message, next) = if let Error::Render(error) = error {
        (format!("The document could not be drawn: {error}."), "Tell the coordinator.")
    } else {
        ("The document could not be opened.".to_owned(), "Install a PDF viewer, then open it again.")
    };
    build(Code::Viewer, message, format!("The record is sealed and kept. {next}"))
}

/// A scheme that was to be published, with every problem in it and its place, a line each.
#[must_use]
pub fn scheme(error: &SchemeError) -> ErrorView {
    let found = match error {
        SchemeError::Problems(problems) => problems.iter().map(ToString::to_string).collect(),
        SchemeError::Format(_) | SchemeError::Language { .. } => vec![sentence(&error.to_string())],
    };
    let next = "Mend the files at these places, then choose them again. Nothing was published.";
    build(Code::InvalidInput, found.join("\n"), next)
}

/// What did not open the laptop.
fn unlocking(error: &Error) -> ErrorView {
    if let Error::WrongPin { left } = error {
        let next = match left {
            0 => "Unlock with your passphrase; then you can set a PIN again.".to_owned(),
            1 => "One try is left, then only the passphrase opens.".to_owned(),
            left => format!("{left} tries are left, then only the passphrase opens."),
        };
        return build(Code::WrongPin, "This is not your PIN.", next);
    }
    if let Error::WaitBeforeNextTry { wait_seconds } = error {
        let message = format!("Too early: {wait_seconds} s to wait after a wrong passphrase.");
        let view = build(Code::WaitBeforeNextTry, message, "Wait, then try again.");
        return ErrorView { wait_seconds: Some(*wait_seconds), ..view };
    }
    if let Error::WrongPassphrase { wait_seconds } = error {
        let next = "Nothing was harmed. Check it and try again.";
        let view = build(Code::WrongPassphrase, "This is not your passphrase.", next);
        return ErrorView { wait_seconds: Some(*wait_seconds), ..view };
    }
    build(
        Code::InvalidInput,
        "This recovery key does not open it.",
        "Check that the sheet is the newest one of this laptop. Nothing was changed.",
    )
}

/// Whatever the key store does, the passphrase opens.
fn key_store(error: &KeyStoreError) -> ErrorView {
    let (message, next) = match error {
        KeyStoreError::Missing => (
            "There is no key store for whoever is logged in.",
            "Install one, such as GNOME Keyring or KWallet, log in again and restart Fieldproof. \
             Until then send after unlocking.",
        ),
        KeyStoreError::NoAnswer => (
            "The key store did not answer in time.",
            "It may wait for its own password in another window: answer it, then try again. Your passphrase always opens.",
        ),
        KeyStoreError::Refused(_) => {
            ("The key store refused.", "Open it with its own password, then try again. Your passphrase always opens.")
        }
        KeyStoreError::NotThere => (
            "The key store does not hold this laptop's key.",
            "Unlock with your passphrase, then turn it on anew under “This laptop”.",
        ),
    };
    build(Code::Rule, message, next)
}

fn nothing_to_verify(error: &Error) -> ErrorView {
    let (message, next) = if let Error::Unreadable(error) = error {
        (sentence(&error.to_string()), unreadable(*error).to_owned())
    } else if let Error::ShortCode(code) = error {
        (
            format!("{code} is the code below a certificate's symbol. It names a certificate and proves nothing."),
            "Scan the symbol above it or give the PDF; or name the code to the institution whose address stands there."
                .to_owned(),
        )
    } else if matches!(error, Error::ForeignCode) {
        (
            "There is a code, but it is not a Fieldproof certificate.".to_owned(),
            "Look for the code with the institution's address below it.".to_owned(),
        )
    } else if matches!(error, Error::SeveralCertificates) {
        (
            "There is more than one certificate in it.".to_owned(),
            "Give them one at a time, each with its own verdict.".to_owned(),
        )
    } else if matches!(error, Error::DamagedFile(FormatError::Critical(_))) {
        (
            "It was made by a newer version of Fieldproof, so nothing can be told.".to_owned(),
            "Install the newer version and try again.".to_owned(),
        )
    } else if matches!(error, Error::DamagedFile(FormatError::OtherKind(_))) {
        (
            "It is signed by Fieldproof and is neither certificate nor record, or it is damaged.".to_owned(),
            "Give the certificate or the record file, whole.".to_owned(),
        )
    } else if matches!(error, Error::DamagedFile(_)) {
        (
            "The file is damaged or cut off, so nothing can be told.".to_owned(),
            "Copy it again from where it came, whole.".to_owned(),
        )
    } else {
        (
            "This is not a Fieldproof certificate or record.".to_owned(),
            "Give the PDF, a photo of the code, the record file, or the whole link.".to_owned(),
        )
    };
    build(Code::NothingToVerify, message, next)
}

const fn unreadable(error: ReadError) -> &'static str {
    match error {
        ReadError::PdfWithoutCode => "Give the certificate's PDF, or a photo of the code on it.",
        ReadError::PictureWithoutCode => "Take the photo again: the whole code, sharp, evenly lit.",
        ReadError::UnreadablePicture | ReadError::DamagedPdf => "Copy the file again, or take another photo.",
        ReadError::TooLarge { .. } => "Take a smaller photo, or cut it to the code.",
        ReadError::NotAPictureOrPdf => "Give the PDF, a photo of the code, the record file, or the whole link.",
    }
}

const fn invalid(why: Invalid) -> &'static str {
    match why {
        Invalid::Name(_) => "Enter the name as it should stand on paper.",
        Invalid::BirthYear => "Enter four digits, or leave it empty.",
        Invalid::Contact(_) => "Enter a telephone number or an e-mail address on one line, or leave it empty.",
        Invalid::SamePerson(_) => "Choose another person.",
        Invalid::SecondPersonMissing => "Choose who stands by.",
        Invalid::NobodyStandsBy => "Leave the second person out: this scheme asks for none.",
        Invalid::NoTeam => "Choose a second person who is assessed too, or untick swapping.",
        Invalid::OtherCourse => "Choose a course that belongs to the scheme.",
        Invalid::Points => "Check the points reached and the points possible.",
        Invalid::FeedbackMissing => "Write what went wrong and what to practise, in words the candidate can use.",
        Invalid::Entry(_) => "Check who attests it, the kind of work and the days.",
        Invalid::OtherWork => "Choose one of the kinds of work that the scheme names.",
        Invalid::FutureDay => "Enter it once it has happened.",
        Invalid::ReasonMissing => "Say why, in a few words.",
        Invalid::NothingToErase => "Choose what is to be erased; the scheme is about nobody and stays.",
        Invalid::NothingCorrected => "Write the name or the year of birth as it should be.",
        Invalid::TextMissing => "Fill in the empty field.",
        Invalid::TextTooLong(_) => "Shorten it.",
        Invalid::Drawing => "Draw it again, or type the name.",
        Invalid::Passphrase(_) => "Let five words be drawn, or type something longer that nobody says.",
        Invalid::Pack(problem) => pack(problem),
        Invalid::InstitutionCode => {
            "Ask the coordinator to read the code out once more. Where it differs, take nothing."
        }
        Invalid::BundleOfOthers => "Carry it to the institution that it is for, or choose another file.",
        Invalid::Request => "Choose the request's file, or a picture of the symbol that the new laptop shows.",
        Invalid::Grant => "Choose a scheme, at least one role, and a last day that is not before the first.",
        Invalid::GrantEnded => "Choose another first or last day: what was ended stays ended.",
        Invalid::Pin => "Type six to twelve digits.",
        Invalid::RecoveryKey => "Type or scan the whole key as it stands on the sheet; a slip of the pen is noticed.",
        Invalid::Malformed => "Check what was entered.",
    }
}

const fn pack(problem: PackProblem) -> &'static str {
    match problem {
        PackProblem::Shut => {
            "Show the coordinator the request of this laptop again, and take the pack that is made for it. \
             A pack from before a restore opens here no more."
        }
        PackProblem::OtherInstitution => "This laptop stays with its institution. Use another folder for another one.",
        PackProblem::NotSigned => "Take nothing from where it came, and ask the coordinator for the pack.",
        PackProblem::Older => "Nothing needs to be done: this laptop holds the newer pack.",
        PackProblem::NotWhole(_) => "Ask the coordinator for the pack again.",
    }
}

const fn not_allowed(why: NotAllowed) -> &'static str {
    match why {
        NotAllowed::Gate => "Fill in what is listed as missing.",
        NotAllowed::Begun => "Go on with the exercise.",
        NotAllowed::NotBegun => "Fill in the gate and start the exercise.",
        NotAllowed::NotOver => "End the exercise first.",
        NotAllowed::Confirmed => "Go on with the acknowledgements.",
        NotAllowed::NotConfirmed => "Confirm the result first.",
        NotAllowed::PaperUnknown => "Look at the list again. Its laptop tells of it anew once it sends.",
        NotAllowed::NotRefused => "Look again where the record is: it may have arrived meanwhile.",
        NotAllowed::Stopped => "Resume first, or end here.",
        NotAllowed::SchemeNotSigned => "Ask the coordinator for a pack with the signed scheme.",
        NotAllowed::NotDelegated => "Ask the coordinator for a delegation for this scheme.",
        NotAllowed::NotDelegatedYet => {
            "It is kept and goes out once the institution has delegated the new key. Ask the coordinator."
        }
        NotAllowed::NotNew => {
            "Close this program and start it again; whoever works here unlocks with their passphrase."
        }
        NotAllowed::NotCoordinator => {
            "A coordinator of the institution unlocks first. Who becomes one is decided with the institution's root key."
        }
        NotAllowed::LastWayIn => "Give somebody else access first, or make a recovery sheet.",
        NotAllowed::OwnAccess => "Somebody else who works here can do it for you; your passphrase you change yourself.",
        NotAllowed::DraftLanguage => "Choose a reviewed language, or the original.",
        NotAllowed::NothingToAssess => "The coordinator issues the certificate of attendance.",
        NotAllowed::NoCertificate => "Entries keep a certificate; there is none to keep here.",
        NotAllowed::NoPartner => "Only a team of two swaps.",
        NotAllowed::PartnerIsDone => "Go on with this one; the other has ended.",
        NotAllowed::StopNotTold => "Tell who stopped it and why, then go on.",
        NotAllowed::ResumeChecks => "Make safe, check the gate again, and tick both.",
        NotAllowed::Acknowledgements => "Hand the laptop over; a refusal with its reason is enough.",
        NotAllowed::Sealed => "Correct a name on the sealed session; for anything else open a new session.",
        NotAllowed::NotSealed => "Sign and seal first.",
        NotAllowed::NotInRegister => "Send first. What the register has can be erased here.",
        NotAllowed::Erased => "What stands on paper and in the register stays as it is.",
        NotAllowed::Abandoned => "Open a new session.",
        NotAllowed::NoRoom { .. } => "Free some room on the disk.",
        NotAllowed::NoEncryptionKey => "Ask the coordinator for a pack with the institution's encryption key.",
        NotAllowed::OtherAssessor => "Let that assessor unlock.",
    }
}

/// Why the register refused a record.
#[must_use]
pub const fn refusal(reason: RefusalReason) -> &'static str {
    match reason {
        RefusalReason::NotGenuine => "its seal does not match",
        RefusalReason::Delegation => "the assessor's delegation does not cover it",
        RefusalReason::OtherRecordAtThisPlace => "another record stands at its place in the assessor's chain",
    }
}

/// A message as a sentence: first letter large, full stop.
pub(crate) fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    let first: String = letters.next().map(|letter| letter.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}
