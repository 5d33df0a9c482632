//! Connections: one loop accepts them, in clear and on TLS. Each takes a place, and none keeps it by doing nothing.

mod patient;
mod places;

use std::{future::Future, net::IpAddr, pin::pin, sync::Arc, time::Duration};

use axum::{Router, extract::ConnectInfo};
use hyper::{
    Request,
    body::Incoming,
    server::conn::http1,
    service::{Service, service_fn},
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
    time::{sleep, timeout},
};
use tokio_rustls::TlsAcceptor;

use self::{patient::Patient, places::Places};
use super::Remote;

/// A socket that has nothing to give for the moment, such as for want of files, is asked again after so long.
const PAUSE: Duration = Duration::from_millis(200);

/// How long a connection may do nothing, and how many there may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Whoever takes longer to introduce himself on TLS is let go of.
    pub(super) handshake: Duration,
    /// How long the head of a request may take to come, from the answer before on.
    pub(super) silence: Duration,
    /// An answer of which nobody takes anything for so long is not waited for.
    pub(super) standstill: Duration,
    /// Connections from one address.
    pub(super) each: usize,
    /// Connections in all.
    pub(super) all: usize,
}

impl Limits {
    /// A laptop lets go of a connection that it does not use after 90 seconds, so that it meets none that was closed here
    /// at that moment. A classroom is one address, and has some connections for each laptop.
    pub(super) const USUAL: Self = Self {
        handshake: Duration::from_secs(10),
        silence: Duration::from_secs(120),
        standstill: Duration::from_secs(60),
        each: 128,
        all: 1_024,
    };
}

/// Answers by `router` on every connection that `listener` accepts, until `shutdown` is there; requests under way are
/// finished.
pub(super) async fn serve(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    router: Router,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
) {
    let places = Arc::new(Places::new(limits.each, limits.all));
    let (stop, _) = watch::channel(());
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            () = &mut shutdown => break,
            Some(_) = connections.join_next() => continue,
            accepted = accept(&listener) => accepted,
        };
        let Some((stream, from)) = accepted else { continue };
        // Without a place it is closed at once; whoever comes again finds one when others have left.
        if let Some(place) = places.take(from) {
            let connection = Connection { from, router: router.clone(), limits, stop: stop.subscribe() };
            let tls = tls.clone();
            connections.spawn(async move {
                connection.answer(stream, tls).await;
                drop(place);
            });
        }
    }
    drop(listener);
    stop.send_replace(());
    while connections.join_next().await.is_some() {}
}

async fn accept(listener: &TcpListener) -> Option<(TcpStream, IpAddr)> {
    match listener.accept().await {
        Ok((stream, from)) => Some((stream, from.ip())),
        Err(_) => {
            // Nothing tells when there are files again, and asking without a pause keeps a core busy.
            sleep(PAUSE).await;
            None
        }
    }
}

/// What belongs to one connection.
struct Connection {
    from: IpAddr,
    router: Router,
    limits: Limits,
    stop: watch::Receiver<()>,
}

impl Connection {
    async fn answer(mut self, stream: TcpStream, tls: Option<TlsAcceptor>) {
        let Some(tls) = tls else { return self.requests(stream).await };
        let handshake = timeout(self.limits.handshake, tls.accept(stream));
        let introduced = tokio::select! {
            introduced = handshake => introduced,
            _ = self.stop.changed() => return,
        };
        if let Ok(Ok(stream)) = introduced {
            self.requests(stream).await;
        }
    }

    /// Answers one request after the other. How a connection ends concerns nobody else.
    async fn requests<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(self, stream: S) {
        let Self { from, router, limits, mut stop } = self;
        let router = TowerToHyperService::new(router);
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(Remote(from)));
            router.call(request)
        });
        let stream = TokioIo::new(Patient::new(stream, limits.standstill));
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(limits.silence);
        let mut answering = pin!(http.serve_connection(stream, service));
        let ended = tokio::select! {
            ended = answering.as_mut() => Some(ended),
            _ = stop.changed() => None,
        };
        if ended.is_none() {
            answering.as_mut().graceful_shutdown();
            drop(answering.await);
        }
    }
}

#[cfg(test)]
mod tests;
