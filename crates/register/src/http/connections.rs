//! Connections: one loop accepts them, in clear and on TLS. Each takes a place, and none keeps it by doing nothing.

mod patient;

use std::{
    collections::BTreeSet,
    future::{Future, pending},
    io,
    net::IpAddr,
    pin::pin,
    sync::Arc,
    time::Duration,
};

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
    sync::{Notify, watch},
    task::JoinSet,
    time::{sleep, timeout},
};
use tokio_rustls::TlsAcceptor;

use self::patient::Patient;
use super::{Remote, places::Places};

/// A socket that has nothing to give for the moment, such as for want of files, is asked again after so long.
const PAUSE: Duration = Duration::from_millis(200);

/// How long a connection may do nothing, and how many there may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Whoever takes longer to introduce himself on TLS is let go of, and so is whoever takes longer from there on to the
    /// head of a first request.
    pub(super) handshake: Duration,
    /// How long the head of a further request may take to come, from the answer before on.
    pub(super) silence: Duration,
    /// An answer of which nobody takes anything for so long is not waited for.
    pub(super) standstill: Duration,
    /// A register that stops waits for so long at most for what is under way.
    pub(super) farewell: Duration,
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
        farewell: Duration::from_secs(30),
        each: 128,
        all: 1_024,
    };
}

/// Where connections are accepted, and who hears that none can be.
pub(super) struct Socket {
    pub(super) listener: TcpListener,
    pub(super) tls: Option<TlsAcceptor>,
    pub(super) tell: Box<dyn Fn(io::Error) + Send + Sync>,
}

/// Answers by `router` on every connection, until `shutdown` is there; requests under way are finished, unless that takes
/// too long.
pub(super) async fn serve(socket: Socket, router: Router, limits: Limits, shutdown: impl Future<Output = ()>) {
    let places = Arc::new(Places::new(limits.each, limits.all));
    let (stop, _) = watch::channel(());
    let (mut connections, mut told) = (JoinSet::new(), BTreeSet::new());
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            () = &mut shutdown => break,
            Some(_) = connections.join_next() => continue,
            accepted = socket.accept(&mut told) => accepted,
        };
        let Some((stream, from)) = accepted else { continue };
        // Without a place it is closed at once; whoever comes again finds one when others have left.
        if let Some(place) = places.take(from) {
            let connection = Connection { from, router: router.clone(), limits, stop: stop.subscribe() };
            let tls = socket.tls.clone();
            connections.spawn(async move {
                connection.answer(stream, tls).await;
                drop(place);
            });
        }
    }
    drop(socket);
    stop.send_replace(());
    // Whoever still sends bit by bit sends again.
    drop(timeout(limits.farewell, async { while connections.join_next().await.is_some() {} }).await);
}

impl Socket {
    /// Each kind of failure is told once: it may come five times a second.
    async fn accept(&self, told: &mut BTreeSet<Option<i32>>) -> Option<(TcpStream, IpAddr)> {
        match self.listener.accept().await {
            Ok((stream, from)) => Some((stream, from.ip())),
            Err(error) => {
                if told.insert(error.raw_os_error()) {
                    (self.tell)(error);
                }
                // Nothing tells when there are files again, and asking without a pause keeps a core busy.
                sleep(PAUSE).await;
                None
            }
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
        let (router, asked) = (TowerToHyperService::new(router), Arc::new(Notify::new()));
        let first = Arc::clone(&asked);
        let service = service_fn(move |mut request: Request<Incoming>| {
            asked.notify_one();
            request.extensions_mut().insert(ConnectInfo(Remote(from)));
            router.call(request)
        });
        let stream = TokioIo::new(Patient::new(stream, limits.standstill));
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(limits.silence);
        let mut answering = pin!(http.serve_connection(stream, service));
        let never_asks = async {
            if timeout(limits.handshake, first.notified()).await.is_ok() {
                pending::<()>().await;
            }
        };
        let stops = tokio::select! {
            _ = answering.as_mut() => false,
            () = never_asks => false,
            _ = stop.changed() => true,
        };
        if stops {
            answering.as_mut().graceful_shutdown();
            drop(answering.await);
        }
    }
}

#[cfg(test)]
mod tests;
