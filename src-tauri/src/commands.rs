//! From the window's calls to the list of commands, off the main thread. No decision is made here.

use std::sync::Arc;

use fieldproof_api::{Api, dto::ErrorView, error};
use serde_json::Value;
use tauri::{
    AppHandle, Manager, Wry,
    http::HeaderMap,
    ipc::{Invoke, InvokeBody},
};

/// Puts the commands behind the window.
pub(crate) fn serve(desktop: &AppHandle, api: Arc<Api>) {
    desktop.manage(api);
}

/// Locks the laptop, as leaving it does.
pub(crate) fn lock(desktop: &AppHandle) {
    desktop.state::<Arc<Api>>().app().lock();
}

/// Answers one call of the window.
pub(crate) fn handle(invoke: Invoke<Wry>) -> bool {
    let api = Arc::clone(invoke.message.webview_ref().state::<Arc<Api>>().inner());
    let (message, resolver) = (invoke.message, invoke.resolver);
    tauri::async_runtime::spawn_blocking(move || {
        // Read where it lies: what is typed to unlock is not copied once more.
        match answer(&api, message.command(), message.payload(), message.headers()) {
            Ok(value) => resolver.resolve(value),
            Err(view) => resolver.reject(view),
        }
    });
    true
}

fn answer(api: &Api, command: &str, body: &InvokeBody, headers: &HeaderMap) -> Result<Value, ErrorView> {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let answer = match (command, body) {
        ("attach_photo", InvokeBody::Raw(bytes)) => {
            serde_json::to_value(api.attach_photo(header("session-id"), header("criterion-id"), bytes)?)
        }
        ("attach_file", InvokeBody::Raw(bytes)) => {
            let name = file_name(header("file-name"));
            serde_json::to_value(api.attach_file(header("session-id"), header("criterion-id"), &name, bytes)?)
        }
        ("attach_credential", InvokeBody::Raw(bytes)) => {
            serde_json::to_value(api.attach_credential(header("session-id"), header("prerequisite-id"), bytes)?)
        }
        ("keep_proof", InvokeBody::Raw(bytes)) => serde_json::to_value(api.keep_proof(bytes)?),
        ("look_at_pack", InvokeBody::Raw(bytes)) => serde_json::to_value(api.look_at_pack(bytes)?),
        ("read_request", InvokeBody::Raw(bytes)) => serde_json::to_value(api.read_request(bytes)?),
        ("read_roster", InvokeBody::Raw(bytes)) => serde_json::to_value(api.read_roster(header("course-id"), bytes)?),
        ("take_answers", InvokeBody::Raw(bytes)) => serde_json::to_value(api.take_answers(bytes)?),
        ("verify_file", InvokeBody::Raw(bytes)) => serde_json::to_value(api.verify_file(bytes, header("language"))?),
        (_, InvokeBody::Json(body)) => return api.answer(command, body.get("input").unwrap_or(&Value::Null)),
        (_, InvokeBody::Raw(_)) => return Err(error::malformed()),
    };
    answer.map_err(|_| error::malformed())
}

/// A header holds ASCII only, so the screen writes the bytes of other letters as `%` and two hexadecimal digits.
fn file_name(header: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = header.as_bytes();
    while let [first, tail @ ..] = rest {
        let pair = tail.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        match pair.filter(|_| *first == b'%').and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
