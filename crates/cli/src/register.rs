//! `fieldproof register`: the institution's server on a socket.

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use anyhow::Context;
use fieldproof_register::{Register, serve};

use crate::host;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The register's folder.
    #[arg(long)]
    data: PathBuf,
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:7878")]
    listen: SocketAddr,
}

/// Opens the register in a folder; its own failures are told on standard error.
pub(crate) fn open(data: &std::path::Path) -> anyhow::Result<Register> {
    let register = Register::open(data, Arc::new(host::now))
        .with_context(|| format!("the register in {} cannot be opened", data.display()))?;
    Ok(register.reporting_to(Arc::new(|error| eprintln!("register: {error}"))))
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let register = open(&arguments.data)?;
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(arguments.listen)
            .await
            .with_context(|| format!("{} cannot be listened on", arguments.listen))?;
        println!("The register of {} listens on http://{}", register.key_set().name, listener.local_addr()?);
        let stop = async {
            // Without a handler for the signal the register simply runs until it is ended.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        Ok(serve(listener, register, stop).await?)
    })
}
