//! The contract that front ends are written against: the schema contains all of it, unchanged.

use std::collections::BTreeMap;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{FieldDefinition, InputValueDefinition, TypeDefinition, TypeKind, TypeSystemDefinition};
use async_graphql::{Name, Positioned};
use leadgraph::graphql::schema::sdl;

use crate::harness::shared;

#[test]
fn the_schema_contains_the_contract() {
    let Some(file) = shared("contract/core.graphql", "the contract") else { return };
    let contract = std::fs::read_to_string(file).unwrap();
    let (contract, schema) = (types(&contract), types(&sdl()));
    assert!(contract.len() > 100, "the contract was not read to its end");
    let mut broken = Vec::new();
    for (name, promised) in &contract {
        match schema.get(name) {
            Some(kept) => compare(name, promised, kept, &mut broken),
            None => broken.push(format!("{name} is missing")),
        }
    }
    assert!(broken.is_empty(), "the contract is broken in {} places:\n{}", broken.len(), broken.join("\n"));
}

fn types(document: &str) -> BTreeMap<String, TypeDefinition> {
    let definitions = parse_schema(document).unwrap().definitions.into_iter();
    definitions
        .filter_map(|definition| match definition {
            TypeSystemDefinition::Type(ty) => Some((ty.node.name.node.to_string(), ty.node)),
            _ => None,
        })
        .collect()
}

fn compare(name: &str, promised: &TypeDefinition, kept: &TypeDefinition, broken: &mut Vec<String>) {
    match (&promised.kind, &kept.kind) {
        (TypeKind::Scalar, TypeKind::Scalar) => {}
        (TypeKind::Object(promised), TypeKind::Object(kept)) => {
            names(name, "interface", &promised.implements, &kept.implements, broken);
            fields(name, &promised.fields, &kept.fields, broken);
        }
        (TypeKind::Interface(promised), TypeKind::Interface(kept)) => fields(name, &promised.fields, &kept.fields, broken),
        (TypeKind::Union(promised), TypeKind::Union(kept)) => names(name, "member", &promised.members, &kept.members, broken),
        (TypeKind::Enum(promised), TypeKind::Enum(kept)) => {
            let values = |values: &[Positioned<async_graphql::parser::types::EnumValueDefinition>]| {
                values.iter().map(|value| value.node.value.clone()).collect::<Vec<_>>()
            };
            names(name, "value", &values(&promised.values), &values(&kept.values), broken);
        }
        (TypeKind::InputObject(promised), TypeKind::InputObject(kept)) => {
            inputs(name, &promised.fields, &kept.fields, broken);
            // What a caller who knows the contract only doesn't send must not be demanded.
            for extra in kept.fields.iter().filter(|field| !field.node.ty.node.nullable && field.node.default_value.is_none()) {
                if promised.fields.iter().all(|field| field.node.name.node != extra.node.name.node) {
                    broken.push(format!("{name}.{} is required, and not in the contract", extra.node.name.node));
                }
            }
        }
        _ => broken.push(format!("{name} is of another kind")),
    }
}

fn names(owner: &str, what: &str, promised: &[Positioned<Name>], kept: &[Positioned<Name>], broken: &mut Vec<String>) {
    for name in promised.iter().filter(|name| !kept.iter().any(|other| other.node == name.node)) {
        broken.push(format!("{owner} lacks the {what} {}", name.node));
    }
}

fn fields(owner: &str, promised: &[Positioned<FieldDefinition>], kept: &[Positioned<FieldDefinition>], broken: &mut Vec<String>) {
    for field in promised.iter().map(|field| &field.node) {
        let name = format!("{owner}.{}", field.name.node);
        let Some(other) = kept.iter().map(|field| &field.node).find(|other| other.name.node == field.name.node) else {
            broken.push(format!("{name} is missing"));
            continue;
        };
        if field.ty.node != other.ty.node {
            broken.push(format!("{name} is {} instead of {}", other.ty.node, field.ty.node));
        }
        inputs(&name, &field.arguments, &other.arguments, broken);
    }
}

fn inputs(
    owner: &str,
    promised: &[Positioned<InputValueDefinition>],
    kept: &[Positioned<InputValueDefinition>],
    broken: &mut Vec<String>,
) {
    for input in promised.iter().map(|input| &input.node) {
        let name = format!("{owner}.{}", input.name.node);
        let Some(other) = kept.iter().map(|input| &input.node).find(|other| other.name.node == input.name.node) else {
            broken.push(format!("{name} is missing"));
            continue;
        };
        let text = |input: &InputValueDefinition| {
            let default = input.default_value.as_ref().map(|value| format!(" = {}", value.node)).unwrap_or_default();
            format!("{}{default}", input.ty.node)
        };
        if text(input) != text(other) {
            broken.push(format!("{name} is {} instead of {}", text(other), text(input)));
        }
    }
}
