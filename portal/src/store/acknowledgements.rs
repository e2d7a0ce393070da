//! Acknowledgements of red flags: one for each result, the first one stands.

use crate::error::Error;

use super::Store;

/// Who acknowledged a result's flags, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledged {
    /// The clinician's name.
    pub by: String,
    /// By the portal's clock.
    pub at_ms: i64,
}

impl Store {
    /// Acknowledges the flags of a result of this clinician's own visit. What was acknowledged before stays as it was.
    /// Watchers are told where it is the newest result; an older one comes back in no event.
    pub async fn acknowledge(
        &self,
        clinician_id: i64,
        visit_id: &str,
        report_id: &str,
        now_ms: i64,
    ) -> Result<(), Error> {
        let mut tx = self.write().await?;
        let sql = "INSERT INTO acknowledgement (report_id, clinician_id, at_ms) \
                   SELECT r.report_id, ?1, ?4 FROM result r JOIN visit v ON v.id = r.visit_id \
                   WHERE v.clinician_id = ?1 AND v.id = ?2 AND r.report_id = ?3 AND r.flagged = 1 \
                   ON CONFLICT (report_id) DO NOTHING";
        let query = sqlx::query(sql).bind(clinician_id).bind(visit_id).bind(report_id).bind(now_ms);
        if query.execute(&mut *tx).await?.rows_affected() == 0 {
            let sql = "SELECT count(*) FROM acknowledgement a JOIN result r ON r.report_id = a.report_id \
                       JOIN visit v ON v.id = r.visit_id WHERE v.clinician_id = ? AND v.id = ? AND r.report_id = ?";
            let query = sqlx::query_scalar(sql).bind(clinician_id).bind(visit_id).bind(report_id);
            let there: i64 = query.fetch_one(&mut *tx).await?;
            return if there == 1 { Ok(()) } else { Err(Error::NothingToAcknowledge) };
        }
        let sql = "SELECT data FROM event WHERE visit_id = ? AND kind = 'result' ORDER BY seq DESC LIMIT 1";
        let newest: Option<String> = sqlx::query_scalar(sql).bind(visit_id).fetch_optional(&mut *tx).await?;
        if newest.as_deref() == Some(report_id) {
            Self::append(&mut tx, visit_id, "result", report_id, now_ms).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}
