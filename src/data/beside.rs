//! What is written along with a record: its history, its search words, rows that depend on it.
//!
//! PostgreSQL gets all of it as one statement, since each is a round trip. SQLite, which is no further away than a function, gets
//! one after the other.

use sea_orm::sea_query::{CommonTableExpression, SubQueryStatement, WithClause, WithQuery};
use sea_orm::{ActiveModelTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, ExecResult, IntoActiveModel, QueryTrait};

use super::database::Transaction;

/// Statements that need nothing of each other's answers.
#[derive(Debug, Default)]
pub struct Beside(Vec<SubQueryStatement>);

impl Beside {
    /// A row that has no history of its own.
    pub fn insert<E>(&mut self, row: E::Model)
    where
        E: EntityTrait<Model: IntoActiveModel<E::ActiveModel>, ActiveModel: ActiveModelTrait>,
    {
        self.add(E::insert(row.into_active_model().reset_all()).into_query());
    }

    /// Any other statement. On PostgreSQL it sees nothing of what the others write, and they nothing of what it writes, but references
    /// hold when all are done.
    pub fn add(&mut self, statement: impl Into<SubQueryStatement>) {
        self.0.push(statement.into());
    }

    /// Writes all of it.
    ///
    /// # Errors
    /// When the database fails, or a reference names nothing.
    pub async fn write(mut self, connection: &Transaction) -> Result<(), DbErr> {
        if !self.0.is_empty() {
            let first = self.0.remove(0);
            self.write_with(connection, first).await?;
        }
        Ok(())
    }

    /// Writes the record itself, which comes first, and all of this. Answers how many rows of the record there were.
    ///
    /// # Errors
    /// The same.
    pub(super) async fn write_with(self, connection: &Transaction, record: SubQueryStatement) -> Result<u64, DbErr> {
        if connection.get_database_backend() != DbBackend::Postgres || self.0.is_empty() {
            let written = execute(connection, &record).await?;
            for statement in &self.0 {
                execute(connection, statement).await?;
            }
            return Ok(written.rows_affected());
        }
        let mut parts = WithClause::new();
        for (place, statement) in self.0.into_iter().enumerate() {
            let mut part = CommonTableExpression::new();
            part.table_name(format!("part{place}")).query(statement);
            parts.cte(part);
        }
        // `WithClause::query` would copy all of it.
        let mut whole = WithQuery::new();
        whole.with_clause(parts).query(record);
        Ok(connection.execute(&whole).await?.rows_affected())
    }
}

async fn execute(connection: &Transaction, statement: &SubQueryStatement) -> Result<ExecResult, DbErr> {
    match statement {
        SubQueryStatement::SelectStatement(select) => connection.execute(select).await,
        SubQueryStatement::InsertStatement(insert) => connection.execute(insert).await,
        SubQueryStatement::UpdateStatement(update) => connection.execute(update).await,
        SubQueryStatement::DeleteStatement(delete) => connection.execute(delete).await,
        SubQueryStatement::WithStatement(with) => connection.execute(with).await,
    }
}
