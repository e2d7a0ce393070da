//! Keeps nothing longer than it is good for: a sweep when the portal starts and then again and again.

use crate::clock::{millis, now_ms};
use crate::state::Portal;

/// Sweeps until the portal closes. A sweep that fails is logged and tried again at its next time.
pub async fn keep(portal: Portal) {
    loop {
        let (now, live_lifetime) = (now_ms(), millis(portal.settings.live_lifetime));
        if let Err(cause) = portal.store.sweep(now, now.saturating_sub(live_lifetime)).await {
            tracing::error!(error = ?cause, "sweep failed");
        }
        tokio::select! {
            () = tokio::time::sleep(portal.settings.sweep_every) => {}
            () = portal.closed() => return,
        }
    }
}
