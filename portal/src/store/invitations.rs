//! Invitations: who holds the token may test in that visit, and nothing else.

use crate::error::Error;
use crate::secret::SecretDigest;

use super::visits::{mode_of, test_of, Mode, Test};
use super::Store;

/// Tabs counted for one link; beyond, the count stays.
const OPENERS_PER_LINK: i64 = 64;

/// What a token opens.
#[derive(Clone, Debug)]
pub struct InvitedVisit {
    /// Pseudonym.
    pub id: String,
    /// Four letters that both screens show.
    pub code: String,
    /// Real or demo.
    pub mode: Mode,
    /// The test asked for.
    pub test: Test,
}

impl Store {
    /// The visit that this token opens, unless the link was replaced or has expired.
    pub async fn invited(&self, token: SecretDigest, now_ms: i64) -> Result<Option<InvitedVisit>, Error> {
        let sql = "SELECT id, code, mode, test FROM visit \
                   WHERE invitation_digest = ? AND invitation_expires_at_ms > ?";
        let row: Option<(String, String, String, String)> =
            sqlx::query_as(sql).bind(token.as_bytes()).bind(now_ms).fetch_optional(&self.pool).await?;
        Ok(row.map(|(id, code, mode, test)| InvitedVisit {
            id,
            code,
            mode: mode_of(&mode),
            test: test_of(&test),
        }))
    }

    /// Gives the visit a new link: the old one is dead with the commit, and openings are counted afresh.
    pub async fn replace_invitation(
        &self,
        clinician_id: i64,
        visit_id: &str,
        token: SecretDigest,
        (now_ms, expires_at_ms): (i64, i64),
    ) -> Result<(), Error> {
        let mut tx = self.write().await?;
        let sql = "UPDATE visit SET invitation_digest = ?, invitation_expires_at_ms = ? \
                   WHERE clinician_id = ? AND id = ?";
        let query =
            sqlx::query(sql).bind(token.as_bytes()).bind(expires_at_ms).bind(clinician_id).bind(visit_id);
        if query.execute(&mut *tx).await?.rows_affected() == 0 {
            return Err(Error::UnknownVisit);
        }
        sqlx::query("DELETE FROM opener WHERE visit_id = ?").bind(visit_id).execute(&mut *tx).await?;
        // What the old link's holder did last is no longer what happens in this visit.
        sqlx::query("DELETE FROM event WHERE visit_id = ? AND kind IN ('live', 'opened')")
            .bind(visit_id)
            .execute(&mut *tx)
            .await?;
        Self::append(&mut tx, visit_id, "opened", "0", now_ms).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Counts a tab that opened the link; one that came before changes nothing. `true` when it is a new one.
    pub async fn count_opener(
        &self,
        visit_id: &str,
        opener: SecretDigest,
        now_ms: i64,
    ) -> Result<bool, Error> {
        let mut tx = self.write().await?;
        let sql = "INSERT INTO opener (visit_id, digest) SELECT ?1, ?2 \
                   WHERE (SELECT count(*) FROM opener WHERE visit_id = ?1) < ?3 ON CONFLICT DO NOTHING";
        let query = sqlx::query(sql).bind(visit_id).bind(opener.as_bytes()).bind(OPENERS_PER_LINK);
        let is_new = query.execute(&mut *tx).await?.rows_affected() == 1;
        if is_new {
            let count: i64 = sqlx::query_scalar("SELECT count(*) FROM opener WHERE visit_id = ?")
                .bind(visit_id)
                .fetch_one(&mut *tx)
                .await?;
            Self::replace(&mut tx, visit_id, "opened", &count.to_string(), now_ms).await?;
        }
        tx.commit().await?;
        Ok(is_new)
    }
}
