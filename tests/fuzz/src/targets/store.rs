//! What opens a laptop, and what stands in front of a backup. Either is JSON behind its digest, which no mutation would
//! meet: the input is the JSON, and the digest is put before it here.

use fieldproof_seal::digest_of;
use fieldproof_store::{
    StoreKey,
    backup::Head,
    slots::{RecoveryKey, SlotFile},
};
use serde_json::{Value, json};

/// What opens the seeds: to the one key that was ever wrapped.
pub(crate) const PASSPHRASE: &str = "one two three four five";
pub(crate) const RECOVERY_KEY: &str = "AGE-SECRET-KEY-1PYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSTFVYXW";
pub(crate) const STORE_KEY: [u8; 48] = [9; 48];

pub(super) fn slot_file(data: &[u8]) -> Option<i64> {
    let of_before = SlotFile::parse(data);
    let file = SlotFile::parse(checked(std::str::from_utf8(data).ok()?).as_bytes()).or(of_before).ok()?;
    let written = written_again(&file);
    opens_to_what_was_wrapped(&file, &written);
    let backup = written_again(&file.for_backup());
    for slot in backup.get("slots").and_then(Value::as_array).into_iter().flatten() {
        assert_eq!(slot.get("name"), Some(&json!("")), "a backup names nobody");
        assert_eq!(slot.get("assessor"), Some(&Value::Null), "a backup signs nothing");
    }
    assert_eq!(backup.get("key_store"), None, "a backup knows no machine's key store");
    written.get("number").and_then(Value::as_i64)
}

/// A slot file of that content.
pub(crate) fn checked(content: &str) -> String {
    json!({ "check": digest_of(content.as_bytes()).to_string(), "content": content }).to_string()
}

/// What is read is written again and read as the same; what it says.
fn written_again(file: &SlotFile) -> Value {
    let written = file.to_bytes().unwrap_or_default();
    let again = SlotFile::parse(&written).and_then(|again| again.to_bytes()).unwrap_or_default();
    assert_eq!(again, written);
    let envelope: Value = serde_json::from_slice(&written).unwrap_or_default();
    let content = envelope.get("content").and_then(Value::as_str).unwrap_or_default();
    serde_json::from_str(content).unwrap_or_default()
}

/// No slot gives a key that nobody put into it. Slots that ask for much work are left alone, for the fuzzer's sake.
fn opens_to_what_was_wrapped(file: &SlotFile, content: &Value) {
    let list = |name| content.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let is_ours = |store: &StoreKey| store.dangerously_expose_bytes() == &STORE_KEY;
    let is_cheap = |slot: &Value| {
        let cost = |name| slot.get("cost").and_then(|cost| cost.get(name)).and_then(Value::as_u64);
        cost("memory_kib") <= Some(64) && cost("passes") <= Some(1)
    };
    if list("slots").len() <= 3 && list("slots").iter().all(is_cheap) {
        let opened = file.unlock_any(PASSPHRASE);
        assert!(opened.is_err() || opened.is_ok_and(|(_, opened)| is_ours(&opened.store)), "another key");
    }
    if let Some(key) = RecoveryKey::parse(RECOVERY_KEY).filter(|_| list("recovery").len() <= 3) {
        let opened = file.recover(&key);
        assert!(opened.is_err() || opened.is_ok_and(|(_, store)| is_ours(&store)), "another key");
    }
}

pub(super) fn backup_head(data: &[u8]) -> Option<i64> {
    drop(Head::read(&mut &*data));
    let length = u32::try_from(data.len()).ok()?;
    let front = [b"fieldproof backup 1\n".as_slice(), &length.to_be_bytes(), digest_of(data).as_bytes(), data].concat();
    let head = Head::read(&mut front.as_slice()).ok()?;
    let written = head.to_bytes().unwrap_or_default();
    let again = Head::read(&mut written.as_slice()).and_then(|again| again.to_bytes()).unwrap_or_default();
    assert_eq!(again, written);
    drop(head.slots());
    Some(head.made_at().as_millis())
}
