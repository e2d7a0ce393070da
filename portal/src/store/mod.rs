//! The database: the only place that speaks SQL.
//!
//! SQLite in WAL mode with full synchronisation: an answer "stored" means on the disk. Everything about a visit is
//! asked for together with its owner, so that another clinician's visit and no visit are the same answer.

use std::path::Path;
use std::time::Duration;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, SqlSafeStr, Sqlite, SqlitePool, Transaction};

use crate::error::Error;

pub mod acknowledgements;
pub mod clinicians;
pub mod events;
pub mod invitations;
pub mod results;
pub mod sweep;
pub mod visits;

/// The migrations in order; one that was released is never edited.
const MIGRATIONS: [(i64, &str, &str); 2] =
    [(1, "first tables", include_str!("schema.sql")), (2, "red flags", include_str!("red_flags.sql"))];

/// A pool of connections to one database file.
#[derive(Clone)]
pub struct Store {
    pool: SqlitePool,
}

impl Store {
    /// Opens the file, makes it (readable by its owner only) when it is absent, and brings the tables up to date.
    pub async fn open(file: &Path) -> Result<Self, Error> {
        make_private(file).map_err(Error::internal)?;
        let options = SqliteConnectOptions::new()
            .filename(file)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .pragma("secure_delete", "ON")
            .pragma("trusted_schema", "OFF")
            .disable_statement_logging();
        let pool = SqlitePoolOptions::new().max_connections(8).connect_with(options).await?;
        let migrations = MIGRATIONS.map(|(version, name, sql)| {
            Migration::new(version, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
        });
        Migrator::with_migrations(migrations.to_vec()).run(&pool).await.map_err(Error::internal)?;
        Ok(Self { pool })
    }

    /// Whether the database answers.
    pub async fn is_well(&self) -> bool {
        sqlx::query("SELECT count(*) FROM clinician").execute(&self.pool).await.is_ok()
    }

    /// Waits for the connections to close; the last one folds the WAL into the file.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// A transaction that takes the write lock at its beginning: it waits for its turn there, and cannot fail
    /// half-way because another writer came between its read and its write.
    async fn write(&self) -> Result<Transaction<'static, Sqlite>, Error> {
        Ok(self.pool.begin_with("BEGIN IMMEDIATE").await?)
    }
}

#[cfg(unix)]
fn make_private(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    // SQLite gives the -wal and -shm files the mode of the database file.
    std::fs::OpenOptions::new().append(true).create(true).mode(0o600).open(file).map(drop)
}

#[cfg(not(unix))]
fn make_private(file: &Path) -> std::io::Result<()> {
    std::fs::OpenOptions::new().append(true).create(true).open(file).map(drop)
}
