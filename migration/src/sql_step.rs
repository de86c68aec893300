//! A step that is nothing but SQL, written once for both databases.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// What PostgreSQL calls it, and what SQLite does. SQLite's tables are strict, so that it refuses values of a wrong type
/// just as PostgreSQL does; its texts are compared by their bytes and its missing values come first anyway. Tables of
/// links are stored in the order of their key, which saves an index; PostgreSQL takes the request for a comment.
const SQLITE_WORDS: [(&str, &str); 11] = [
    (" uuid", " BLOB"),
    (" timestamptz", " TEXT"),
    (" date", " TEXT"),
    (" jsonb", " TEXT"),
    (" boolean", " INTEGER"),
    (" smallint", " INTEGER"),
    (" bigint", " INTEGER"),
    (" COLLATE \"C\"", ""),
    (" NULLS FIRST", ""),
    ("\n);", "\n) STRICT;"),
    ("\n) /* WITHOUT ROWID */;", "\n) STRICT, WITHOUT ROWID;"),
];

/// A step that is nothing but SQL, in PostgreSQL's words.
pub(crate) struct SqlStep<'a> {
    pub(crate) name: &'a str,
    pub(crate) sql: &'a str,
}

impl SqlStep<'_> {
    /// Carries out the SQL in the words of the database.
    pub(crate) async fn run(&self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        let sql = self.sql_for(manager.get_database_backend());
        manager.get_connection().execute_unprepared(&sql).await.map(|_| ())
    }

    fn sql_for(&self, backend: DbBackend) -> String {
        match backend {
            DbBackend::Sqlite => SQLITE_WORDS.iter().fold(self.sql.to_owned(), |sql, (from, to)| sql.replace(from, to)),
            _ => self.sql.to_owned(),
        }
    }
}

impl MigrationName for SqlStep<'_> {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for SqlStep<'_> {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        self.run(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
