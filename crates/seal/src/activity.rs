//! Activity entries as they stand in an assessor key's chain: identifiers, days and digests, never a name.

use ciborium::Value;
use fieldproof_model::{
    id::{PersonId, SchemeId},
    time::Date,
    validity::{Activity, Entry},
};

use crate::{
    cbor::{Fields, FormatError, Writer, bytes},
    chain::parse_digest,
    gate::optional_day,
};

/// Encodes an activity.
pub(crate) fn activity_value(activity: &Activity) -> Value {
    let fields = Writer::default()
        .with(1, bytes(*activity.holder.as_bytes()))
        .with(2, bytes(*activity.scheme.as_bytes()))
        .with(3, activity.on.as_days())
        .with(4, bytes(*activity.attested_by.as_bytes()))
        .with_some(5, activity.proof.map(|digest| bytes(*digest.as_bytes())));
    let kind = |number: i64| fields.with(6, number);
    match &activity.entry {
        Entry::Work { kind: work, since } => kind(1).with(7, work.as_str()).with(8, since.as_days()),
        Entry::SuitabilityReview => kind(2),
        Entry::Refresher { minutes } => kind(3).with(9, *minutes),
        Entry::EditionRefresh => kind(4),
        Entry::Retraining => kind(5),
        Entry::ComplementaryRenewed { id, issued, expires } => {
            kind(6).with(7, id.as_str()).with(8, issued.as_days()).with_some(10, expires.map(|day| day.as_days()))
        }
    }
    .build()
}

/// Reads an activity.
pub(crate) fn parse_activity(value: Value) -> Result<Activity, FormatError> {
    let mut fields = Fields::new(value, "activity")?;
    let activity = Activity {
        holder: PersonId::new(fields.array(1)?),
        scheme: SchemeId::new(fields.array(2)?),
        on: Date::from_days(fields.number(3)?),
        attested_by: PersonId::new(fields.array(4)?),
        proof: fields.optional(5).map(|value| parse_digest(&value).ok_or(FormatError::Malformed(5))).transpose()?,
        entry: match fields.number(6)? {
            1 => Entry::Work { kind: fields.text(7)?, since: Date::from_days(fields.number(8)?) },
            2 => Entry::SuitabilityReview,
            3 => Entry::Refresher { minutes: fields.number(9)? },
            4 => Entry::EditionRefresh,
            5 => Entry::Retraining,
            6 => Entry::ComplementaryRenewed {
                id: fields.text(7)?,
                issued: Date::from_days(fields.number(8)?),
                expires: optional_day(&mut fields, 10)?,
            },
            _ => return Err(FormatError::Malformed(6)),
        },
    };
    Ok(activity)
}

#[cfg(test)]
mod tests {
    use fieldproof_model::digest::Digest;

    use super::*;

    #[test]
    fn every_kind_of_entry_round_trips() {
        let day = Date::from_days;
        let entries = [
            Entry::Work { kind: "live_work".to_owned(), since: day(19_990) },
            Entry::SuitabilityReview,
            Entry::Refresher { minutes: 420 },
            Entry::EditionRefresh,
            Entry::Retraining,
            Entry::ComplementaryRenewed { id: "first_aid".to_owned(), issued: day(19_999), expires: Some(day(21_000)) },
            Entry::ComplementaryRenewed { id: "first_aid".to_owned(), issued: day(19_999), expires: None },
        ];
        for entry in entries {
            for proof in [None, Some(Digest::new([3; 32]))] {
                let activity = Activity {
                    holder: PersonId::new([1; 16]),
                    scheme: SchemeId::new([2; 16]),
                    on: day(20_000),
                    entry: entry.clone(),
                    attested_by: PersonId::new([4; 16]),
                    proof,
                };
                assert_eq!(parse_activity(activity_value(&activity)), Ok(activity));
            }
        }
    }
}
