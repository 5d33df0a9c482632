//! The file dialog behind the page's file fields, begun in a folder of our choice.

use std::{cell::RefCell, path::PathBuf};

use gtk::prelude::{Cast, FileChooserExt, NativeDialogExt, WidgetExt};
use webkit2gtk::{FileChooserRequestExt, WebView, WebViewExt};

/// Lets every file dialog of the page begin in `folder`.
pub(crate) fn begin_in(webview: &WebView, folder: PathBuf) {
    webview.connect_run_file_chooser(move |webview, request| {
        let window = webview.toplevel().and_then(|top| top.downcast::<gtk::Window>().ok());
        let dialog = gtk::FileChooserNative::new(
            Some("Choose a file"),
            window.as_ref(),
            gtk::FileChooserAction::Open,
            None,
            None,
        );
        dialog.set_current_folder(&folder);
        if let Some(filter) = request.mime_types_filter() {
            dialog.set_filter(&filter);
        }
        let request = request.clone();
        // The dialog lives until it is answered: nobody else holds it.
        let held = RefCell::new(Some(dialog.clone()));
        dialog.connect_response(move |dialog, response| {
            held.take();
            let chosen = dialog.filename().filter(|_| response == gtk::ResponseType::Accept);
            match chosen.as_ref().and_then(|path| path.to_str()) {
                Some(path) => request.select_files(&[path]),
                None => request.cancel(),
            }
            dialog.destroy();
        });
        dialog.show();
        true
    });
}
