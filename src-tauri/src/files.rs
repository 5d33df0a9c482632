//! The file dialog behind the page's file fields, begun in a folder of our choice.

use std::path::PathBuf;

use gtk::prelude::{FileChooserExt, NativeDialogExt};
use webkit2gtk::{FileChooserRequestExt, WebView, WebViewExt};

/// Lets every file dialog of the page begin in `folder`.
pub(crate) fn begin_in(webview: &WebView, folder: PathBuf) {
    webview.connect_run_file_chooser(move |_, request| {
        let dialog = gtk::FileChooserNative::new(
            Some("Choose a file"),
            None::<&gtk::Window>,
            gtk::FileChooserAction::Open,
            None,
            None,
        );
        dialog.set_current_folder(&folder);
        if let Some(filter) = request.mime_types_filter() {
            dialog.set_filter(&filter);
        }
        let request = request.clone();
        dialog.connect_response(move |dialog, response| {
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
