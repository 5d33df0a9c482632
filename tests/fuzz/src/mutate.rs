//! Mutations that keep CBOR what it is: one value somewhere inside is changed, and everything around it encoded anew.

use fieldproof_seal::cbor::{Value, decode, encode};
use libfuzzer_sys::fuzzer_mutate;

use crate::targets::scheme_document::{self, Dice};

/// No input is longer.
const LIMIT: usize = 1 << 20;
/// What a text or byte string may grow by at once.
const GROWTH: usize = 64;

/// Changes one value inside the input, or, now and then and where it is no CBOR of ours, any bytes of it.
pub fn mutate(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mut dice = Dice::new(u64::from(seed));
    let value = data.get(..size).and_then(|bytes| decode(bytes, LIMIT).ok());
    let Some(mut value) = value.filter(|_| dice.below(16) != 0) else {
        return fuzzer_mutate(data, size, max_size);
    };
    for _ in 0..=dice.below(2) {
        let inside = if dice.below(8) == 0 { None } else { change_payload(&mut value, &mut dice) };
        inside.unwrap_or_else(|| change_somewhere(&mut value, &mut dice));
    }
    put(&encode(value), data, max_size).unwrap_or_else(|| fuzzer_mutate(data, size, max_size))
}

/// Changes a scheme document with pieces that mean something in it, or any bytes of it.
pub fn mutate_document(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mut dice = Dice::new(u64::from(seed));
    let document = data.get(..size).filter(|_| dice.below(4) != 0);
    let mutated = document.map(|bytes| scheme_document::mutate(bytes, &mut dice));
    mutated.and_then(|bytes| put(&bytes, data, max_size)).unwrap_or_else(|| fuzzer_mutate(data, size, max_size))
}

pub(crate) fn put(bytes: &[u8], data: &mut [u8], max_size: usize) -> Option<usize> {
    let to = data.get_mut(..bytes.len()).filter(|_| bytes.len() <= max_size)?;
    to.copy_from_slice(bytes);
    Some(bytes.len())
}

/// The CBOR inside a byte string, as payloads, delegations and parts are.
fn inner(bytes: &[u8]) -> Option<Value> {
    decode(bytes, LIMIT).ok().filter(|value| value.is_array() || value.is_map() || value.is_tag())
}

#[expect(clippy::wildcard_enum_match_arm, reason = "whatever holds nothing inside is one value")]
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Map(pairs) => pairs.iter().map(|(_, value)| count(value)).sum(),
        Value::Tag(_, value) => count(value),
        Value::Bytes(bytes) => inner(bytes).map_or(0, |value| count(&value)),
        _ => 0,
    }
}

fn change_somewhere(value: &mut Value, dice: &mut Dice) {
    let mut place = dice.below(count(value));
    change_at(value, &mut place, dice);
}

/// Changes what an envelope holds and leaves the envelope alone; `None` where there is none.
fn change_payload(value: &mut Value, dice: &mut Dice) -> Option<()> {
    let Value::Tag(_, message) = value else {
        return None;
    };
    let payload = message.as_array_mut()?.get_mut(2)?.as_bytes_mut()?;
    let mut inside = inner(payload)?;
    change_somewhere(&mut inside, dice);
    *payload = encode(inside);
    Some(())
}

/// Changes the value that stands at `place`, counted as [`count`] does; what was passed is taken off `place`.
#[expect(clippy::wildcard_enum_match_arm, reason = "whatever holds nothing inside is one value")]
fn change_at(value: &mut Value, place: &mut usize, dice: &mut Dice) -> bool {
    if *place == 0 {
        change(value, dice);
        return true;
    }
    *place -= 1;
    match value {
        Value::Array(items) => items.iter_mut().any(|item| change_at(item, place, dice)),
        Value::Map(pairs) => pairs.iter_mut().any(|(_, value)| change_at(value, place, dice)),
        Value::Tag(_, value) => change_at(value, place, dice),
        Value::Bytes(bytes) => {
            let Some(mut value) = inner(bytes) else {
                return false;
            };
            let is_changed = change_at(&mut value, place, dice);
            if is_changed {
                *bytes = encode(value);
            }
            is_changed
        }
        _ => false,
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "what has no mutation of its own becomes something else")]
fn change(value: &mut Value, dice: &mut Dice) {
    match value {
        _ if dice.below(24) == 0 => *value = anything(dice),
        Value::Integer(number) => {
            let number = i64::try_from(*number).unwrap_or_default();
            *value = Value::from(changed_number(number, dice));
        }
        Value::Bytes(bytes) => *bytes = changed(bytes),
        Value::Text(text) => *text = String::from_utf8_lossy(&changed(text.as_bytes())).into_owned(),
        Value::Array(items) => change_items(items, dice, |_, _| {}),
        Value::Map(pairs) => change_items(pairs, dice, |(key, _), dice| *key = small(dice, 32)),
        Value::Bool(is_set) => *is_set = !*is_set,
        _ => *value = anything(dice),
    }
}

pub(crate) fn changed(bytes: &[u8]) -> Vec<u8> {
    let mut room = bytes.to_vec();
    room.resize(bytes.len() + GROWTH, 0);
    let length = fuzzer_mutate(&mut room, bytes.len(), bytes.len() + GROWTH);
    room.truncate(length);
    room
}

/// The fuzzer knows which numbers the parser compared with, as bytes of their own width.
pub(crate) fn changed_number(number: i64, dice: &mut Dice) -> i64 {
    let step = 1_i64 << dice.below(16);
    match dice.below(6) {
        0 => number.wrapping_add(step),
        1 => number.wrapping_sub(step),
        2 => number ^ step,
        3 => i64::try_from(dice.below(32)).unwrap_or_default(),
        _ => {
            let (mut bytes, width) = (number.to_le_bytes(), 1 << dice.below(4));
            fuzzer_mutate(&mut bytes, width, width);
            i64::from_le_bytes(bytes)
        }
    }
}

pub(crate) fn change_items<T: Clone>(items: &mut Vec<T>, dice: &mut Dice, vary: impl Fn(&mut T, &mut Dice)) {
    let at = dice.below(items.len());
    let Some(mut item) = items.get(at).cloned() else {
        return;
    };
    match dice.below(3) {
        0 => drop(items.remove(at)),
        1 => {
            vary(&mut item, dice);
            items.insert(at, item);
        }
        _ => {
            let other = dice.below(items.len());
            items.swap(at, other);
        }
    }
}

fn small(dice: &mut Dice, end: usize) -> Value {
    Value::from(i64::try_from(dice.below(end)).unwrap_or_default())
}

fn anything(dice: &mut Dice) -> Value {
    match dice.below(8) {
        0 => Value::Null,
        1 => Value::Bool(true),
        2 => Value::Text(String::new()),
        3 => Value::Bytes(vec![0; [0, 8, 16, 32].get(dice.below(4)).copied().unwrap_or_default()]),
        4 => Value::Array(Vec::new()),
        5 => Value::Map(Vec::new()),
        6 => Value::Tag(18, Box::new(Value::Null)),
        _ => small(dice, 100_000),
    }
}
