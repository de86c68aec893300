//! A list of texts as one value of a statement, which then is the same however many there are, and stays prepared.

use sea_orm::DbBackend;
use sea_orm::sea_query::{Expr, Func, FunctionCall};
use serde_json::json;

/// The column of `rows_of` with the texts: what both databases call it.
pub(super) const TEXT: &str = "value";

/// The texts as rows.
pub(super) fn rows_of<T: AsRef<str>>(database: DbBackend, texts: impl IntoIterator<Item = T>) -> FunctionCall {
    let elements = match database {
        DbBackend::Postgres => "jsonb_array_elements_text",
        _ => "json_each",
    };
    let texts: Vec<String> = texts.into_iter().map(|text| text.as_ref().to_owned()).collect();
    Func::cust(elements).arg(Expr::value(json!(texts)))
}
