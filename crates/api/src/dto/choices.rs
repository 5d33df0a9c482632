//! Choices that cross as one word each.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

choices! {
    /// What an error means to the screen.
    enum Code as "Code" {
        /// The passphrase is not right.
        WrongPassphrase,
        /// The PIN is not right.
        WrongPin,
        /// Too early for another try.
        WaitBeforeNextTry,
        /// Nobody has unlocked.
        Locked,
        /// It is not here.
        NotFound,
        /// Not possible now.
        Rule,
        /// Not possible like this.
        InvalidInput,
        /// Not a picture.
        PhotoUnreadable,
        /// Too many bytes.
        PhotoTooLarge,
        /// Nothing was kept.
        DiskFull,
        /// A file could not be made where it was wanted.
        NotWritten,
        /// It is done, and traces of what went may remain.
        TracesRemain,
        /// Nobody answered, or not a register.
        RegisterUnreachable,
        /// Somebody else's register.
        RegisterOtherIdentity,
        /// The register said no.
        RegisterRefused,
        /// Nothing of ours in it.
        NothingToVerify,
        /// The document could not be shown.
        Viewer,
        /// A fault of ours.
        Unexpected,
    }
    /// Who holds a recovery key.
    enum RecoveryChoice as "RecoveryHolder" {
        /// The institution.
        Institution,
        /// Whoever keeps the printed sheet.
        Sheet,
    }
    /// What a working key of the institution is for.
    enum KeyRoleView as "KeyRole" {
        /// Signs schemes and delegations.
        Issuing,
        /// Signs receipts, refusals and lists.
        Register,
        /// Opens what is encrypted to the institution.
        Encryption,
    }
    /// How far a working key is to be believed today.
    enum KeyStateView as "KeyState" {
        /// In use.
        Active,
        /// Its first day is to come.
        NotYet,
        /// Its last day is over.
        Over,
        /// Signs no more; what it signed stands.
        Retired,
        /// Somebody else may have it.
        Compromised,
    }
    /// What a delegation lets somebody do.
    enum DelegatedRole as "DelegatedRole" {
        /// Assesses, and seals records.
        Assessor,
        /// Looks a second time, and endorses.
        SecondAssessor,
        /// Answers for the course, and endorses.
        Trainer,
        /// Marks again for the institution, and endorses.
        Moderator,
        /// Stands by, and endorses.
        SecondPerson,
    }
    /// What opens a backup.
    enum RestoreChoice as "RestoreWith" {
        /// A passphrase.
        Passphrase,
        /// A recovery key.
        RecoveryKey,
    }

    /// A part of a record that can be erased.
    enum RecordPartView as "RecordPart" {
        /// Who was assessed.
        Person,
        /// What was recorded, with its evidence.
        Log,
        /// Assessor and second person.
        People,
        /// The gate.
        Gate,
        /// How every criterion was judged.
        Decision,
        /// Who acknowledged.
        Acknowledgements,
        /// The course.
        Course,
        /// Where it took place.
        Location,
    }
    /// Where a session stands.
    enum PhaseView as "Phase" {
        /// Before the exercise.
        Gate,
        /// The candidate works.
        Exercise,
        /// Halted for safety.
        Stopped,
        /// The result is to be confirmed.
        Decision,
        /// The result is to be acknowledged.
        Acknowledgement,
        /// Signed.
        Sealed,
        /// Given up.
        Abandoned,
    }
    /// A result.
    enum ResultView as "Result" {
        /// Every rule holds.
        Pass,
        /// A rule is broken.
        Fail,
        /// Something is to be settled.
        Open,
        /// Stopped without the candidate's fault.
        NotCompleted,
    }
    /// Where a record is.
    enum PlaceView as "Place" {
        /// Only here.
        OnThisLaptop,
        /// It is being sent at this moment.
        Leaving,
        /// The register has it and waits for some of its evidence.
        Held,
        /// The register's complete receipt is here.
        InRegister,
        /// The register said no.
        Refused,
    }
    /// Why nothing is sent by itself.
    enum RestView as "Rest" {
        /// Nothing waits.
        Nothing,
        /// Nobody is in, and nothing opens the laptop for sending.
        Shut,
        /// Somebody paused it.
        Paused,
        /// The connection is paid for by volume.
        Metered,
        /// Somebody is at an exercise.
        Exercise,
        /// The last try came to nothing, or not to everything; there will be another.
        Retry,
    }
    /// What a connection costs.
    enum LinkView as "Link" {
        /// It is paid for by volume.
        Metered,
        /// It is not.
        Free,
        /// The machine does not say.
        CannotTell,
    }
    /// Why a record stands on the shelf.
    enum ShelvedKind as "ShelvedKind" {
        /// The register refused it.
        Refused,
        /// The register has no such record.
        Missing,
        /// The register has it, and not all its evidence.
        EvidenceMissing,
        /// A paper is all that is known of it, and it has time.
        OnItsWay,
        /// Its paper should be confirmed by now.
        Overdue,
    }
    /// Whether a paper is out.
    enum PaperView as "Paper" {
        /// None goes out with it.
        None,
        /// A certificate was issued with it; no laptop told that it was printed.
        Issued,
        /// Its certificate was opened for printing.
        Printed,
    }
    /// Which paper goes out.
    enum DocumentView as "Document" {
        /// A certificate.
        Certificate,
        /// A result sheet.
        ResultSheet,
    }
    /// What was seen of a criterion.
    enum ScoreView as "Score" {
        /// Without help.
        Unaided,
        /// After a prompt.
        Prompted,
        /// Not done.
        NotDone,
        /// In a dangerous way.
        Dangerous,
        /// Not seen.
        NotSeen,
        /// Does not apply.
        NotApplicable,
    }
    /// How a criterion is observed.
    enum CriterionKindView as "CriterionKind" {
        /// Scored.
        Observed,
        /// Scored, and held by prove – test – prove.
        Proof,
        /// A level with a descriptor each.
        Rubric,
        /// A value read off an instrument.
        Measurement,
        /// Options, of which the right ones are to be chosen.
        Choice,
        /// A number of things.
        Count,
        /// How long something took.
        Timed,
        /// A question with the points expected in the answer.
        Oral,
        /// Something written.
        Text,
    }
    /// A kind of evidence.
    enum EvidenceKindView as "EvidenceKind" {
        /// A picture.
        Photo,
        /// A note.
        Note,
        /// A reading of an instrument.
        Reading,
        /// Any other file.
        File,
    }
    /// A kind of part.
    enum PartKindView as "PartKind" {
        /// A knowledge test.
        Knowledge,
        /// Work under observation.
        Practical,
        /// Questions and answers.
        Oral,
        /// Evidence of prior learning.
        Portfolio,
    }
    /// Whether somebody must stand by.
    enum SecondPersonPolicyView as "SecondPersonPolicy" {
        /// Always.
        Required,
        /// Yes, and a documented deviation may stand in their place.
        Deviation,
        /// Nobody.
        Nobody,
    }
    /// What the second person must bring.
    enum SecondPersonProofView as "SecondPersonProof" {
        /// Instructed.
        Instructed,
        /// First aid that is valid on the day.
        FirstAid,
        /// Knows how to switch off.
        SwitchOff,
        /// Knows the rescue route and whom to call.
        Rescue,
        /// Has no other task.
        NoOtherTask,
    }
    /// An evidence of the assessor's competence.
    enum CompetenceView as "Competence" {
        /// Occupational.
        Occupational,
        /// Pedagogical.
        Pedagogical,
        /// Performance-based assessment.
        Assessment,
    }
    /// Why live work is needed.
    enum LiveWorkReasonView as "LiveWorkReason" {
        /// It cannot be de-energised.
        CannotBeDeenergised,
        /// De-energising failed.
        DeenergisingFailed,
    }
    /// A kind of identity document.
    enum IdentityDocumentView as "IdentityDocument" {
        /// A passport.
        Passport,
        /// An identity card.
        IdentityCard,
        /// A driving licence.
        DrivingLicence,
        /// A residence permit.
        ResidencePermit,
    }
    /// A measurement category.
    enum InstrumentCategoryView as "InstrumentCategory" {
        /// CAT III.
        CatIii,
        /// CAT IV.
        CatIv,
    }
    /// Direct or alternating.
    enum VoltageKindView as "VoltageKind" {
        /// Direct.
        Dc,
        /// Alternating.
        Ac,
    }
    /// What the exercise object is.
    enum ExerciseStateView as "ExerciseState" {
        /// Live throughout.
        Live,
        /// Made dead in the exercise.
        MadeDead,
        /// Never energised.
        NeverEnergised,
        /// Simulated.
        Simulated,
    }
    /// A section of the gate.
    enum GateSection as "GateSection" {
        /// Identity.
        Identity,
        /// Credentials the candidate must hold.
        Prerequisites,
        /// The assessor's competence.
        Competence,
        /// Everything else about the site.
        Site,
        /// Premises.
        Premises,
        /// Protective equipment.
        Ppe,
        /// Instrument.
        Instrument,
        /// Exercise object.
        Object,
        /// Risk assessment.
        Risk,
        /// Second person.
        SecondPerson,
    }
    /// What prove – test – prove shows.
    enum ProofStatusView as "ProofStatus" {
        /// Nothing recorded.
        NotStarted,
        /// Begun.
        Open,
        /// Dead is proved.
        Proved,
        /// A point was live.
        NotDead,
        /// The readings say nothing.
        Void,
    }
    /// Why the exercise was stopped.
    enum StopKindView as "StopKind" {
        /// By the candidate's doing.
        DangerByCandidate,
        /// From outside.
        OutsideCause,
        /// In error.
        CalledInError,
    }
    /// Who stopped it.
    enum StoppedByView as "StoppedBy" {
        /// The assessor.
        Assessor,
        /// The candidate.
        Candidate,
        /// The second person.
        SecondPerson,
        /// Somebody else.
        SomebodyElse,
    }
    /// How a line of the log is to be shown.
    enum Tone as "Tone" {
        /// As it is.
        Plain,
        /// Done.
        Good,
        /// Worth a look.
        Warn,
        /// Not done, or dangerous.
        Bad,
        /// A stop.
        Stop,
    }
    /// How a criterion counts.
    enum JudgedView as "Judged" {
        /// Met.
        Met,
        /// Not met.
        NotMet,
        /// Left out.
        Excluded,
        /// To be settled.
        Open,
    }
    /// The answer to a rule.
    enum RuleAnswer as "RuleAnswer" {
        /// Holds.
        Yes,
        /// Broken.
        No,
        /// To be settled.
        Open,
    }
    /// Who acknowledges.
    enum AcknowledgementRoleView as "AcknowledgementRole" {
        /// The candidate.
        Candidate,
        /// The second person.
        SecondPerson,
    }
    /// How somebody acknowledged.
    enum AcknowledgedView as "Acknowledged" {
        /// Drawn.
        Drawn,
        /// Typed.
        Typed,
        /// Refused.
        Refused,
    }
    /// What became of a record that was carried.
    enum RecordAnswerChoice as "RecordAnswer" {
        /// It is in the register.
        InRegister,
        /// The register has it without all its evidence.
        Held,
        /// The register refused it.
        Refused,
        /// The answer says nothing that can be believed, or that it was not taken.
        NotTaken,
    }
    /// How a verdict looks as a whole.
    enum VerdictToneView as "VerdictTone" {
        /// Every check was made and holds.
        Green,
        /// Something could not be told, or nothing counts.
        Amber,
        /// A check failed.
        Red,
    }
    /// An answer of a verdict.
    enum AnswerView as "Answer" {
        /// Checked, and it holds.
        Yes,
        /// Checked, and it does not hold.
        No,
        /// Something was missing.
        CouldNotTell,
    }
}
