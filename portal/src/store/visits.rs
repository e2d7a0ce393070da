//! Visits, as their clinician sees them.

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::secret::{self, SecretDigest};

use super::Store;

/// The newest visits that a list shows.
const LISTED: i64 = 200;

/// Attempts to find a code that none of the clinician's visits has.
const CODE_ATTEMPTS: u32 = 20;

/// Whether a visit has a real patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// A patient with a device; simulated data is refused.
    Real,
    /// For trying things out; simulated data is taken.
    Demo,
}

/// The home test that a visit asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Test {
    /// 30 s at rest.
    #[serde(rename = "rest-30s")]
    Rest30s,
    /// 5 min at rest.
    #[serde(rename = "rest-5min")]
    Rest5min,
}

/// A visit's row with what its status is told from.
#[derive(Clone, Debug)]
pub struct VisitRow {
    /// Pseudonym: 32 hex digits, random.
    pub id: String,
    /// Four letters that both screens show.
    pub code: String,
    /// Real or demo.
    pub mode: Mode,
    /// The test asked for.
    pub test: Test,
    /// When it was made.
    pub created_at_ms: i64,
    /// Tabs that opened the current link.
    pub opened_on: i64,
    /// Sequence number of the newest result.
    pub result_seq: Option<i64>,
    /// Whether a result raises a red flag that nobody acknowledged.
    pub waiting: bool,
    /// Newest live status: sequence number, JSON, time.
    pub live: Option<(i64, String, i64)>,
}

type Columns =
    (String, String, String, String, i64, i64, Option<i64>, bool, Option<i64>, Option<String>, Option<i64>);

const COLUMNS: &str = "SELECT v.id, v.code, v.mode, v.test, v.created_at_ms, \
    (SELECT count(*) FROM opener o WHERE o.visit_id = v.id), \
    (SELECT max(e.seq) FROM event e WHERE e.visit_id = v.id AND e.kind = 'result'), \
    EXISTS (SELECT 1 FROM result r WHERE r.visit_id = v.id AND r.flagged = 1 \
        AND NOT EXISTS (SELECT 1 FROM acknowledgement a WHERE a.report_id = r.report_id)), \
    l.seq, l.data, l.at_ms \
    FROM visit v LEFT JOIN event l ON l.visit_id = v.id AND l.kind = 'live'";

impl Mode {
    /// As stored and as sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Real => "real",
            Self::Demo => "demo",
        }
    }
}

impl Test {
    /// As stored and as sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rest30s => "rest-30s",
            Self::Rest5min => "rest-5min",
        }
    }
}

impl VisitRow {
    fn new(row: Columns) -> Self {
        let (id, code, mode, test, created_at_ms, opened_on, result_seq, waiting, live_seq, live, live_at) =
            row;
        Self {
            id,
            code,
            mode: mode_of(&mode),
            test: test_of(&test),
            created_at_ms,
            opened_on,
            result_seq,
            waiting,
            live: live_seq.zip(live).zip(live_at).map(|((seq, data), at)| (seq, data, at)),
        }
    }
}

/// The table's CHECK leaves two values; the stricter one stands for anything else.
pub(super) fn mode_of(text: &str) -> Mode {
    if text == "demo" {
        Mode::Demo
    } else {
        Mode::Real
    }
}

/// The table's CHECK leaves two values.
pub(super) fn test_of(text: &str) -> Test {
    if text == "rest-5min" {
        Test::Rest5min
    } else {
        Test::Rest30s
    }
}

impl Store {
    /// Makes a visit with a fresh pseudonym and a code that none of the clinician's other visits has.
    pub async fn add_visit(
        &self,
        clinician_id: i64,
        mode: Mode,
        test: Test,
        invitation: SecretDigest,
        (now_ms, expires_at_ms): (i64, i64),
    ) -> Result<VisitRow, Error> {
        let sql = "INSERT INTO visit (id, clinician_id, code, mode, test, created_at_ms, invitation_digest, \
                   invitation_expires_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (clinician_id, code) DO NOTHING";
        for _ in 0..CODE_ATTEMPTS {
            let (id, code) = (secret::visit_id()?, secret::visit_code()?);
            let query = sqlx::query(sql).bind(&id).bind(clinician_id).bind(&code).bind(mode.as_str());
            let query =
                query.bind(test.as_str()).bind(now_ms).bind(invitation.as_bytes()).bind(expires_at_ms);
            if query.execute(&self.pool).await?.rows_affected() == 1 {
                let created_at_ms = now_ms;
                return Ok(VisitRow {
                    id,
                    code,
                    mode,
                    test,
                    created_at_ms,
                    opened_on: 0,
                    result_seq: None,
                    waiting: false,
                    live: None,
                });
            }
        }
        Err(Error::internal("no free visit code found"))
    }

    /// The clinician's newest visits, newest first.
    pub async fn visits(&self, clinician_id: i64) -> Result<Vec<VisitRow>, Error> {
        let sql =
            format!("{COLUMNS} WHERE v.clinician_id = ? ORDER BY v.created_at_ms DESC, v.rowid DESC LIMIT ?");
        let rows: Vec<Columns> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(clinician_id)
            .bind(LISTED)
            .fetch_all(&self.pool)
            .await?;
        Ok(rows.into_iter().map(VisitRow::new).collect())
    }

    /// One visit of this clinician's own.
    pub async fn visit(&self, clinician_id: i64, visit_id: &str) -> Result<VisitRow, Error> {
        let sql = format!("{COLUMNS} WHERE v.clinician_id = ? AND v.id = ?");
        let row: Option<Columns> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(clinician_id)
            .bind(visit_id)
            .fetch_optional(&self.pool)
            .await?;
        row.map(VisitRow::new).ok_or(Error::UnknownVisit)
    }
}
