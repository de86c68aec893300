//! Statements that a write carries out in the background, one after the other, while the caller makes the next ones.

use std::sync::Arc;

use sea_orm::{ConnectionTrait, DbErr, Statement};
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;

use super::database::WriteTransaction;
use crate::error::{Error, Result};

/// How many portions of statements may wait, so that whoever makes them doesn't run far ahead.
const MOST_WAITING: usize = 8;

/// What is carried out in the background. Dropping it gives up what waits.
#[derive(Default)]
pub struct Behind(Mutex<Option<Running>>);

struct Running {
    portions: mpsc::Sender<Vec<Statement>>,
    task: JoinSet<Result<(), DbErr>>,
}

impl Behind {
    /// Carries statements out after those before them. Waits only where too many portions do.
    pub async fn carry_out(&self, transaction: &Arc<WriteTransaction>, statements: Vec<Statement>) {
        let mut running = self.0.lock().await;
        let Running { portions, .. } = running.get_or_insert_with(|| {
            let (portions, mut waiting) = mpsc::channel::<Vec<Statement>>(MOST_WAITING);
            let transaction = transaction.clone();
            let mut task = JoinSet::new();
            task.spawn(async move {
                while let Some(statements) = waiting.recv().await {
                    for statement in statements {
                        transaction.connection().execute_raw(statement).await?;
                    }
                }
                Ok(())
            });
            Running { portions, task }
        });
        // Nobody receives it where one before it failed: then `settle` tells.
        drop(portions.send(statements).await);
    }

    /// Waits until all of it is carried out.
    ///
    /// # Errors
    /// Those of the statements.
    pub async fn settle(&self) -> Result<()> {
        let Some(Running { portions, mut task }) = self.0.lock().await.take() else { return Ok(()) };
        drop(portions);
        while let Some(done) = task.join_next().await {
            done.map_err(Error::internal)??;
        }
        Ok(())
    }
}
