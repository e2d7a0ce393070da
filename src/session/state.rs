//! Where a test stands.

use serde::Serialize;

/// The states of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum State {
    /// Nothing was asked for.
    Idle,
    /// The patient chooses a device.
    Choosing,
    /// The link is being made.
    Connecting,
    /// Connected; no heart signal yet.
    Contact,
    /// The signal swings in; not judged.
    Settling,
    /// Recording.
    Recording,
    /// The link is down and is being made again.
    Reconnecting,
    /// The time that was asked for is recorded.
    Finished,
    /// The test cannot go on; the code says why. What was recorded can still be reported.
    Failed,
}

impl State {
    /// Whether nothing more is recorded.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Finished | Self::Failed)
    }
}

/// A new state, or a new reason to be in the same one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct StateChange {
    /// The state.
    pub state: State,
    /// Why, where there is a why: a stable code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
}
