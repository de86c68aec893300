//! Exporting records: CSV with the columns that an import takes, so that what was exported can be imported again.
//!
//! Records are read page by page in the order of their ids. Every row has an external id: the record's own, or its id here where it
//! has none; an import finds records by either.

mod catalogue;
mod kinds;
mod related;
mod sales;

use std::io::Write;

use csv::Writer;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

use crate::app::App;
use crate::auth::Scope;
use crate::auth::scope::Visible;
use crate::data::record::Record;
use crate::error::{Error, Result};
use crate::import::Kind;
use crate::import::fields::{Field, Form, Target};
use crate::import::kinds::Importable;
use crate::values::cell::harmless;
use crate::values::money::Money;
use related::Related;

/// Rows that are read at once.
const PAGE: u64 = 1_000;

/// The row that a kind exports.
type Model<K> = <<K as Exportable>::Import as Importable>::Model;
/// Its table.
type Entity<K> = <<K as Exportable>::Import as Importable>::Entity;

/// A kind of record that can be exported.
trait Exportable: Default {
    /// The same as it is imported: its fields are the columns.
    type Import: Importable;

    /// Which rows.
    fn select(_app: &App, scope: Scope) -> Select<Entity<Self>> {
        scope.find::<Entity<Self>>()
    }

    /// Reads what the rows of a page need beside the records themselves.
    async fn prepare(&mut self, _app: &App, _scope: Scope, _page: &[Model<Self>]) -> Result<()> {
        Ok(())
    }

    /// What a record says about a field of the import.
    fn said(&self, record: &Model<Self>, field: &str) -> Said;
}

/// What a record says about a field.
#[derive(Debug, Clone, PartialEq)]
enum Said {
    /// A text that somebody wrote.
    Text(Option<String>),
    /// A number, day, moment or word of the API.
    Exact(Option<String>),
    /// An amount and its currency.
    Money(Option<i64>, Option<String>),
    /// Another record.
    Record(Option<Uuid>),
}

impl Said {
    fn text(text: &Option<String>) -> Self {
        Self::Text(text.clone())
    }

    fn exact<T: ToString>(value: Option<T>) -> Self {
        Self::Exact(value.map(|value| value.to_string()))
    }

    fn moment(moment: Option<chrono::DateTime<chrono::Utc>>) -> Self {
        Self::exact(moment.map(|moment| moment.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)))
    }

    fn external_id<T: ToString>(external_id: &Option<String>, id: T) -> Self {
        Self::Text(Some(external_id.clone().unwrap_or_else(|| id.to_string())))
    }

    fn record<E>(id: Option<entity::Id<E>>) -> Self {
        Self::Record(id.map(entity::Id::uuid))
    }
}

/// Writes all records of a kind as CSV and answers how many.
///
/// # Errors
/// When the database can't be read or the file can't be written.
pub async fn export(app: &App, scope: Scope, kind: Kind, to: impl Write) -> Result<u64> {
    match kind {
        Kind::Leads => all(app, scope, kinds::Leads, to).await,
        Kind::Accounts => all(app, scope, kinds::Accounts, to).await,
        Kind::Contacts => all(app, scope, kinds::Contacts, to).await,
        Kind::Opportunities => all(app, scope, sales::Opportunities::default(), to).await,
        Kind::Activities => all(app, scope, sales::Activities::default(), to).await,
        Kind::Campaigns => all(app, scope, sales::Campaigns, to).await,
        Kind::CampaignMembers => all(app, scope, catalogue::CampaignMembers, to).await,
        Kind::Products => all(app, scope, catalogue::Products::default(), to).await,
        Kind::LineItems => all(app, scope, catalogue::LineItems, to).await,
        Kind::ExchangeRates => all(app, scope, sales::ExchangeRates, to).await,
    }
}

async fn all<K: Exportable>(app: &App, scope: Scope, mut kind: K, to: impl Write) -> Result<u64> {
    let fields = <K::Import as Importable>::FIELDS;
    let mut related = Related::lists(app, scope).await?;
    let mut file = Writer::from_writer(to);
    file.write_record(fields.iter().flat_map(columns)).map_err(unwritable)?;
    let (mut written, mut last) = (0, None);
    loop {
        let id = <Entity<K> as Visible>::ID;
        let mut select = K::select(app, scope).order_by_asc(id).limit(PAGE);
        if let Some(last) = last {
            select = select.filter(id.gt::<Uuid>(last));
        }
        let page = select.all(app.database().read()).await?;
        let Some(end) = page.last() else { break };
        last = Some(end.uuid());
        kind.prepare(app, scope, &page).await?;
        let said = |record: &Model<K>| fields.iter().map(|field| kind.said(record, field.name)).collect::<Vec<_>>();
        let rows: Vec<Vec<Said>> = page.iter().map(said).collect();
        related.load(app, scope, fields, &rows).await?;
        for row in rows {
            let cells = fields.iter().zip(row).flat_map(|(field, said)| cells(field, said, &related));
            file.write_record(cells).map_err(unwritable)?;
            written += 1;
        }
    }
    file.flush().map_err(|cause| unwritable(cause.into()))?;
    Ok(written)
}

/// Whether related records of this kind are found by their external ids.
fn has_external_id(target: Target) -> bool {
    target.ways().contains(&crate::import::mapping::FindBy::ExternalId)
}

/// The columns of a field: an amount has one for its currency, another record one for its external id, too.
fn columns(field: &Field) -> Vec<String> {
    let name = field.name.to_owned();
    match field.form {
        Form::Money => vec![name, format!("{}Currency", field.name)],
        Form::Reference(target) if has_external_id(target) => vec![name, format!("{}ExternalId", field.name)],
        _ => vec![name],
    }
}

/// The cells of these columns.
fn cells(field: &Field, said: Said, related: &Related) -> Vec<String> {
    let text = |text: Option<String>| text.map(|text| harmless(&text).into_owned()).unwrap_or_default();
    match said {
        Said::Text(given) => vec![text(given)],
        Said::Exact(given) => vec![given.unwrap_or_default()],
        Said::Money(Some(amount), Some(currency)) => {
            vec![Money { amount, currency: currency.clone() }.decimal().to_string(), currency]
        }
        Said::Money(..) => vec![String::new(), String::new()],
        Said::Record(id) => {
            let found = id.and_then(|id| related.find(id));
            let name = text(found.map(|found| found.name.clone()));
            match field.form {
                Form::Reference(target) if has_external_id(target) => {
                    vec![name, text(found.map(|found| found.external_id.clone()))]
                }
                _ => vec![name],
            }
        }
    }
}

fn unwritable(cause: csv::Error) -> Error {
    Error::bad_input(format!("The export cannot be written: {cause}."))
}
