//! What every handler shares.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::error::Error;
use crate::password::Passwords;
use crate::settings::Settings;
use crate::store::Store;
use crate::throttle::Throttle;
use crate::watch::Watches;

/// A running portal: cheap to clone, one per process.
#[derive(Clone)]
pub struct Portal {
    /// The database.
    pub store: Store,
    /// The operator's choices.
    pub settings: Arc<Settings>,
    /// Password verification.
    pub passwords: Passwords,
    /// Event streams.
    pub watches: Watches,
    throttle: Arc<Mutex<Throttle>>,
    closing: watch::Sender<bool>,
}

impl Portal {
    /// Puts a portal together on an open store.
    pub fn new(store: Store, settings: Settings) -> Result<Self, Error> {
        Ok(Self {
            store,
            settings: Arc::new(settings),
            passwords: Passwords::new()?,
            watches: Watches::new(),
            throttle: Arc::default(),
            closing: watch::Sender::new(false),
        })
    }

    /// The count of failed sign-ins. Not to be held over an await.
    pub fn throttle(&self) -> MutexGuard<'_, Throttle> {
        self.throttle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the event streams, which would otherwise keep a stopping server alive.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    /// Returns once [`Portal::close`] was called.
    pub async fn closed(&self) {
        // An error means that every sender is gone, which is closed as well.
        let _ = self.closing.subscribe().wait_for(|closing| *closing).await;
    }
}
