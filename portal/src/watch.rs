//! Who watches which visit, and the hint that something happened there.
//!
//! A hint carries no data: whoever hears it reads the database again by sequence number, so a lost or doubled hint
//! costs nothing but time.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::broadcast;

/// Hints that a slow listener may fall behind before it reads everything again.
const HINTS_KEPT: usize = 256;

/// Event streams that one clinician may have open at a time: every tab of every visit of a busy day.
pub const STREAMS_PER_CLINICIAN: usize = 32;

/// The open event streams of this process.
#[derive(Clone)]
pub struct Watches {
    hints: broadcast::Sender<Arc<str>>,
    open: Arc<Mutex<Open>>,
}

/// Counts of open streams; what is not there has none.
#[derive(Default)]
struct Open {
    by_visit: HashMap<Arc<str>, usize>,
    by_clinician: HashMap<i64, usize>,
}

/// One open event stream; dropping it ends the watch.
pub struct Watch {
    visit_id: Arc<str>,
    clinician_id: i64,
    hints: broadcast::Receiver<Arc<str>>,
    open: Arc<Mutex<Open>>,
}

impl Watches {
    /// Nobody watches yet.
    pub fn new() -> Self {
        Self { hints: broadcast::channel(HINTS_KEPT).0, open: Arc::default() }
    }

    /// Begins to watch a visit: hints from now on are heard. `None` when this clinician has
    /// [`STREAMS_PER_CLINICIAN`] open already.
    pub fn begin(&self, visit_id: &str, clinician_id: i64) -> Option<Watch> {
        let visit_id: Arc<str> = visit_id.into();
        let mut open = lock(&self.open);
        let streams = open.by_clinician.entry(clinician_id).or_default();
        if *streams >= STREAMS_PER_CLINICIAN {
            return None;
        }
        *streams += 1;
        *open.by_visit.entry(visit_id.clone()).or_default() += 1;
        drop(open);
        Some(Watch { visit_id, clinician_id, hints: self.hints.subscribe(), open: self.open.clone() })
    }

    /// Whether anybody watches this visit now.
    pub fn is_watched(&self, visit_id: &str) -> bool {
        lock(&self.open).by_visit.contains_key(visit_id)
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
        count_down(&mut open.by_visit, &self.visit_id);
        count_down(&mut open.by_clinician, &self.clinician_id);
    }
}

fn count_down<K: Hash + Eq>(counts: &mut HashMap<K, usize>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        *count = count.saturating_sub(1);
        if *count == 0 {
            counts.remove(key);
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
        let (one, two) = (watches.begin("a", 1).unwrap(), watches.begin("a", 2).unwrap());
        assert!(watches.is_watched("a") && !watches.is_watched("b"));
        drop(one);
        assert!(watches.is_watched("a"));
        drop(two);
        assert!(!watches.is_watched("a"));
        let open = lock(&watches.open);
        assert!(open.by_visit.is_empty() && open.by_clinician.is_empty(), "no trace of ended watches");
    }

    #[test]
    fn one_clinician_cannot_take_all_the_streams() {
        let watches = Watches::new();
        let mut mine: Vec<_> = (0..STREAMS_PER_CLINICIAN).map_while(|_| watches.begin("a", 1)).collect();
        assert_eq!(mine.len(), STREAMS_PER_CLINICIAN);
        assert!(watches.begin("b", 1).is_none(), "of whatever visit");
        assert!(!watches.is_watched("b"), "a refused stream watches nothing");
        assert!(watches.begin("a", 2).is_some(), "another clinician still may");
        mine.pop();
        assert!(watches.begin("b", 1).is_some(), "a closed stream makes room");
    }

    #[tokio::test]
    async fn a_hint_reaches_its_visit_and_a_flood_reaches_everybody() {
        let watches = Watches::new();
        let mut watch = watches.begin("a", 1).unwrap();
        watches.hint("b");
        watches.hint("a");
        watch.heard().await;
        for _ in 0..=HINTS_KEPT {
            watches.hint("b");
        }
        watch.heard().await;
    }
}
