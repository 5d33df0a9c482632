//! The one window.

use std::path::PathBuf;

use tauri::{AppHandle, WebviewUrl, WebviewWindowBuilder};

use crate::files;

/// Opens the window; the file dialog begins in `photos`.
pub(crate) fn open(desktop: &AppHandle, photos: Option<PathBuf>) -> tauri::Result<()> {
    let window = WebviewWindowBuilder::new(desktop, "main", WebviewUrl::default())
        .title("Fieldproof")
        .inner_size(1280.0, 800.0)
        .min_inner_size(640.0, 480.0)
        // A photo is chosen or dropped in the page, which hands over its bytes.
        .disable_drag_drop_handler()
        .build()?;
    if let Some(photos) = photos {
        window.with_webview(move |webview| files::begin_in(&webview.inner(), photos))?;
    }
    Ok(())
}
