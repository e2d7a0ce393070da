//! What happens in a visit, in order, for those who watch. Rows stay few: one live status and one count of openers
//! per visit, and its results.

use sqlx::{Sqlite, Transaction};

use crate::error::Error;

use super::results::{ResultRow, COLUMNS, JOINED};
use super::Store;

/// Events read at once.
const AT_ONCE: i64 = 64;

/// One event of a visit.
#[derive(Clone, Debug)]
pub struct EventRow {
    /// Rises through the life of the database.
    pub seq: i64,
    /// When it happened.
    pub at_ms: i64,
    /// What happened.
    pub what: What,
}

/// What an event tells.
#[derive(Clone, Debug)]
pub enum What {
    /// A live status, as JSON.
    Live(String),
    /// The number of tabs that opened the current link.
    Opened(i64),
    /// A stored result.
    Result(ResultRow),
}

type Columns = (
    i64,
    String,
    String,
    i64,
    Option<String>,
    Option<String>,
    Option<i64>,
    Option<i64>,
    Option<bool>,
    Option<String>,
    Option<i64>,
);

impl Store {
    /// The visit's events after `seq`, in order, some at once.
    pub async fn events_after(&self, visit_id: &str, seq: i64) -> Result<Vec<EventRow>, Error> {
        let sql = format!(
            "SELECT e.seq, e.kind, e.data, e.at_ms, {COLUMNS} \
             FROM event e LEFT JOIN result r ON e.kind = 'result' AND r.report_id = e.data {JOINED} \
             WHERE e.visit_id = ? AND e.seq > ? ORDER BY e.seq LIMIT ?"
        );
        let rows: Vec<Columns> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(visit_id)
            .bind(seq)
            .bind(AT_ONCE)
            .fetch_all(&self.pool)
            .await?;
        Ok(rows.into_iter().filter_map(event).collect())
    }

    /// The highest number given so far.
    pub async fn newest_seq(&self) -> Result<i64, Error> {
        let sql = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'event'";
        Ok(sqlx::query_scalar(sql).fetch_one(&self.pool).await?)
    }

    /// Puts a live status in the place of the last one.
    pub async fn store_live(&self, visit_id: &str, live: &str, now_ms: i64) -> Result<(), Error> {
        let mut tx = self.write().await?;
        Self::replace(&mut tx, visit_id, "live", live, now_ms).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Adds an event under the next number.
    pub(super) async fn append(
        tx: &mut Transaction<'static, Sqlite>,
        visit_id: &str,
        kind: &str,
        data: &str,
        now_ms: i64,
    ) -> Result<(), Error> {
        let sql = "INSERT INTO event (visit_id, kind, data, at_ms) VALUES (?, ?, ?, ?)";
        sqlx::query(sql).bind(visit_id).bind(kind).bind(data).bind(now_ms).execute(&mut **tx).await?;
        Ok(())
    }

    /// Adds an event and takes away the earlier ones of its kind.
    pub(super) async fn replace(
        tx: &mut Transaction<'static, Sqlite>,
        visit_id: &str,
        kind: &str,
        data: &str,
        now_ms: i64,
    ) -> Result<(), Error> {
        let sql = "DELETE FROM event WHERE visit_id = ? AND kind = ?";
        sqlx::query(sql).bind(visit_id).bind(kind).execute(&mut **tx).await?;
        Self::append(tx, visit_id, kind, data, now_ms).await
    }
}

fn event(
    (seq, kind, data, at_ms, id, summary, received, recorded, flagged, by, at): Columns,
) -> Option<EventRow> {
    let what = match kind.as_str() {
        "live" => What::Live(data),
        "opened" => What::Opened(data.parse().ok()?),
        _ => What::Result(ResultRow::new((id, summary, received, recorded, flagged, by, at))?),
    };
    Some(EventRow { seq, at_ms, what })
}
