//! The schema as a document: committed as it is, and described throughout.

use std::path::Path;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{FieldDefinition, InputValueDefinition, TypeKind, TypeSystemDefinition};
use leadgraph::graphql::schema::sdl;

#[test]
fn the_committed_schema_is_the_one_that_is_served() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema.graphql");
    let served = format!("{}\n", sdl().trim_end());
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(&file, &served).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(committed == served, "schema.graphql is out of date: run UPDATE_SCHEMA=1 cargo test --test suite schema");
}

#[test]
fn everything_in_the_schema_is_described() {
    let mut silent = Vec::new();
    let mut check = |name: String, description: Option<&str>| {
        if description.is_none_or(|text| text.trim().is_empty()) {
            silent.push(name);
        }
    };
    for definition in parse_schema(sdl()).unwrap().definitions {
        let TypeSystemDefinition::Type(ty) = definition else { continue };
        let ty = ty.node;
        let name = ty.name.node.to_string();
        check(name.clone(), ty.description.as_ref().map(|text| text.node.as_str()));
        match ty.kind {
            TypeKind::Object(object) => fields(&name, object.fields.iter().map(|field| &field.node), &mut check),
            TypeKind::Interface(interface) => fields(&name, interface.fields.iter().map(|field| &field.node), &mut check),
            TypeKind::InputObject(input) => inputs(&name, input.fields.iter().map(|field| &field.node), &mut check),
            TypeKind::Enum(values) => {
                for value in values.values {
                    check(
                        format!("{name}.{}", value.node.value.node),
                        value.node.description.as_ref().map(|text| text.node.as_str()),
                    );
                }
            }
            TypeKind::Scalar | TypeKind::Union(_) => {}
        }
    }
    assert!(silent.is_empty(), "these have no description:\n{}", silent.join("\n"));
}

fn fields<'a>(owner: &str, fields: impl Iterator<Item = &'a FieldDefinition>, check: &mut impl FnMut(String, Option<&str>)) {
    for field in fields {
        let name = format!("{owner}.{}", field.name.node);
        check(name.clone(), field.description.as_ref().map(|text| text.node.as_str()));
        inputs(&name, field.arguments.iter().map(|argument| &argument.node), check);
    }
}

fn inputs<'a>(owner: &str, inputs: impl Iterator<Item = &'a InputValueDefinition>, check: &mut impl FnMut(String, Option<&str>)) {
    for input in inputs {
        check(format!("{owner}.{}", input.name.node), input.description.as_ref().map(|text| text.node.as_str()));
    }
}

/// Lists that are not aggregated, and why.
const NOT_AGGREGATED: &[(&str, &str)] =
    &[("search", "it ranks records of several kinds, each of which has an aggregate of its own")];

#[test]
fn every_list_has_a_sibling_that_aggregates_it() {
    let mut lists = 0;
    let fields = queries();
    for field in &fields {
        let name = field.name.node.as_str();
        let connection = field.ty.node.to_string().trim_end_matches('!').ends_with("Connection");
        if !connection || NOT_AGGREGATED.iter().any(|(exception, _)| *exception == name) {
            continue;
        }
        lists += 1;
        let sibling = fields.iter().find(|other| other.name.node == format!("{name}Aggregate"));
        let sibling = sibling.unwrap_or_else(|| panic!("{name} has no sibling {name}Aggregate: see src/reports/lists"));
        assert_eq!(sibling.ty.node.to_string(), "AggregateReport!", "{name}Aggregate");
        let type_of = |field: &FieldDefinition, argument: &str| {
            let found = field.arguments.iter().find(|other| other.node.name.node == argument);
            found.map(|argument| argument.node.ty.node.to_string())
        };
        let paging = ["first", "after", "last", "before", "orderBy"];
        for argument in
            field.arguments.iter().map(|argument| argument.node.name.node.as_str()).filter(|name| !paging.contains(name))
        {
            assert_eq!(type_of(sibling, argument), type_of(field, argument), "{name}Aggregate({argument}:)");
        }
        for argument in ["filter", "groupBy", "of"] {
            assert!(type_of(sibling, argument).is_some(), "{name}Aggregate takes no {argument}");
        }
    }
    assert!(lists > 9, "{lists} lists");
}

/// The fields of Query.
fn queries() -> Vec<FieldDefinition> {
    let definitions = parse_schema(sdl()).unwrap().definitions.into_iter();
    let kinds = definitions.filter_map(|definition| match definition {
        TypeSystemDefinition::Type(ty) if ty.node.name.node == "Query" => Some(ty.node.kind),
        _ => None,
    });
    let fields = kinds.flat_map(|kind| match kind {
        TypeKind::Object(object) => object.fields,
        _ => Vec::new(),
    });
    fields.map(|field| field.node).collect()
}
