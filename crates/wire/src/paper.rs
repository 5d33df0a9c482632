//! Papers: certificates that a laptop opened for printing while the register has no complete record behind them.

use ciborium::Value;
use fieldproof_model::{
    digest::Digest,
    time::{Date, Timestamp},
};
use fieldproof_seal::{
    cbor::{FormatError, bytes, integer},
    delegation::Delegation,
    token::{Standing, TOKEN_LIMIT, Token},
};

use crate::limit;

/// A certificate that was opened for printing. The token is signed; when that was is its laptop's word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// The signed token in its symbol, which names holder, certificate and record.
    pub token: Vec<u8>,
    /// When it was first opened, by its laptop's clock.
    pub opened_at: Timestamp,
    /// The part of the record that names the candidate; empty where the laptop has it no more.
    pub person: Vec<u8>,
}

/// What stands on a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnPaper {
    /// What it says.
    pub token: Token,
    /// The day by which it should be in the register.
    pub confirm_by: Date,
    /// The delegation of the key that signed it. Whether the institution stands by that is another question.
    pub delegation: Delegation,
}

impl Paper {
    /// Reads a token that was issued on site and that the key in its delegation signed; `None` for anything else.
    #[must_use]
    pub fn read(&self) -> Option<OnPaper> {
        let (token, unverified) = Token::parse(&self.token).ok()?;
        let Standing::OnSite { confirm_by, delegation, .. } = &token.standing else { return None };
        let (confirm_by, (delegation, _)) = (*confirm_by, Delegation::parse(delegation).ok()?);
        unverified.verify(&delegation.assessor_key).ok()?;
        Some(OnPaper { token, confirm_by, delegation })
    }
}

/// What became of papers that were told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PapersAnswer {
    /// How many of them the register now holds.
    pub held: u32,
    /// Those it did not take, by the digest of their token.
    pub refused: Vec<Digest>,
}

/// What a coordinator says became of a paper: it was taken back, or it is out after all. The last word counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaperBack {
    /// Which, by the digest of its signed token.
    pub token: Digest,
    /// Whether it was taken back.
    pub is_back: bool,
}

pub(crate) fn paper_value(paper: &Paper) -> Value {
    Value::Array(vec![
        bytes(paper.token.clone()),
        Value::from(paper.opened_at.as_millis()),
        bytes(paper.person.clone()),
    ])
}

pub(crate) fn parse_paper(value: &Value) -> Option<Paper> {
    let [token, opened_at, person] = value.as_array()?.as_slice() else { return None };
    let at_most = |value: &Value, limit: usize| value.as_bytes().filter(|bytes| bytes.len() <= limit).cloned();
    Some(Paper {
        token: at_most(token, TOKEN_LIMIT)?,
        opened_at: Timestamp::from_millis(integer(opened_at)?),
        person: at_most(person, limit::PERSON)?,
    })
}

/// The papers of one message.
pub(crate) fn parse_papers(papers: &[Value]) -> Result<Vec<Paper>, FormatError> {
    if limit::TOLD < papers.len() {
        return Err(FormatError::Malformed(1));
    }
    papers.iter().map(parse_paper).collect::<Option<_>>().ok_or(FormatError::Malformed(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Message;

    fn paper(token: usize, person: usize) -> Paper {
        Paper { token: vec![1; token], opened_at: Timestamp::from_millis(2), person: vec![3; person] }
    }

    fn reads(papers: Vec<Paper>) -> bool {
        let message = Message::Papers(papers);
        Message::parse(&message.to_bytes()) == Ok(message)
    }

    #[test]
    fn a_message_tells_of_so_many_papers_of_such_a_size() {
        let largest = paper(TOKEN_LIMIT, limit::PERSON);
        let most = vec![largest.clone(); limit::TOLD];
        assert!(Message::Papers(most.clone()).to_bytes().len() <= limit::PAPERS, "the largest message has room");
        assert!(reads(most.clone()));
        assert!(!reads([most, vec![paper(1, 1)]].concat()), "one too many");
        assert!(!reads(vec![paper(TOKEN_LIMIT + 1, 1)]), "no symbol holds such a token");
        assert!(!reads(vec![paper(1, limit::PERSON + 1)]), "no name is so long");
        assert!(!reads(vec![largest, paper(TOKEN_LIMIT + 1, 1)]));
    }
}
