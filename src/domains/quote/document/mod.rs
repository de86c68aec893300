//! A quote as a document for the customer: one HTML page that needs nothing else, for the screen and for paper.

mod wording;
mod writing;

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::NaiveDate;
use entity::{QuoteStatus, account, contact, quote, quote_line, user};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use self::wording::Wording;
use self::writing::Writing;
use super::lines;
use super::rules;
use crate::error::Result;
use crate::graphql::common::Address;

const STYLE: &str = include_str!("style.css");

/// What browsers may load for the document: its own style and nothing else.
pub static CONTENT_SECURITY_POLICY: LazyLock<String> = LazyLock::new(|| {
    let style = STANDARD.encode(Sha256::digest(STYLE));
    format!("default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
});

/// Everything that the document says.
pub struct Document {
    /// The quote.
    pub quote: quote::Model,
    /// What it offers.
    pub lines: Vec<quote_line::Model>,
    /// Whom it is for.
    pub account: account::Model,
    /// Whom we talk to there.
    pub contact: Option<contact::Model>,
    /// Who sells.
    pub owner: Option<user::Model>,
    /// What the sale is called.
    pub subject: String,
    /// The day that it bears, in the workspace's time zone: of sending, or today.
    pub dated: NaiveDate,
    /// Today in the workspace's time zone, which decides what has expired.
    pub today: NaiveDate,
    /// The workspace's locale, a BCP 47 tag such as `de-AT`.
    pub locale: String,
}

impl Document {
    /// What the quote is called.
    pub fn reference(&self) -> String {
        rules::reference(self.quote.number, self.quote.revision)
    }

    /// Writes the page. All texts are escaped.
    pub fn write(&self) -> Result<String> {
        let writing = Writing::of(&self.locale)?;
        let words = wording::of(writing.locale());
        let page = html! {
            (DOCTYPE)
            html lang=(writing.language_of(words)) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (words.quote) " " (self.reference()) " – " (self.account.name) }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    article {
                        (self.head(words))
                        (self.facts(words, &writing)?)
                        (self.table(words, &writing)?)
                        (self.foot(words))
                    }
                }
            }
        };
        Ok(page.into_string())
    }

    fn head(&self, words: &Wording) -> Markup {
        let reached = rules::status(&self.quote, self.today);
        let status = words.status(reached);
        html! {
            header {
                div {
                    h1 { (words.quote) " " span.reference { (self.reference()) } }
                    p.subject { (self.subject) }
                }
                @if let Some(status) = status { p.status.agreed[reached == QuoteStatus::Accepted] { (status) } }
            }
        }
    }

    fn facts(&self, words: &Wording, writing: &Writing) -> Result<Markup> {
        let dated = writing.date(self.dated)?;
        let expires = self.quote.expires_on.map(|day| writing.date(day)).transpose()?;
        Ok(html! {
            section.facts {
                address {
                    h2 { (words.customer) }
                    p.name { (self.account.name) }
                    @if let Some(name) = self.contact.as_ref().and_then(contact_name) { p { (name) } }
                    @for line in crate::address!(self.account).map(address_lines).unwrap_or_default() { p { (line) } }
                }
                dl {
                    (fact(words.date, Some(&dated)))
                    (fact(words.valid_until, expires.as_ref()))
                    (fact(words.payment_terms, self.quote.payment_terms.as_ref()))
                    @if let Some(owner) = &self.owner {
                        dt { (words.prepared_by) }
                        dd { (owner.name) br; span.quiet { (owner.email) } }
                    }
                }
            }
        })
    }

    fn table(&self, words: &Wording, writing: &Writing) -> Result<Markup> {
        let discounted =
            self.lines.iter().any(|line| line.discount_percent.or(line.discount_amount).is_some_and(|discount| discount > 0));
        let rows = self.lines.iter().map(|line| self.row(line, discounted, words, writing)).collect::<Result<Vec<_>>>()?;
        let total = writing.money(self.quote.total, &self.quote.currency)?;
        Ok(html! {
            table {
                thead {
                    tr {
                        th.item scope="col" { (words.item) }
                        th scope="col" { (words.quantity) }
                        th scope="col" { (words.unit_price) }
                        @if discounted { th scope="col" { (words.discount) } }
                        th scope="col" { (words.amount) }
                    }
                }
                tbody { @for row in &rows { (row) } }
                tfoot {
                    tr {
                        th.item scope="row" colspan=(if discounted { 3 } else { 2 }) { (words.total) }
                        td colspan="2" { span.currency { (self.quote.currency) } " " (total) }
                    }
                }
            }
        })
    }

    fn row(&self, line: &quote_line::Model, discounted: bool, words: &Wording, writing: &Writing) -> Result<Markup> {
        let currency = &self.quote.currency;
        let quantity = writing.number(lines::quantity(line.quantity))?;
        let price = writing.money(line.unit_price, currency)?;
        let discount = match (line.discount_percent, line.discount_amount) {
            (Some(percent @ 1..), _) => Some(words.percent(&writing.number(lines::percent(percent))?)),
            (_, Some(amount @ 1..)) => Some(writing.money(amount, currency)?),
            _ => None,
        };
        let total = writing.money(line.total, currency)?;
        let (title, more) = match (&line.product_name, &line.description) {
            (Some(name), description) => (name.as_str(), description.as_deref()),
            (None, description) => (description.as_deref().unwrap_or_default(), None),
        };
        Ok(html! {
            tr {
                td.item {
                    span.title { (title) }
                    @if let Some(code) = &line.product_code { " " span.code { (code) } }
                    @if let Some(more) = more { p.quiet { (more) } }
                }
                td { (quantity) }
                td { (price) }
                @if discounted { td { (discount.unwrap_or_default()) } }
                td { (total) }
            }
        })
    }

    fn foot(&self, words: &Wording) -> Markup {
        html! {
            @if let Some(notes) = &self.quote.notes {
                section.notes {
                    h2 { (words.notes) }
                    @for paragraph in notes.split('\n') { p { (paragraph) } }
                }
            }
        }
    }
}

fn fact(name: &str, value: Option<&String>) -> Markup {
    html! { @if let Some(value) = value { dt { (name) } dd { (value) } } }
}

fn contact_name(contact: &contact::Model) -> Option<String> {
    let parts: Vec<&str> = [&contact.first_name, &contact.last_name].into_iter().flatten().map(String::as_str).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn address_lines(address: Address) -> Vec<String> {
    let country = address.country.map(|code| {
        let found = rust_iso3166::from_alpha2(&code.0);
        found.map_or(code.0, |country| country.name.to_owned())
    });
    let place: Vec<String> = [address.postal_code, address.city].into_iter().flatten().collect();
    let street = address.street.iter().flat_map(|street| street.lines()).map(str::to_owned);
    let place = (!place.is_empty()).then(|| place.join(" "));
    street.chain(place).chain(address.region).chain(country).collect()
}

/// Which statuses the document shows: what the customer has in hand says nothing of itself.
impl Wording {
    fn status(&self, status: QuoteStatus) -> Option<&'static str> {
        match status {
            QuoteStatus::Sent => None,
            QuoteStatus::Draft => Some(self.draft),
            QuoteStatus::Accepted => Some(self.accepted),
            QuoteStatus::Rejected => Some(self.rejected),
            QuoteStatus::Expired => Some(self.expired),
            QuoteStatus::Superseded => Some(self.superseded),
            QuoteStatus::Discarded => Some(self.discarded),
        }
    }
}
