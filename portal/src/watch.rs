//! Who watches which visit, and the hint that something happened there.
//!
//! A hint carries no data: whoever hears it reads the database again by sequence number, so a lost or doubled hint
//! costs nothing but time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::broadcast;

/// Hints that a slow listener may fall behind before it reads everything again.
const HINTS_KEPT: usize = 256;

/// The open event streams of this process.
#[derive(Clone)]
pub struct Watches {
    hints: broadcast::Sender<Arc<str>>,
    open: Arc<Mutex<HashMap<Arc<str>, usize>>>,
}

/// One open event stream; dropping it ends the watch.
pub struct Watch {
    visit_id: Arc<str>,
    hints: broadcast::Receiver<Arc<str>>,
    open: Arc<Mutex<HashMap<Arc<str>, usize>>>,
}

impl Watches {
    /// Nobody watches yet.
    pub fn new() -> Self {
        Self { hints: broadcast::channel(HINTS_KEPT).0, open: Arc::default() }
    }

    /// Begins to watch a visit: hints from now on are heard.
    pub fn begin(&self, visit_id: &str) -> Watch {
        let visit_id: Arc<str> = visit_id.into();
        *lock(&self.open).entry(visit_id.clone()).or_default() += 1;
        Watch { visit_id, hints: self.hints.subscribe(), open: self.open.clone() }
    }

    /// Whether anybody watches this visit now.
    pub fn is_watched(&self, visit_id: &str) -> bool {
        lock(&self.open).contains_key(visit_id)
    }

    /// Tells the watchers of a visit to look again.
    pub fn hint(&self, visit_id: &str) {
        // An error means that nobody listens.
        let _ = self.hints.send(visit_id.into());
    }
}

impl Default for Watches {
    fn default() -> Self {
        Self::new()
    }
}

impl Watch {
    /// The visit that is watched.
    pub fn visit_id(&self) -> &str {
        &self.visit_id
    }

    /// Returns when something may have happened in the visit.
    pub async fn heard(&mut self) {
        loop {
            match self.hints.recv().await {
                Ok(visit_id) if visit_id != self.visit_id => {}
                Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => return,
                // The portal holds a sender as long as it lives.
                Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
            }
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let mut open = lock(&self.open);
        if let Some(count) = open.get_mut(&self.visit_id) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.visit_id);
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visit_is_watched_until_the_last_stream_ends() {
        let watches = Watches::new();
        let (one, two) = (watches.begin("a"), watches.begin("a"));
        assert!(watches.is_watched("a") && !watches.is_watched("b"));
        drop(one);
        assert!(watches.is_watched("a"));
        drop(two);
        assert!(!watches.is_watched("a"));
        assert!(lock(&watches.open).is_empty(), "no trace of ended watches");
    }

    #[tokio::test]
    async fn a_hint_reaches_its_visit_and_a_flood_reaches_everybody() {
        let watches = Watches::new();
        let mut watch = watches.begin("a");
        watches.hint("b");
        watches.hint("a");
        watch.heard().await;
        for _ in 0..=HINTS_KEPT {
            watches.hint("b");
        }
        watch.heard().await;
    }
}
