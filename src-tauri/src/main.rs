//! The desktop window: one laptop, one window, and the commands of `crates/api` behind it.

mod commands;
mod direct;
mod files;
mod host;
mod key_store;
mod network;
mod window;

use std::{path::PathBuf, sync::Arc};

use clap::Parser;
use fieldproof_api::{Api, dto::DemonstrationView};
use fieldproof_app::App;

/// Score live-work practicals on a laptop, with or without a network.
#[derive(Debug, Parser)]
#[command(name = "fieldproof-desktop", version)]
struct Arguments {
    /// The laptop's folder.
    #[arg(long)]
    laptop: PathBuf,
    /// The register's address, in place of the one in the pack.
    #[arg(long)]
    register: Option<String>,
}

fn main() -> tauri::Result<()> {
    host::write_no_dumps();
    let arguments = Arguments::parse();
    let demonstration = read_demonstration(&arguments.laptop);
    let photos = demonstration.as_ref().map(|demonstration| PathBuf::from(&demonstration.sample_photo_folder));
    tauri::Builder::default()
        .plugin(tauri_plugin_opener::init())
        .setup(move |desktop| {
            let bell = Arc::new(direct::Bell::default());
            let host = host::DesktopHost::new(desktop.handle(), &arguments.laptop, Arc::clone(&bell));
            let app = App::new(&arguments.laptop, Box::new(host));
            app.use_register(arguments.register);
            let api = Arc::new(Api::new(app, demonstration));
            commands::serve(desktop.handle(), Arc::clone(&api));
            direct::begin(api, bell);
            window::open(desktop.handle(), photos)?;
            Ok(())
        })
        .invoke_handler(commands::handle)
        .build(tauri::generate_context!())?
        .run(|desktop, event| {
            if matches!(event, tauri::RunEvent::Exit) {
                commands::lock(desktop);
            }
        });
    Ok(())
}

/// A demonstration laptop says so in a file beside its store; any other laptop has none.
fn read_demonstration(laptop: &std::path::Path) -> Option<DemonstrationView> {
    serde_json::from_slice(&std::fs::read(laptop.join("demonstration.json")).ok()?).ok()
}
