use async_graphql::MaybeUndefined;
use csv::StringRecord;
use entity::{LeadStatus, Rating};

use super::fields::{Field, Form, Target, field, known_as};
use super::mapping::Mapping;
use super::plan::Plan;
use super::values::Values;
use crate::domains::fields::Cleaner;

const FIELDS: &[Field] = &[
    field("firstName", Form::Text),
    known_as("jobTitle", Form::Text, &["title"]),
    field("status", Form::Word),
    field("rating", Form::Word),
    field("employees", Form::Integer),
    field("amount", Form::Money),
    field("closeDate", Form::Date),
    field("createdAt", Form::Moment),
    field("active", Form::Flag),
    field("stage", Form::Listed),
    field("owner", Form::Reference(Target::Owner)),
    field("contact", Form::Reference(Target::Contact)),
];

fn plan(mapping: Option<&str>, header: &[&str]) -> Result<Plan, String> {
    let header: Vec<String> = header.iter().map(|name| (*name).to_owned()).collect();
    let mapping = mapping.map(Mapping::parse).transpose().map_err(|error| error.to_string())?;
    Plan::new(FIELDS, mapping.as_ref(), &header, "Europe/Oslo").map_err(|error| error.sentences())
}

/// What a field of one column comes to.
fn read<T>(
    rules: &str,
    cell: &str,
    read: impl Fn(&Values<'_>, &mut Cleaner<'_>) -> MaybeUndefined<T>,
) -> Result<Option<T>, String> {
    let plan = plan(Some(&format!("[fields]\n{rules}")), &["A", "B"])?;
    let values = Values::new(&plan, &StringRecord::from(vec![cell, "EUR"]));
    let mut cleaner = Cleaner::new("NOK");
    let value = read(&values, &mut cleaner).take();
    match cleaner.problems.into_vec().as_slice() {
        [] => Ok(value),
        [problem, ..] => Err(problem.message.clone()),
    }
}

#[test]
fn columns_are_matched_by_name() {
    let plan = plan(None, &["First Name", "TITLE", "close_date", "Shoe size"]).expect("a plan");
    let fields: Vec<_> = plan.fields.iter().map(|planned| (planned.field.name, planned.columns.clone())).collect();
    assert_eq!(fields, [("firstName", vec![0]), ("jobTitle", vec![1]), ("closeDate", vec![2])]);
    assert_eq!(plan.unused, ["Shoe size"]);
    assert_eq!(plan.column_names("jobTitle").as_deref(), Some("TITLE"));
    assert!(self::plan(None, &["x"]).is_err_and(|sentence| sentence.starts_with("No column of the file")));
}

#[test]
fn columns_are_joined_translated_and_replaced() {
    let mapping = r#"
        [fields]
        firstName = { columns = ["A", "B"], separator = ", ", labels = true, values = { "x" = "Why", "gone" = "" }, default = "Nobody" }
        jobTitle = { constant = "Boss" }
    "#;
    let plan = plan(Some(mapping), &["A", "B"]).expect("a plan");
    for (cells, expected) in [(["X", " b "], "A: Why, B: b"), (["", "b"], "B: b"), (["gone", ""], "Nobody")] {
        let values = Values::new(&plan, &StringRecord::from(cells.to_vec()));
        assert_eq!(values.raw("firstName"), Some(expected), "{cells:?}");
        assert_eq!(values.raw("jobTitle"), Some("Boss"));
    }
}

#[test]
fn mistakes_in_mappings_are_named() {
    for (mapping, expected) in [
        ("delimeter = ','", "delimeter"),
        ("[fields]\nfirstName = { colum = \"A\" }", "colum"),
        ("[fields]\nfistName = \"A\"", "fistName"),
        ("[fields]\nfirstName = \"C\"", "names a column `C`"),
        ("[fields]\nfirstName = { column = \"A\", constant = \"x\" }", "exactly one"),
        ("[fields]\nfirstName = { column = \"A\", labels = true }", "several `columns`"),
        ("[fields]\nfirstName = { column = \"A\", format = \"%Y\" }", "`format` is for dates"),
        ("[fields]\ncloseDate = { column = \"A\", format = \"%!\" }", "strftime"),
        ("[fields]\nowner = { column = \"A\", missing = \"create\" }", "email_domain"),
        ("[fields]\nowner = { column = \"A\", find_by = \"external-id\" }", "cannot be found by external id"),
        ("[fields]\ncontact = { column = \"A\", missing = \"create\" }", "cannot be created"),
        ("[fields]\nstage = { column = \"A\", missing = \"create\" }", "not created by an import"),
        ("[fields]\namount = { column = \"A\", multiplier = 1.5 }", "in quotes"),
        ("time_zone = 'Mars'\n[fields]\nfirstName = \"A\"", "Mars"),
    ] {
        let sentence = plan(Some(mapping), &["A", "B"]).expect_err(mapping);
        assert!(sentence.contains(expected), "{mapping}: {sentence}");
    }
    assert!(plan(Some("[fields]\nfirstName = \"A\""), &["A", "A"]).is_err_and(|sentence| sentence.contains("twice")));
}

#[test]
fn numbers_and_amounts() {
    let amount = |rules: &str, cell: &str| {
        read(rules, cell, |values, cleaner| values.money(cleaner, "amount"))
            .map(|money| money.map(|money| (money.amount.0.normalize().to_string(), money.currency.map(|code| code.0))))
    };
    let some = |amount: &str, currency: Option<&str>| Ok(Some((amount.to_owned(), currency.map(str::to_owned))));
    assert_eq!(amount("amount = \"A\"", "1234.50"), some("1234.5", None));
    let german = r#"amount = { column = "A", decimal = ",", thousands = ".", currency = "eur" }"#;
    assert_eq!(amount(german, "1.234.567,89"), some("1234567.89", Some("EUR")));
    assert_eq!(
        amount(r#"amount = { column = "A", currency_column = "B", multiplier = 1_000_000 }"#, "1100.04"),
        some("1100040000", Some("EUR"))
    );
    assert_eq!(amount(r#"amount = { column = "A", multiplier = "0.01" }"#, "1 250"), some("12.5", None));
    assert_eq!(amount("amount = \"A\"", ""), Ok(None));
    for (rules, cell) in
        [("amount = \"A\"", "12,50"), (r#"amount = { column = "A", decimal = "," }"#, "12.50"), ("amount = \"A\"", "n/a")]
    {
        assert!(amount(rules, cell).is_err_and(|sentence| sentence.contains("no amount")), "{cell}");
    }
    let whole = |cell: &str| read("employees = \"A\"", cell, |values, cleaner| values.integer(cleaner, "employees"));
    assert_eq!(whole("42"), Ok(Some(42)));
    assert_eq!(whole("42.0"), Ok(Some(42)));
    assert!(whole("4.2").is_err() && whole("99999999999").is_err());
}

#[test]
fn dates_and_times() {
    let day = |rules: &str, cell: &str| {
        read(rules, cell, |values, cleaner| values.date(cleaner, "closeDate")).map(|date| date.map(|date| date.0.to_string()))
    };
    let some = |text: &str| Ok(Some(text.to_owned()));
    assert_eq!(day("closeDate = \"A\"", "2026-03-01"), some("2026-03-01"));
    assert_eq!(day(r#"closeDate = { column = "A", format = "%d.%m.%Y" }"#, "1.3.2026"), some("2026-03-01"));
    assert_eq!(day("closeDate = \"A\"", "2026-02-28T23:30:00Z"), some("2026-03-01"));
    assert!(day("closeDate = \"A\"", "01/03/2026").is_err_and(|sentence| sentence.contains("01/03/2026")));
    let moment = |rules: &str, cell: &str| {
        read(rules, cell, |values, cleaner| values.moment(cleaner, "createdAt"))
            .map(|moment| moment.map(|moment| moment.to_rfc3339()))
    };
    for (cell, expected) in [
        ("2026-03-01T09:30:00+02:00", "2026-03-01T07:30:00+00:00"),
        ("2026-03-01T09:30:00.000+0000", "2026-03-01T09:30:00+00:00"),
        ("2026-03-01 09:30", "2026-03-01T08:30:00+00:00"),
        ("2026-03-01", "2026-02-28T23:00:00+00:00"),
        // The clock was put forward over this time.
        ("2026-03-29 02:30:00", "2026-03-29T01:30:00+00:00"),
    ] {
        assert_eq!(moment("createdAt = \"A\"", cell), some(expected), "{cell}");
    }
    assert!(moment("createdAt = \"A\"", "1850-01-01").is_err_and(|sentence| sentence.contains("1900")));
}

#[test]
fn words_and_flags() {
    let status = |cell: &str| read("status = \"A\"", cell, |values, cleaner| values.word::<LeadStatus>(cleaner, "status"));
    assert_eq!(status("Working - Contacted"), Ok(Some(LeadStatus::WorkingContacted)));
    assert_eq!(status("OPEN_NOT_CONTACTED"), Ok(Some(LeadStatus::OpenNotContacted)));
    assert!(status("Lukewarm").is_err_and(|sentence| sentence.contains("one of OPEN_NOT_CONTACTED, WORKING_CONTACTED")));
    assert_eq!(read("rating = \"A\"", "hot", |values, cleaner| values.word(cleaner, "rating")), Ok(Some(Rating::Hot)));
    let flag = |cell: &str| read("active = \"A\"", cell, |values, cleaner| values.flag(cleaner, "active"));
    assert_eq!((flag("Yes"), flag("0")), (Ok(Some(true)), Ok(Some(false))));
    assert!(flag("maybe").is_err());
}
