//! The server: connections become requests, within a time and a number.
//!
//! `axum::serve` sets no deadline for a request's head, so a caller that sends it byte by byte would hold a
//! connection for ever. Here a head must come within [`crate::Settings::head_deadline`], and connections are counted.

use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::retention;
use crate::state::Portal;

/// Bytes that a request's head may have.
pub const HEAD_LIMIT: usize = 16 * 1024;

/// Connections at a time; more wait in the listener's queue.
pub const CONNECTIONS: usize = 1024;

/// What closing waits for requests under way.
const FAREWELL: Duration = Duration::from_secs(10);

/// After a failure to accept, as when the process has no file handle left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves until [`Portal::close`] is called, then lets requests under way end.
pub async fn serve(listener: TcpListener, portal: Portal) {
    let app = crate::app(portal.clone());
    let (slots, leaving) = (Arc::new(Semaphore::new(CONNECTIONS)), GracefulShutdown::new());
    let sweeping = tokio::spawn(retention::keep(portal.clone()));
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &slots) => accepted,
            () = portal.closed() => break,
        };
        let Some((stream, slot)) = accepted else { continue };
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(portal.settings.head_deadline);
        http.max_header_size(HEAD_LIMIT);
        let service = TowerToHyperService::new(app.clone());
        let connection = leaving.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            // How a connection breaks off is its caller's matter.
            let _ = connection.await;
            drop(slot);
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(FAREWELL, leaving.shutdown()).await;
    let _ = sweeping.await;
}

type Accepted = (tokio::net::TcpStream, tokio::sync::OwnedSemaphorePermit);

/// The next connection, once there is room for it; `None` when it was gone before it was taken.
async fn accept(listener: &TcpListener, slots: &Arc<Semaphore>) -> Option<Accepted> {
    let slot = slots.clone().acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, _)) => Some((stream, slot)),
        Err(_) => {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            None
        }
    }
}
