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
            TypeKind::Object(object) => drop(types.fields.insert(name, object.fields.into_iter().map(|field| field.node).collect())),
            TypeKind::InputObject(input) => drop(types.inputs.insert(name, input.fields.into_iter().map(|field| field.node).collect())),
            TypeKind::Enum(values) => {
                drop(types.values.insert(name, values.values.into_iter().map(|value| value.node.value.node.to_string()).collect()));
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
                field.arguments.iter().find(|argument| argument.node.name.node == name).map(|argument| name_of(&argument.node.ty.node).0)
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
        let ordered = self.orders.iter().flat_map(|field| ["ASC", "DESC"].map(|direction| format!("orderBy: [{{field: {field}, direction: {direction}}}]")));
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
            values.truncate(1);
        }
        let of = |value: String| value.replace("{nobody}", &nobody(filter, name));
        all.extend(values.into_iter().map(of).map(|value| format!("{name}: {}", if many { format!("[{value}]") } else { value })));
    }
    all
}

/// The id of a record that there isn't, of the kind that a field of a filter names; an operator leaves that to the field.
fn nobody(filter: &str, field: &str) -> String {
    let kind = match field {
        "id" => filter.trim_end_matches("Filter"),
        "ownerId" => "User",
        "parentId" => "Account",
        "sourceId" => "LeadSource",
        "everInStageId" => "Stage",
        "ownerTeamId" => "Team",
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

/// A value that few rows have, if any; that nearly all have for what is to be left out.
fn sample(types: &Types, filter: &str, name: &str, ty: &str) -> String {
    let upwards = name.starts_with('g');
    match (ty, filter, name) {
        ("Boolean", _, "isNull") => "false".to_owned(),
        ("Boolean", _, _) => "true".to_owned(),
        ("Int", ..) => if upwards { "999999999" } else { "-1" }.to_owned(),
        ("Decimal", ..) => if upwards { "\"99999999999\"" } else { "\"-1\"" }.to_owned(),
        ("Date", ..) => if upwards { "\"2199-01-01\"" } else { "\"1999-01-01\"" }.to_owned(),
        ("DateTime", ..) => if upwards { "\"2199-01-01T00:00:00Z\"" } else { "\"1999-01-01T00:00:00Z\"" }.to_owned(),
        ("String", ..) => "\"zqxjv\"".to_owned(),
        ("ID", ..) => "\"{nobody}\"".to_owned(),
        ("CurrencyCode", ..) => "\"XOF\"".to_owned(),
        _ => types.values.get(ty).and_then(|values| values.last()).unwrap_or_else(|| panic!("no sample of {ty}")).clone(),
    }
}
