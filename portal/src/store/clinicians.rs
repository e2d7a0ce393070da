//! Clinicians and their sessions.

use crate::error::Error;
use crate::secret::SecretDigest;

use super::Store;

/// At most this many sign-ins of one clinician at a time; the oldest ends.
const SESSIONS_PER_CLINICIAN: i64 = 10;

/// A clinician's row, without the password.
#[derive(Clone, Debug)]
pub struct ClinicianRow {
    /// Database id.
    pub id: i64,
    /// Sign-in name as it was added.
    pub name: String,
}

impl Store {
    /// Adds a clinician with a hashed password; `false` when the name (in any case) is taken.
    pub async fn add_clinician(&self, name: &str, password: &str, now_ms: i64) -> Result<bool, Error> {
        let sql =
            "INSERT INTO clinician (name, password, created_at_ms) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
        let done = sqlx::query(sql).bind(name).bind(password).bind(now_ms).execute(&self.pool).await?;
        Ok(done.rows_affected() == 1)
    }

    /// Sets a clinician's hashed password and ends all sign-ins; `false` when there is no such name.
    pub async fn set_password(&self, name: &str, password: &str) -> Result<bool, Error> {
        let mut tx = self.write().await?;
        let done = sqlx::query("UPDATE clinician SET password = ? WHERE name = ?").bind(password).bind(name);
        let changed = done.execute(&mut *tx).await?.rows_affected() == 1;
        let sql = "DELETE FROM session WHERE clinician_id = (SELECT id FROM clinician WHERE name = ?)";
        sqlx::query(sql).bind(name).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(changed)
    }

    /// All sign-in names, in order.
    pub async fn clinician_names(&self) -> Result<Vec<String>, Error> {
        Ok(sqlx::query_scalar("SELECT name FROM clinician ORDER BY name").fetch_all(&self.pool).await?)
    }

    /// The clinician of this name, with the stored password hash.
    pub async fn clinician(&self, name: &str) -> Result<Option<(ClinicianRow, String)>, Error> {
        let row: Option<(i64, String, String)> =
            sqlx::query_as("SELECT id, name, password FROM clinician WHERE name = ?")
                .bind(name)
                .fetch_optional(&self.pool)
                .await?;
        Ok(row.map(|(id, name, password)| (ClinicianRow { id, name }, password)))
    }

    /// Begins a session, clears ended ones and the oldest beyond the allowed number.
    pub async fn begin_session(
        &self,
        clinician_id: i64,
        token: SecretDigest,
        now_ms: i64,
        expires_at_ms: i64,
    ) -> Result<(), Error> {
        let mut tx = self.write().await?;
        sqlx::query("DELETE FROM session WHERE expires_at_ms <= ?").bind(now_ms).execute(&mut *tx).await?;
        sqlx::query("INSERT INTO session (token_digest, clinician_id, expires_at_ms) VALUES (?, ?, ?)")
            .bind(token.as_bytes())
            .bind(clinician_id)
            .bind(expires_at_ms)
            .execute(&mut *tx)
            .await?;
        let sql = "DELETE FROM session WHERE clinician_id = ?1 AND token_digest NOT IN (SELECT token_digest \
                   FROM session WHERE clinician_id = ?1 ORDER BY expires_at_ms DESC, token_digest = ?2 DESC LIMIT ?3)";
        sqlx::query(sql)
            .bind(clinician_id)
            .bind(token.as_bytes())
            .bind(SESSIONS_PER_CLINICIAN)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// The clinician whose session this is, unless it has ended.
    pub async fn session(&self, token: SecretDigest, now_ms: i64) -> Result<Option<ClinicianRow>, Error> {
        let sql = "SELECT c.id, c.name FROM session s JOIN clinician c ON c.id = s.clinician_id \
                   WHERE s.token_digest = ? AND s.expires_at_ms > ?";
        let row: Option<(i64, String)> =
            sqlx::query_as(sql).bind(token.as_bytes()).bind(now_ms).fetch_optional(&self.pool).await?;
        Ok(row.map(|(id, name)| ClinicianRow { id, name }))
    }

    /// Ends a session; one that has ended already is no error.
    pub async fn end_session(&self, token: SecretDigest) -> Result<(), Error> {
        sqlx::query("DELETE FROM session WHERE token_digest = ?")
            .bind(token.as_bytes())
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}
