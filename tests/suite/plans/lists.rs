//! Every list at the top of the query, taken from the schema: a new list, order or filter is looked at without further ado.

use std::collections::BTreeMap;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{BaseType, FieldDefinition, InputValueDefinition, Type, TypeKind, TypeSystemDefinition};
use leadgraph::graphql::schema::sdl;

use super::Case;

/// A list as the schema describes it.
pub struct List {
    pub name: String,
    orders: Vec<String>,
    filter: Option<String>,
}

/// The schema's types, by name.
struct Types {
    fields: BTreeMap<String, Vec<FieldDefinition>>,
    inputs: BTreeMap<String, Vec<InputValueDefinition>>,
    values: BTreeMap<String, Vec<String>>,
}

fn types() -> Types {
    let mut types = Types { fields: BTreeMap::new(), inputs: BTreeMap::new(), values: BTreeMap::new() };
    for definition in parse_schema(sdl()).unwrap().definitions {
        let TypeSystemDefinition::Type(ty) = definition else { continue };
        let name = ty.node.name.node.to_string();
        match ty.node.kind {
            TypeKind::Object(object) => {
                drop(types.fields.insert(name, object.fields.into_iter().map(|field| field.node).collect()))
            }
            TypeKind::InputObject(input) => {
                drop(types.inputs.insert(name, input.fields.into_iter().map(|field| field.node).collect()))
            }
            TypeKind::Enum(values) => {
                drop(
                    types.values.insert(name, values.values.into_iter().map(|value| value.node.value.node.to_string()).collect()),
                );
            }
            _ => {}
        }
    }
    types
}

fn name_of(ty: &Type) -> (String, bool) {
    match &ty.base {
        BaseType::Named(name) => (name.to_string(), false),
        BaseType::List(inner) => (name_of(inner).0, true),
    }
}

/// All connections at the top of the query.
pub fn lists() -> Vec<List> {
    let types = types();
    let connections = types.fields["Query"].iter().filter(|field| name_of(&field.ty.node).0.ends_with("Connection"));
    connections
        .map(|field| {
            let argument = |name: &str| {
                field
                    .arguments
                    .iter()
                    .find(|argument| argument.node.name.node == name)
                    .map(|argument| name_of(&argument.node.ty.node).0)
            };
            let fields = argument("orderBy").map(|order| types.values[&format!("{order}Field")].clone());
            List { name: field.name.node.to_string(), orders: fields.unwrap_or_default(), filter: argument("filter") }
        })
        .collect()
}

impl List {
    /// The list in each of its orders, as an argument.
    pub fn orders(&self) -> Vec<String> {
        if self.name == "search" {
            return vec!["query: \"company\"".to_owned()];
        }
        let ordered = self
            .orders
            .iter()
            .flat_map(|field| ["ASC", "DESC"].map(|direction| format!("orderBy: [{{field: {field}, direction: {direction}}}]")));
        [String::new()].into_iter().chain(ordered).collect()
    }

    /// The list by each condition that its filter offers: one that nothing meets where there is one, so that whatever has to be
    /// looked at is looked at.
    pub fn filtered(&self) -> Vec<Case> {
        let Some(filter) = &self.filter else { return Vec::new() };
        let conditions = conditions(&types(), filter, 0);
        conditions
            .into_iter()
            .map(|condition| Case {
                query: format!("{}(first: 20, filter: {{{condition}}}) {{ nodes {{ id }} }}", self.name),
                name: format!("{} by {condition}", self.name),
            })
            .collect()
    }
}

/// Every field of a filter with every operator; those of a related record with one operator each.
fn conditions(types: &Types, filter: &str, depth: usize) -> Vec<String> {
    let mut all = Vec::new();
    for field in &types.inputs[filter] {
        let name = field.name.node.as_str();
        let (ty, many) = name_of(&field.ty.node);
        if matches!(name, "and" | "or" | "not") || (depth > 0 && matches!(ty.as_str(), "LeadFilter" | "OpportunityFilter")) {
            continue;
        }
        let mut values = match types.inputs.get(&ty) {
            _ if ty == "OpportunityAsOfFilter" => vec!["{at: \"2026-01-01T00:00:00Z\", is: {isWon: true}}".to_owned()],
            Some(_) => conditions(types, &ty, depth + 1).into_iter().map(|inner| format!("{{{inner}}}")).collect(),
            None => vec![sample(types, filter, name, &ty)],
        };
        let operators = types.inputs.get(&ty).is_some_and(|input| input.iter().all(|field| field.name.node != "and"));
        if depth > 0 && operators {
            let one = values.iter().position(|value| value.starts_with("{eq:")).unwrap_or_default();
            values = vec![values.swap_remove(one)];
        }
        let of = |value: String| match (name, ty.as_str()) {
            ("rating", "ExactFilter") => value.replace("zqxjv", "HOT"),
            ("direction", "ExactFilter") => value.replace("zqxjv", "OUTBOUND"),
            ("outcome", "ExactFilter") => value.replace("zqxjv", "Met"),
            ("currency", "ExactFilter") => value.replace("zqxjv", "USD"),
            _ => value.replace("{nobody}", &named(filter, name, depth)),
        };
        all.extend(
            values.into_iter().map(of).map(|value| format!("{name}: {}", if many { format!("[{value}]") } else { value })),
        );
    }
    all
}

/// The id that a field of a filter names; an operator leaves that to the field. What few records have is the id of nothing, so that all
/// that has to be looked at is looked at; what many have, and all that related records have, is that of something.
fn named(filter: &str, field: &str, depth: usize) -> String {
    let kind = match field {
        "id" => filter.trim_end_matches("Filter"),
        "ownerTeamId" | "teamId" => return "{team}".to_owned(),
        "everInStageId" => return "{stage}".to_owned(),
        "ownerId" | "sourceId" | "campaignId" | "stageId" | "pipelineId" | "closeReasonId" | "disqualificationReasonId"
            if depth > 0 =>
        {
            return format!("{{{}}}", field.trim_end_matches("Id"));
        }
        "ownerId" => "User",
        "parentId" => "Account",
        "sourceId" => "LeadSource",
        _ => match field.strip_suffix("Id") {
            Some(kind) => kind,
            None => return "{nobody}".to_owned(),
        },
    };
    let words = kind.char_indices().map(|(at, letter)| match letter.is_uppercase() && at > 0 {
        true => format!("_{}", letter.to_lowercase()),
        false => letter.to_lowercase().to_string(),
    });
    format!("{}_00000000000000000000000000", words.collect::<String>())
}

/// Values of enumerations that rows have.
const HAD: [&str; 9] = ["BUSINESS", "PROSPECT", "TASK", "CLOSED_CONVERTED", "PIPELINE", "OPEN", "SENT", "ACCEPTED", "OUTBOUND"];

/// A value that few rows have, if any, where it is to be equal; one that most rows meet otherwise.
fn sample(types: &Types, filter: &str, name: &str, ty: &str) -> String {
    let upwards = name.starts_with('g');
    match (ty, filter, name) {
        ("Boolean", _, "isNull") => "false".to_owned(),
        ("Boolean", ..) => "true".to_owned(),
        ("Int", _, "eq" | "in") => "1".to_owned(),
        ("Int", _, "ne") => "999".to_owned(),
        ("Int", ..) => if upwards { "-1" } else { "999999999" }.to_owned(),
        ("Decimal", _, "eq" | "ne") => "\"-1\"".to_owned(),
        ("Decimal", ..) => if upwards { "\"-1\"" } else { "\"99999999999\"" }.to_owned(),
        ("Date", _, "eq") => "\"1999-01-01\"".to_owned(),
        ("Date", ..) => if upwards { "\"1999-01-01\"" } else { "\"2199-01-01\"" }.to_owned(),
        ("DateTime", ..) => if upwards { "\"1999-01-01T00:00:00Z\"" } else { "\"2199-01-01T00:00:00Z\"" }.to_owned(),
        ("String", ..) => "\"zqxjv\"".to_owned(),
        ("ID", ..) => "\"{nobody}\"".to_owned(),
        ("CurrencyCode", _, "eq" | "in") => "\"EUR\"".to_owned(),
        ("CurrencyCode", ..) => "\"XOF\"".to_owned(),
        _ => types
            .values
            .get(ty)
            .and_then(|values| values.iter().find(|value| HAD.contains(&value.as_str())))
            .unwrap_or_else(|| panic!("no row has a {ty}"))
            .clone(),
    }
}
