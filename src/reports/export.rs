//! Reports as CSV and as pictures, from what the schema answers.

use chrono::{Months, NaiveDate};
use serde_json::Value;

use super::chart::{Chart, Mark};
use crate::values::cell::harmless;

/// The form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values.
    Csv,
    /// A picture.
    Svg,
}

/// A report that can be had as a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Export {
    /// Its name in the address.
    name: &'static str,
    /// Its field in the schema.
    field: &'static str,
    /// What it is called in a picture; none where there is no picture.
    title: Option<&'static str>,
    /// Whether it is about a period.
    dated: bool,
    /// The type of its cuts; empty where it has none.
    cuts: &'static str,
    /// Arguments that it always has.
    arguments: &'static str,
    /// What is asked of each row.
    row: &'static str,
}

const FIGURE: &str = "{ count amount { amount currency } }";

const EXPORTS: [Export; 9] = [
    Export {
        name: "pipeline",
        field: "pipeline",
        title: Some("Pipeline"),
        dated: false,
        cuts: "OpportunityGroupBy",
        arguments: "",
        row: "count amount { amount currency } weightedAmount { amount currency } averageDaysInStage",
    },
    Export {
        name: "forecast",
        field: "forecast",
        title: Some("Forecast"),
        dated: true,
        cuts: "OpportunityGroupBy",
        arguments: "",
        row: "closed FIGURE commit FIGURE bestCase FIGURE pipeline FIGURE weightedAmount { amount currency }",
    },
    Export {
        name: "funnel",
        field: "leadFunnel",
        title: Some("Lead funnel"),
        dated: true,
        cuts: "LeadGroupBy",
        arguments: "",
        row: "steps { step count entered rate overallRate }",
    },
    Export {
        name: "win-rate",
        field: "winLoss",
        title: Some("Win rate"),
        dated: true,
        cuts: "",
        arguments: "groupBy: [CLOSE_MONTH]",
        row: "won FIGURE lost FIGURE winRate",
    },
    Export {
        name: "win-loss",
        field: "winLoss",
        title: None,
        dated: true,
        cuts: "OpportunityGroupBy",
        arguments: "",
        row: "won FIGURE lost FIGURE winRate averageWonAmount { amount currency }",
    },
    Export {
        name: "conversion",
        field: "conversion",
        title: None,
        dated: true,
        cuts: "LeadGroupBy",
        arguments: "",
        row: "leads { count } qualified { count } converted { count } won FIGURE qualifiedRate convertedRate wonRate medianDaysToConvert",
    },
    Export {
        name: "channel-return",
        field: "channelReturn",
        title: None,
        dated: true,
        cuts: "",
        arguments: "",
        row: "rank cost { amount currency } leads { count } won FIGURE returnOnInvestment outputInputRatio \
              costPerLead { amount currency } costPerWon { amount currency }",
    },
    Export {
        name: "leaderboard",
        field: "leaderboard",
        title: None,
        dated: true,
        cuts: "",
        arguments: "",
        row: "rank won FIGURE lost FIGURE winRate",
    },
    Export {
        name: "activity",
        field: "activity",
        title: None,
        dated: true,
        cuts: "ActivityGroupBy",
        arguments: "",
        row: "all { count } calls { count } emails { count } meetings { count } tasks { count } minutes",
    },
];

/// The names of all files.
pub fn all() -> Vec<String> {
    let csv = EXPORTS.iter().map(|export| format!("{}.csv", export.name));
    let svg = EXPORTS.iter().filter(|export| export.title.is_some()).map(|export| format!("{}.svg", export.name));
    csv.chain(svg).collect()
}

impl Format {
    /// The form with this name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "csv" => Some(Self::Csv),
            "svg" => Some(Self::Svg),
            _ => None,
        }
    }
}

impl Export {
    /// The report with this name, if it is to be had in this form.
    pub fn named(name: &str, format: Format) -> Option<Self> {
        let found = EXPORTS.into_iter().find(|export| export.name == name)?;
        (format == Format::Csv || found.title.is_some()).then_some(found)
    }

    /// The query that answers the report, with the variables that it takes.
    pub fn query(&self, cut: bool, past: bool) -> String {
        let (mut variables, mut arguments) = (Vec::new(), vec![self.arguments.to_owned()]);
        let mut take = |name: &str, kind: &str| {
            variables.push(format!("${name}: {kind}"));
            arguments.push(format!("{name}: ${name}"));
        };
        if self.dated {
            take("period", "PeriodInput!");
        } else if past {
            take("asOf", "DateTime");
        }
        if cut && !self.cuts.is_empty() {
            take("groupBy", &format!("[{}!]!", self.cuts));
        }
        let arguments = arguments.join(" ");
        let arguments = if arguments.trim().is_empty() { String::new() } else { format!("({arguments})") };
        let variables = if variables.is_empty() { String::new() } else { format!("({})", variables.join(", ")) };
        let row = self.row.replace("FIGURE", FIGURE);
        format!(
            "query{variables} {{ reports {{ report: {}{arguments} {{ rows {{ groups {{ by name }} {row} }} }} }} }}",
            self.field
        )
    }

    /// The report as CSV, with a line of names: the cuts, then what is asked of each row. The mark at the beginning tells spreadsheets
    /// that it is UTF-8.
    pub fn csv(&self, report: &Value) -> String {
        let row = self.row.replace("FIGURE", FIGURE);
        let columns = columns(&row);
        let rows = || report["rows"].as_array().into_iter().flatten();
        let groups = |row: &Value, field: &str| -> Vec<String> {
            row["groups"].as_array().into_iter().flatten().map(|group| harmless(&words(&group[field])).into_owned()).collect()
        };
        let mut lines = vec![rows().next().map(|row| groups(row, "by")).unwrap_or_default()];
        lines[0].extend(columns.iter().map(|column| named(column, &columns)));
        for row in rows() {
            // The steps of a funnel have a line each.
            for entry in row["steps"].as_array().map_or_else(|| vec![row], |steps| steps.iter().collect()) {
                let mut line = groups(row, "name");
                line.extend(columns.iter().map(|column| words(column.iter().fold(entry, |value, name| &value[*name]))));
                lines.push(line);
            }
        }
        let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
        for line in lines {
            // Writing to memory can't fail, and all lines are of one length.
            drop(writer.write_record(line));
        }
        writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
    }

    /// The report as a picture.
    pub fn svg(&self, report: &Value) -> String {
        let rows: Vec<&Value> = report["rows"].as_array().into_iter().flatten().collect();
        let mut chart = Chart { title: self.headline(&rows), legend: Vec::new(), marks: Vec::new() };
        let amount = |figure: &Value| number(&figure["amount"]);
        match self.name {
            "funnel" => {
                for row in rows {
                    for step in row["steps"].as_array().into_iter().flatten() {
                        let of_all = step["overallRate"].as_str().map(percent).unwrap_or_default();
                        let label = [about(row), said(&step["step"])].into_iter().filter(|words| !words.is_empty());
                        let label = label.collect::<Vec<_>>().join(" · ");
                        let value = format!("{} ({of_all})", words(&step["count"]));
                        chart.marks.push(Mark { label, parts: vec![number(&step["count"])], value });
                    }
                }
            }
            "win-rate" => {
                for row in rows {
                    let (month, rate) = (about(row), row["winRate"].as_str());
                    // Months in which nothing was closed are gaps.
                    let after_last =
                        |marks: &[Mark]| marks.last().and_then(|mark| month_after(&mark.label)).filter(|gap| *gap < month);
                    while let Some(label) = after_last(&chart.marks) {
                        chart.marks.push(Mark { label, parts: Vec::new(), value: String::new() });
                    }
                    let parts = rate.iter().filter_map(|rate| rate.parse().ok()).collect();
                    chart.marks.push(Mark { label: month, parts, value: rate.map(percent).unwrap_or_default() });
                }
                return chart.line();
            }
            "forecast" => {
                let parts = ["closed", "commit", "bestCase", "pipeline"];
                chart.legend = ["Closed", "Commit", "Best case", "Pipeline"].map(str::to_owned).to_vec();
                for row in rows {
                    let sums: Vec<f64> = parts.iter().map(|part| amount(&row[*part]["amount"]).max(0.0)).collect();
                    chart.marks.push(Mark { label: about(row), value: told(&row["weightedAmount"], "weighted "), parts: sums });
                }
            }
            _ => {
                chart.legend = ["Weighted", "The rest of the amount"].map(str::to_owned).to_vec();
                for row in rows {
                    let (whole, weighted) = (amount(&row["amount"]), amount(&row["weightedAmount"]));
                    let value = format!("{} ({})", told(&row["amount"], ""), words(&row["count"]));
                    chart.marks.push(Mark { label: about(row), parts: vec![weighted, (whole - weighted).max(0.0)], value });
                }
            }
        }
        chart.bars()
    }

    /// What the picture shows: the report, and what it is cut by.
    fn headline(&self, rows: &[&Value]) -> String {
        let title = self.title.unwrap_or_default();
        let cuts = rows.first().and_then(|row| row["groups"].as_array()).into_iter().flatten();
        let cuts: Vec<String> =
            cuts.map(|cut| words(&cut["by"]).to_lowercase().replace("close_", "").replace('_', " ")).collect();
        if cuts.is_empty() { title.to_owned() } else { format!("{title} by {}", cuts.join(" and ")) }
    }
}

/// The columns of a row: the way to each value that is asked for.
fn columns(row: &str) -> Vec<Vec<&str>> {
    let (mut columns, mut within): (Vec<Vec<&str>>, Vec<&str>) = (Vec::new(), Vec::new());
    for word in row.split_whitespace() {
        match word {
            "{" => within = columns.pop().unwrap_or_default(),
            "}" => drop(within.pop()),
            name => columns.push(within.iter().copied().chain([name]).collect()),
        }
    }
    columns.retain_mut(|column| {
        if column.first() == Some(&"steps") {
            column.remove(0);
        }
        !column.is_empty()
    });
    columns
}

/// What a column is called: the number of an amount of money after the amount, and its currency `… currency`.
fn named(column: &[&str], all: &[Vec<&str>]) -> String {
    match column.split_last() {
        Some((&"amount", way)) if all.iter().any(|other| other.split_last() == Some((&"currency", way))) => way.join(" "),
        _ => column.join(" "),
    }
}

fn words(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn number(value: &Value) -> f64 {
    words(value).parse().unwrap_or_default()
}

/// What a row is about.
fn about(row: &Value) -> String {
    let names = row["groups"].as_array().into_iter().flatten();
    let names = names.map(|group| {
        let name = group["name"].as_str().unwrap_or("(none)");
        // A month bears the name of its first day: 2026-11 is enough.
        let month = words(&group["by"]).ends_with("_MONTH");
        if month { name.get(..7).unwrap_or(name) } else { name }
    });
    names.collect::<Vec<_>>().join(" · ")
}

/// The month after one such as `2026-11`.
fn month_after(month: &str) -> Option<String> {
    let first = NaiveDate::parse_from_str(&format!("{month}-01"), "%Y-%m-%d").ok()?;
    first.checked_add_months(Months::new(1)).map(|next| next.format("%Y-%m").to_string())
}

/// `QUALIFIED` as `Qualified`.
fn said(word: &Value) -> String {
    let word = words(word).to_lowercase();
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// An amount with its currency, without what is smaller than one.
fn told(money: &Value, before: &str) -> String {
    let amount = words(&money["amount"]);
    let whole = amount.split('.').next().unwrap_or_default();
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) && digit != '-' {
            grouped.push('\u{a0}');
        }
        grouped.push(digit);
    }
    format!("{before}{grouped} {}", words(&money["currency"]))
}

/// A part of 1 as percents with one decimal.
fn percent(rate: &str) -> String {
    format!("{:.1} %", rate.parse::<f64>().unwrap_or_default() * 100.0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_line_of_csv_has_all_columns_whatever_is_unknown() {
        let rows = json!({ "rows": [
            { "groups": [{ "by": "CAMPAIGN", "name": "=A1" }], "rank": null, "cost": null, "leads": { "count": 3 } },
            { "groups": [{ "by": "CAMPAIGN", "name": "亚太" }], "rank": 1, "cost": { "amount": "7.50", "currency": "EUR" } },
        ] });
        let export = Export::named("channel-return", Format::Csv).unwrap();
        let csv = export.csv(&rows);
        let lines: Vec<&str> = csv.lines().collect();
        assert!(lines[0].starts_with("\u{feff}CAMPAIGN,rank,cost,cost currency,leads count,won count,won amount,"), "{csv}");
        assert_eq!(&lines[1..], ["'=A1,,,,3,,,,,,,,,", "亚太,1,7.50,EUR,,,,,,,,,,"]);
        assert!(export.csv(&json!({ "rows": [] })).starts_with("\u{feff}rank,cost,"));
    }

    #[test]
    fn a_picture_says_what_it_shows() {
        let group = |by: &str, name: &str| json!({ "by": by, "name": name });
        let money = json!({ "amount": "1200.00", "currency": "USD" });
        let row = json!({
            "groups": [group("CLOSE_MONTH", "2026-11-01"), group("OWNER", "李伟")], "weightedAmount": money,
            "closed": { "amount": money },
        });
        let svg = Export::named("forecast", Format::Svg).unwrap().svg(&json!({ "rows": [row] }));
        for part in [">Forecast by month and owner<", ">2026-11 · 李伟<", ">weighted 1\u{a0}200 USD<"] {
            assert!(svg.contains(part), "{part} in {svg}");
        }
        let steps = json!([{ "step": "CREATED", "count": 3, "overallRate": "1.0" }]);
        let rows = json!({ "rows": [{ "groups": [group("SOURCE", "Partner")], "steps": steps }] });
        let svg = Export::named("funnel", Format::Svg).unwrap().svg(&rows);
        for part in [">Lead funnel by source<", ">Partner · Created<", ">3 (100.0 %)<"] {
            assert!(svg.contains(part), "{part} in {svg}");
        }
    }

    #[test]
    fn months_in_which_nothing_was_closed_are_gaps() {
        let row = |month: &str| json!({ "groups": [{ "by": "CLOSE_MONTH", "name": month }], "winRate": "0.5" });
        let rows = json!({ "rows": [row("2025-11-01"), row("2026-02-01"), row("2026-03-01")] });
        let svg = Export::named("win-rate", Format::Svg).unwrap().svg(&rows);
        assert_eq!(svg.matches("<circle").count(), 3);
        for month in [">2025-12<", ">2026-01<"] {
            assert!(svg.contains(month), "{month} in {svg}");
        }
    }

    #[test]
    fn each_step_of_a_funnel_is_a_line() {
        let steps = json!([{ "step": "CREATED", "count": 3, "rate": null }, { "step": "WON", "count": 1, "overallRate": "0.3" }]);
        let csv = Export::named("funnel", Format::Csv).unwrap().csv(&json!({ "rows": [{ "groups": [], "steps": steps }] }));
        assert_eq!(csv, "\u{feff}step,count,entered,rate,overallRate\nCREATED,3,,,\nWON,1,,,0.3\n");
    }
}
