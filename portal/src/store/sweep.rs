//! What has ended is taken away.

use crate::error::Error;

use super::Store;

impl Store {
    /// Removes sessions that have ended, live statuses from before `live_before_ms`, and the digests of links that
    /// have expired: random bytes take their place, which no token has. What a clinician still reads stays: visits,
    /// results, and on how many tabs a link was opened.
    pub async fn sweep(&self, now_ms: i64, live_before_ms: i64) -> Result<(), Error> {
        let mut tx = self.write().await?;
        sqlx::query("DELETE FROM session WHERE expires_at_ms <= ?").bind(now_ms).execute(&mut *tx).await?;
        sqlx::query("DELETE FROM event WHERE kind = 'live' AND at_ms < ?")
            .bind(live_before_ms)
            .execute(&mut *tx)
            .await?;
        // 0 marks a link that is gone, so that each is rewritten once.
        let sql = "UPDATE visit SET invitation_digest = randomblob(32), invitation_expires_at_ms = 0 \
                   WHERE invitation_expires_at_ms BETWEEN 1 AND ?";
        sqlx::query(sql).bind(now_ms).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(())
    }
}
