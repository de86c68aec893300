//! Reading what a quote's document says.

use entity::{QuoteId, account, contact, opportunity, user};

use super::document::Document;
use super::store;
use crate::app::App;
use crate::auth::scope::Visible;
use crate::auth::{Actor, Scope};
use crate::error::{Error, Result};

/// The document of a quote; nothing where the actor sees no such quote.
pub async fn document(app: &App, actor: &Actor, id: QuoteId) -> Result<Option<Document>> {
    let (connection, scope) = (app.database().read(), actor.scope());
    let Some(quote) = store::find(connection, scope, id).await? else { return Ok(None) };
    let lines = store::lines(connection, id).await?;
    let sale = needed::<opportunity::Entity>(app, scope, Some(quote.opportunity_id)).await?;
    let sale = sale.ok_or_else(|| Error::internal("a quote without an opportunity"))?;
    let account = needed::<account::Entity>(app, scope, Some(sale.account_id)).await?;
    Ok(Some(Document {
        lines,
        account: account.ok_or_else(|| Error::internal("an opportunity without an account"))?,
        contact: needed::<contact::Entity>(app, scope, sale.primary_contact_id).await?,
        owner: needed::<user::Entity>(app, scope, sale.owner_id).await?,
        subject: sale.name,
        dated: quote.sent_at.map_or_else(|| app.today(), |sent| app.day_of(sent)),
        today: app.today(),
        locale: app.workspace().locale.clone(),
        quote,
    }))
}

async fn needed<E: Visible>(app: &App, scope: Scope, id: Option<entity::Id<E>>) -> Result<Option<E::Model>> {
    let Some(id) = id else { return Ok(None) };
    use sea_orm::{ColumnTrait, QueryFilter};
    Ok(scope.find::<E>().filter(E::ID.eq(id)).one(app.database().read()).await?)
}
