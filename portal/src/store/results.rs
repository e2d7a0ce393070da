//! Results: a summary is stored once, whatever arrives how often at the same time.

use crate::error::Error;

use super::acknowledgements::Acknowledged;
use super::Store;

/// Results that one visit takes: a test, its retakes, and room.
const RESULTS_PER_VISIT: i64 = 16;

/// A result to store.
#[derive(Clone, Copy, Debug)]
pub struct NewResult<'a> {
    /// 32 hex digits, made once by the patient's browser.
    pub report_id: &'a str,
    /// The visit that the caller's token opens.
    pub visit_id: &'a str,
    /// Canonical JSON.
    pub summary: &'a str,
    /// The body as it came, for proofs over the original.
    pub received: &'a [u8],
    /// By the portal's clock.
    pub received_at_ms: i64,
    /// Time between the end of the recording and the receipt.
    pub recorded_ago_ms: i64,
    /// Whether it raises a red flag.
    pub flagged: bool,
}

/// A stored result as it is read.
#[derive(Clone, Debug)]
pub struct ResultRow {
    /// 32 hex digits.
    pub report_id: String,
    /// Canonical JSON.
    pub summary: String,
    /// By the portal's clock.
    pub received_at_ms: i64,
    /// Time between the end of the recording and the receipt.
    pub recorded_ago_ms: i64,
    /// Whether it raises a red flag.
    pub flagged: bool,
    /// Who acknowledged its flags, and when.
    pub acknowledged: Option<Acknowledged>,
}

/// What is selected for a [`ResultRow`], of `r` and what [`JOINED`] adds.
pub(super) const COLUMNS: &str =
    "r.report_id, r.summary, r.received_at_ms, r.recorded_ago_ms, r.flagged, c.name, a.at_ms";

/// Acknowledgement and acknowledger of a result `r`.
pub(super) const JOINED: &str =
    "LEFT JOIN acknowledgement a ON a.report_id = r.report_id LEFT JOIN clinician c ON c.id = a.clinician_id";

/// As [`COLUMNS`] come; all absent where there is no result.
pub(super) type Columns =
    (Option<String>, Option<String>, Option<i64>, Option<i64>, Option<bool>, Option<String>, Option<i64>);

impl ResultRow {
    pub(super) fn new((id, summary, received, recorded, flagged, by, at): Columns) -> Option<Self> {
        Some(Self {
            report_id: id?,
            summary: summary?,
            received_at_ms: received?,
            recorded_ago_ms: recorded?,
            flagged: flagged?,
            acknowledged: by.zip(at).map(|(by, at_ms)| Acknowledged { by, at_ms }),
        })
    }
}

/// What storing came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// A new row.
    Now,
    /// The same was there already; nothing changed.
    Before,
}

impl Store {
    /// Stores a result and its event in one transaction. The key of the table decides who came first.
    pub async fn store_result(&self, new: NewResult<'_>) -> Result<Stored, Error> {
        let mut tx = self.write().await?;
        let sql =
            "INSERT INTO result (report_id, visit_id, summary, received, received_at_ms, recorded_ago_ms, flagged) \
                   SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?8 \
                   WHERE (SELECT count(*) FROM result WHERE visit_id = ?2) < ?7 \
                   ON CONFLICT (report_id) DO NOTHING";
        let query =
            sqlx::query(sql).bind(new.report_id).bind(new.visit_id).bind(new.summary).bind(new.received);
        let query = query.bind(new.received_at_ms).bind(new.recorded_ago_ms).bind(RESULTS_PER_VISIT);
        let query = query.bind(new.flagged);
        if query.execute(&mut *tx).await?.rows_affected() == 1 {
            Self::append(&mut tx, new.visit_id, "result", new.report_id, new.received_at_ms).await?;
            tx.commit().await?;
            return Ok(Stored::Now);
        }
        let there: Option<(String, String)> =
            sqlx::query_as("SELECT visit_id, summary FROM result WHERE report_id = ?")
                .bind(new.report_id)
                .fetch_optional(&mut *tx)
                .await?;
        match there {
            None => Err(Error::VisitFull),
            Some((visit, summary)) if visit == new.visit_id && summary == new.summary => Ok(Stored::Before),
            Some(_) => Err(Error::IdTaken),
        }
    }

    /// The visit's newest result.
    pub async fn newest_result(&self, visit_id: &str) -> Result<Option<ResultRow>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM event e JOIN result r ON r.report_id = e.data {JOINED} \
             WHERE e.visit_id = ? AND e.kind = 'result' ORDER BY e.seq DESC LIMIT 1"
        );
        let row: Option<Columns> =
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(visit_id).fetch_optional(&self.pool).await?;
        Ok(row.and_then(ResultRow::new))
    }
}
