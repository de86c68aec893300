//! Which columns a query needs of the records that a field answers.

use async_graphql::Context;
use async_graphql::parser::types::{Field, Selection, SelectionSet};
use async_graphql::registry::MetaType;

use crate::data::page::{Columns, Listed};

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
    let Some(kind) = E::TYPE else { return Columns::ALL };
    let mut columns = Columns::ID;
    add::<E>(ctx, &ctx.item.node, kind, &mut columns);
    columns
}

fn of_nodes<E: Listed>(ctx: &Context<'_>) -> Columns {
    let Some(kind) = E::TYPE else { return Columns::ALL };
    let mut columns = Columns::ID;
    each_field(ctx, &ctx.item.node.selection_set.node, None, &mut |field| match field.name.node.as_str() {
        "nodes" => add::<E>(ctx, field, kind, &mut columns),
        "edges" => each_field(ctx, &field.selection_set.node, None, &mut |field| {
            if field.name.node == "node" {
                add::<E>(ctx, field, kind, &mut columns);
            }
        }),
        _ => {}
    });
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
