//! Mutations that keep JSON what it is: one value somewhere inside is changed, and everything around it written anew.

use libfuzzer_sys::fuzzer_mutate;
use serde_json::{Value, from_slice, to_vec};

use crate::{
    mutate::{change_items, changed, changed_number, put},
    targets::scheme_document::Dice,
};

/// Changes one value inside the input, or, now and then and where it is no JSON, any bytes of it.
pub fn mutate_json(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mut dice = Dice::new(u64::from(seed));
    let value = data.get(..size).and_then(|bytes| from_slice::<Value>(bytes).ok());
    let Some(mut value) = value.filter(|_| dice.below(16) != 0) else {
        return fuzzer_mutate(data, size, max_size);
    };
    for _ in 0..=dice.below(2) {
        let mut place = dice.below(count(&value));
        change_at(&mut value, &mut place, &mut dice);
    }
    let written = to_vec(&value).ok().and_then(|bytes| put(&bytes, data, max_size));
    written.unwrap_or_else(|| fuzzer_mutate(data, size, max_size))
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(pairs) => pairs.values().map(count).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

/// Changes the value that stands at `place`, counted as [`count`] does; what was passed is taken off `place`.
fn change_at(value: &mut Value, place: &mut usize, dice: &mut Dice) -> bool {
    if *place == 0 {
        change(value, dice);
        return true;
    }
    *place -= 1;
    match value {
        Value::Array(items) => items.iter_mut().any(|item| change_at(item, place, dice)),
        Value::Object(pairs) => pairs.values_mut().any(|value| change_at(value, place, dice)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

fn change(value: &mut Value, dice: &mut Dice) {
    match value {
        _ if dice.below(24) == 0 => *value = anything(dice),
        Value::Number(number) => *value = changed_number(number.as_i64().unwrap_or_default(), dice).into(),
        Value::String(text) => *text = String::from_utf8_lossy(&changed(text.as_bytes())).into_owned(),
        Value::Array(items) => change_items(items, dice, |_, _| {}),
        Value::Object(pairs) => {
            let mut list: Vec<_> = std::mem::take(pairs).into_iter().collect();
            change_items(&mut list, dice, |(key, _), _| key.push('2'));
            pairs.extend(list);
        }
        Value::Bool(is_set) => *is_set = !*is_set,
        Value::Null => *value = anything(dice),
    }
}

fn anything(dice: &mut Dice) -> Value {
    match dice.below(6) {
        0 => Value::Null,
        1 => Value::Bool(true),
        2 => Value::String(String::new()),
        3 => Value::Array(Vec::new()),
        4 => Value::Object(serde_json::Map::new()),
        _ => dice.below(100_000).into(),
    }
}
