//! `make run`: sets the demonstration up once, starts its register, opens the window, and ends with it.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process,
};

use anyhow::Context;
use fieldproof_register::serve;
use fieldproof_store::slots::Cost;
use tokio::net::TcpListener;

use crate::{
    demonstration::{job, world::World},
    register,
};

/// Where the demonstration's register listens unless somebody else does.
const USUAL: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 7878);

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Where the demonstration lies.
    #[arg(long)]
    dir: PathBuf,
    /// The window's program; without one only the register runs.
    #[arg(long)]
    window: Option<PathBuf>,
    /// Sets the demonstration aside and starts over.
    #[arg(long)]
    fresh: bool,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let dir = &arguments.dir;
    if arguments.fresh {
        set_aside(dir)?;
    }
    fs::create_dir_all(dir)?;
    if arguments.window.is_some() && !has_display() {
        return run_without_window(dir);
    }
    let world = World::at(dir);
    let runtime = tokio::runtime::Runtime::new()?;
    let listener = runtime.block_on(listen())?;
    let address = format!("http://{}", listener.local_addr()?);
    if !world.is_ready() {
        // Leftovers of a set-up that was interrupted hold nothing anybody made.
        set_aside(dir)?;
        fs::create_dir_all(dir)?;
        println!("Setting up the demonstration in {} …", dir.display());
        world.set_up(&address, Cost::DEFAULT)?;
    }
    println!("The demonstration's register listens on {address}");
    let server = runtime.spawn(serve(listener, register::open(&world.register)?, std::future::pending()));
    let ended = match &arguments.window {
        Some(window) => open_window(window, &world, &address),
        None => runtime.block_on(tokio::signal::ctrl_c()).context("waiting for the end"),
    };
    server.abort();
    ended
}

/// The usual port, or any other when somebody else has it.
async fn listen() -> anyhow::Result<TcpListener> {
    match TcpListener::bind(USUAL).await {
        Ok(listener) => Ok(listener),
        Err(_) => TcpListener::bind("127.0.0.1:0").await.context("no port is free"),
    }
}

fn open_window(window: &Path, world: &World, address: &str) -> anyhow::Result<()> {
    let status = process::Command::new(window)
        .arg("--laptop")
        .arg(&world.laptop)
        .args(["--register", address])
        .status()
        .with_context(|| format!("{} cannot be started", window.display()))?;
    anyhow::ensure!(status.success(), "the window ended with {status}");
    Ok(())
}

fn run_without_window(dir: &Path) -> anyhow::Result<()> {
    println!("There is no display, so the same job runs without a window.");
    let out = (1_u32..)
        .map(|number| dir.join(format!("without-window-{number}")))
        .find(|path| !path.exists())
        .context("no free folder")?;
    job::run(&out)
}

fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// Nothing is deleted: what was there gets another name.
fn set_aside(dir: &Path) -> anyhow::Result<()> {
    if !dir.exists() || fs::read_dir(dir)?.next().is_none() {
        return Ok(());
    }
    let aside = (1_u32..)
        .map(|number| dir.with_extension(format!("before-{number}")))
        .find(|path| !path.exists())
        .context("no free name")?;
    fs::rename(dir, &aside)?;
    println!("The demonstration so far was set aside as {}", aside.display());
    Ok(())
}
