//! What line items were before each of their changes, as rows out of the history: so that reports tell of them as of any past instant.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::sql_step::SqlStep;

/// What the databases call differently.
struct Words {
    entries: &'static str,
    of_lines: &'static str,
    position: &'static str,
    hex: fn(&str, usize) -> String,
    uuid: fn(&str) -> String,
    before: fn(&str) -> String,
    after: fn(&str) -> String,
    ten_thousandths: fn(&str) -> String,
}

const POSTGRES: Words = Words {
    entries: "jsonb_array_elements(changes.fields)",
    of_lines: r#"changes.fields @> '[{"field": "lineItems"}]'"#,
    position: "strpos",
    hex: |number, digits| format!("lpad(to_hex({number}), {digits}, '0')"),
    uuid: |hex| format!("CAST({hex} AS uuid)"),
    before: |path| format!("entry.value #>> '{{before,{}}}'", path.replace('.', ",")),
    after: |path| format!("entry.value #>> '{{after,{}}}'", path.replace('.', ",")),
    ten_thousandths: |amount| format!("CAST(CAST({amount} AS numeric) * 10000 AS bigint)"),
};

/// Numbers are read from their digits, because SQLite has no exact ones with decimals.
const SQLITE: Words = Words {
    entries: "json_each(changes.fields)",
    of_lines: r#"instr(changes.fields, '"lineItems"') > 0"#,
    position: "instr",
    hex: |number, digits| format!("printf('%0{digits}x', {number})"),
    uuid: |hex| format!("unhex({hex})"),
    before: |path| format!("json_extract(entry.value, '$.before.{path}')"),
    after: |path| format!("json_extract(entry.value, '$.after.{path}')"),
    ten_thousandths: |amount| {
        format!(
            "CAST(replace({amount}, '.', '') AS INTEGER) * CASE instr({amount}, '.') WHEN 0 THEN 10000 ELSE \
             CASE length({amount}) - instr({amount}, '.') WHEN 1 THEN 1000 WHEN 2 THEN 100 WHEN 3 THEN 10 ELSE 1 END END"
        )
    },
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let words = match manager.get_database_backend() {
            DbBackend::Sqlite => SQLITE,
            _ => POSTGRES,
        };
        SqlStep { name: "", sql: &views(&words) }.run(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn views(words: &Words) -> String {
    let Words { entries, of_lines, before, after, ten_thousandths, .. } = words;
    format!(
        r#"
-- What a line item was before a change; without a total where it wasn't there. Those that an opportunity was created with, as an import
-- makes them, have been there as long as it.
CREATE VIEW line_item_changes AS
SELECT changes.id AS change_id, changes.record_id AS opportunity_id, changes.at AS at,
    {} AS line_item_id, {} AS product_id, {} AS total
FROM changes, {entries} AS entry
WHERE {of_lines} AND changes.action <> 'created' AND entry.value ->> 'field' = 'lineItems';

CREATE INDEX changes_line_items ON changes (at) WHERE {of_lines};

-- The line items of now by another name: statements about a past instant call those of then line_items.
CREATE VIEW line_items_of_now AS SELECT id, opportunity_id, product_id, total FROM line_items;
"#,
        uuid(words, "line_item", &format!("COALESCE({}, {})", before("id"), after("id"))),
        uuid(words, "product", &before("product")),
        ten_thousandths(&before("total.amount")),
    )
}

/// The UUID of an id, whose 26 characters after the prefix stand for five bits each: two of them for eight, and then each four for five
/// hexadecimal digits.
fn uuid(words: &Words, prefix: &str, id: &str) -> String {
    let value = |place: usize| {
        let character = format!("substr({id}, {}, 1)", prefix.len() + 1 + place);
        format!("({}('0123456789abcdefghjkmnpqrstvwxyz', {character}) - 1)", words.position)
    };
    let digits = |first: usize, count: usize, width: usize| {
        let number = (first + 1..first + count).fold(value(first), |number, place| format!("({number} * 32 + {})", value(place)));
        (words.hex)(&number, width)
    };
    let mut hex = vec![digits(1, 2, 2)];
    hex.extend((0..6).map(|chunk| digits(3 + 4 * chunk, 4, 5)));
    format!("CASE WHEN {id} IS NOT NULL THEN {} END", (words.uuid)(&format!("({})", hex.join(" || "))))
}
