//! What a query needs of the records that a field answers: which columns, and which references of theirs.

use async_graphql::Context;
use async_graphql::parser::types::{Field, Selection, SelectionSet};
use async_graphql::registry::MetaType;
use entity::{RecordKind, account, contact, lead};
use sea_orm::IdenStatic;

use crate::auth::Scope;
use crate::data::page::{Along, Columns, Listed};

/// Where in the current field's answer records stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// The field answers a record: alone, in a list, or as one of a union.
    Here,
    /// The field answers a connection, with the records as its nodes.
    AsNodes,
}

/// Those of records that stand there.
pub fn columns<E: Listed>(ctx: &Context<'_>, shown: Shown) -> Columns {
    match shown {
        Shown::Here => of_field::<E>(ctx),
        Shown::AsNodes => of_nodes::<E>(ctx),
    }
}

fn of_field<E: Listed>(ctx: &Context<'_>) -> Columns {
    if E::TYPE.is_none() {
        return Columns::ALL;
    }
    below::<E>(ctx, &ctx.item.node)
}

fn of_nodes<E: Listed>(ctx: &Context<'_>) -> Columns {
    let Some(kind) = E::TYPE else { return Columns::ALL };
    let mut columns = Columns::ID;
    each_node(ctx, &mut |field| add::<E>(ctx, field, kind, &mut columns));
    columns
}

/// The references of the nodes of the connection that the current field answers, where the page can read them along.
pub fn along_nodes<E: Listed>(ctx: &Context<'_>, scope: Scope) -> Vec<Along<E>> {
    let Some(kind) = E::TYPE else { return Vec::new() };
    let mut references: Vec<(&'static str, E::Column, RecordKind, Columns)> = Vec::new();
    each_node(ctx, &mut |node| {
        each_field(ctx, &node.selection_set.node, Some(kind), &mut |field| {
            let Some((column, target)) = E::reference(&field.name.node) else { return };
            let columns = match target {
                RecordKind::Account => below::<account::Entity>(ctx, field),
                RecordKind::Contact => below::<contact::Entity>(ctx, field),
                RecordKind::Lead => below::<lead::Entity>(ctx, field),
                _ => return,
            };
            match references.iter_mut().find(|(name, ..)| *name == column.as_str()) {
                Some((.., known)) => *known = known.and(columns),
                None => references.push((column.as_str(), column, target, columns)),
            }
        });
    });
    let along = references.into_iter().filter_map(|(_, column, target, columns)| match target {
        RecordKind::Account => Along::new::<account::Entity>(column, scope, columns),
        RecordKind::Contact => Along::new::<contact::Entity>(column, scope, columns),
        RecordKind::Lead => Along::new::<lead::Entity>(column, scope, columns),
        _ => None,
    });
    along.collect()
}

/// Each field that answers nodes.
fn each_node(ctx: &Context<'_>, visit: &mut dyn FnMut(&Field)) {
    each_field(ctx, &ctx.item.node.selection_set.node, None, &mut |field| match field.name.node.as_str() {
        "nodes" => visit(field),
        "edges" => each_field(ctx, &field.selection_set.node, None, &mut |field| {
            if field.name.node == "node" {
                visit(field);
            }
        }),
        _ => {}
    });
}

fn below<E: Listed>(ctx: &Context<'_>, field: &Field) -> Columns {
    let mut columns = Columns::ID;
    add::<E>(ctx, field, E::TYPE.unwrap_or_default(), &mut columns);
    columns
}

fn add<E: Listed>(ctx: &Context<'_>, field: &Field, kind: &str, columns: &mut Columns) {
    each_field(ctx, &field.selection_set.node, Some(kind), &mut |field| *columns = columns.and_of::<E>(&field.name.node));
}

/// All fields that may be asked of an object of this type; of any type where none is given.
fn each_field(ctx: &Context<'_>, set: &SelectionSet, kind: Option<&str>, visit: &mut dyn FnMut(&Field)) {
    for selection in &set.items {
        let (condition, set) = match &selection.node {
            Selection::Field(field) => {
                visit(&field.node);
                continue;
            }
            Selection::InlineFragment(fragment) => (fragment.node.type_condition.as_ref(), &fragment.node.selection_set.node),
            Selection::FragmentSpread(spread) => match ctx.query_env.fragments.get(&spread.node.fragment_name.node) {
                Some(fragment) => (Some(&fragment.node.type_condition), &fragment.node.selection_set.node),
                None => continue,
            },
        };
        let is_of_another = condition.is_some_and(|condition| {
            let name = condition.node.on.node.as_str();
            let is_object = matches!(ctx.schema_env.registry.types.get(name), Some(MetaType::Object { .. }));
            is_object && kind.is_some_and(|kind| kind != name)
        });
        if !is_of_another {
            each_field(ctx, set, kind, visit);
        }
    }
}
