//! A thread for what only works asynchronously: the connection to a database, the requests to an object store. All
//! registers of a program share it, and whoever waits for it may stand anywhere, inside another runtime too.

use std::{future::Future, io, sync::OnceLock};

use futures_executor::block_on;
use tokio::runtime::{Builder, Runtime};

use crate::RegisterError;

static RUNTIME: OnceLock<Option<Runtime>> = OnceLock::new();

/// Does the work on that thread and waits for it.
pub(crate) fn run<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> Result<T, RegisterError> {
    let runtime = RUNTIME
        .get_or_init(|| Builder::new_multi_thread().worker_threads(1).thread_name("storage").enable_all().build().ok());
    let runtime = runtime.as_ref().ok_or_else(|| RegisterError::NoThread(io::ErrorKind::OutOfMemory.into()))?;
    Ok(block_on(runtime.spawn(work))?)
}
