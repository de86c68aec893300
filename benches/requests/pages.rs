//! Page 1 of lists against page 1 000, or against the last full page of shorter lists.

use std::error::Error;

use serde_json::{Value as Json, json};

use super::Options;
use super::load::{Client, Requests};
use super::operations::prepared;
use super::rounds::alternate;
use super::table::{figure, say};

/// The lists, with an order each and some fields.
const LISTS: [(&str, &str, &str); 5] = [
    ("leads", "[{field: CREATED_AT, direction: DESC}]", "id name company status createdAt"),
    ("accounts", "[{field: NAME}]", "id name industry"),
    ("contacts", "[{field: LAST_NAME}]", "id name email"),
    ("opportunities", "[{field: CLOSE_DATE}]", "id name closeDate"),
    ("opportunities", "[{field: AMOUNT, direction: DESC}]", "id name probability"),
];
/// Rows of a page when the way to the far one is walked, and pages of 50 that are walked past in one step.
const STEP: usize = 200;
/// Rows that lie before page 1 000.
const FAR: usize = 999 * 50;

/// Measures and prints it.
pub async fn measure(options: &Options, client: &Client) -> Result<(), Box<dyn Error>> {
    say("")?;
    for (list, order, fields) in LISTS {
        let document = |first: usize, fields: &str| {
            format!(
                "query($after: String) {{ {list}(first: {first}, after: $after, orderBy: {order}) {{ {fields} \
                pageInfo {{ hasNextPage hasPreviousPage endCursor }} }} }}"
            )
        };
        let (far, page) = walk(client, list, &document(STEP, "")).await?;
        let Some(far) = far else { continue };
        let document = document(50, &format!("nodes {{ {fields} }}"));
        let ask = |after: Json| Requests::cycle(&[prepared(&document, &json!({ "after": after }))]);
        let (first, far) = (ask(Json::Null), ask(Json::from(far)));
        let rounds = alternate((client, &first), (client, &far), options.rounds, options.round() / 2).await?;
        let slower = rounds.ratio();
        figure(
            &format!("{list} by {}: page {page} / page 1", order.trim_matches(['[', ']', '{', '}']).replace("field: ", "")),
            format_args!("{slower:.2} times the time"),
            Some((slower <= 1.2, "at most 1.2")),
        )?;
    }
    Ok(())
}

/// The cursor before a far page, and that page's number.
async fn walk(client: &Client, list: &str, document: &str) -> Result<(Option<String>, usize), Box<dyn Error>> {
    let (mut after, mut rows) = (None, 0);
    while rows + STEP <= FAR + 50 {
        let answer: Json = serde_json::from_slice(&client.send(&prepared(document, &json!({ "after": after }))).await?)?;
        let page = &answer["data"][list]["pageInfo"];
        let Some(end) = page["endCursor"].as_str().filter(|_| page["hasNextPage"] == true) else { break };
        (after, rows) = (Some(end.to_owned()), rows + STEP);
    }
    Ok((after, rows / 50 + 1))
}
