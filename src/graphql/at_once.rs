//! Fields that are answered at once, right into the JSON of the answer.
//!
//! The library makes a future on the heap, a value and a place in a map of each field of each object, and a page has a thousand of them. What
//! stands in a row, or in another that is at hand, is written in a fraction of that time. So objects name such fields with `at_once!`;
//! `objects` asks them so, and leaves all others to the library, and these, too, where they turn out to wait for something or to fail.

use async_graphql::parser::types::{Field, Selection, SelectionSet};
use async_graphql::registry::MetaType;
use async_graphql::resolver_utils::EnumType;
use async_graphql::{Context, ContextSelectionSet, ID, OutputType, Positioned};
use entity::Id;
use futures_util::FutureExt;
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::scalars::{CountryCode, CurrencyCode, Date, DateTime, Decimal, write_date_time};
use super::written::write_name;

/// Writes what an object answers to a field. False where it can't be said at once; what was written by then is worth nothing.
pub type Ask<T> = fn(&T, &Context<'_>, &mut Vec<u8>) -> bool;

/// The id of what a field of an object refers to.
pub type Shared<T> = fn(&T) -> Option<Uuid>;

/// An object of the API some of whose fields are answered at once.
pub trait AtOnce: OutputType + Sized {
    /// How to ask for this field, if it is one of those.
    fn ask(field: &str) -> Option<Ask<Self>>;

    /// What this field refers to, where many objects refer to the same few: all of them have the same answer.
    fn shared(_field: &str) -> Option<Shared<Self>> {
        None
    }
}

/// What a field answers, if it can be written at once.
pub trait Answer {
    /// Writes it as the field's answer. False where that takes more than is at hand.
    fn write(&self, ctx: &Context<'_>, json: &mut Vec<u8>) -> bool;
}

/// Names the fields of an object that are answered at once, by their resolvers: those without arguments that stand in the object's row,
/// and references, which are at hand where a page has read them along, or where many objects share them. For the latter their column is
/// named, too. What isn't named here is answered by the library, only slower.
macro_rules! at_once {
    ($object:ident: $($resolver:ident $(($column:ident))?)*) => {
        impl $crate::graphql::at_once::AtOnce for $object {
            fn ask(_field: &str) -> Option<$crate::graphql::at_once::Ask<Self>> {
                $(if $crate::graphql::at_once::is_named(_field, stringify!($resolver)) {
                    return Some(|object, ctx, json| $crate::graphql::at_once::answer(object.$resolver(ctx), ctx, json));
                })*
                None
            }

            fn shared(_field: &str) -> Option<$crate::graphql::at_once::Shared<Self>> {
                $($(if $crate::graphql::at_once::is_named(_field, stringify!($resolver)) {
                    return Some(|object| $crate::graphql::at_once::Reference::uuid(&object.0.$column));
                })?)*
                None
            }
        }

        impl $crate::graphql::at_once::Answer for $object {
            fn write(&self, ctx: &async_graphql::Context<'_>, json: &mut Vec<u8>) -> bool {
                $crate::graphql::at_once::write_object(self, ctx, json)
            }
        }
    };
}
pub(crate) use at_once;

/// A column that refers to another row.
pub trait Reference {
    /// The other row's id.
    fn uuid(&self) -> Option<Uuid>;
}

impl<E: EntityTrait> Reference for Id<E> {
    fn uuid(&self) -> Option<Uuid> {
        Some(Self::uuid(*self))
    }
}

impl<E: EntityTrait> Reference for Option<Id<E>> {
    fn uuid(&self) -> Option<Uuid> {
        self.map(Id::uuid)
    }
}

/// Whether a resolver is that of the field: the library writes `first_name` as `firstName`.
pub fn is_named(field: &str, resolver: &str) -> bool {
    let mut field = field.bytes();
    let mut parts = resolver.split('_');
    parts.next().is_some_and(|first| first.bytes().all(|byte| field.next() == Some(byte)))
        && parts.all(|part| {
            part.bytes()
                .enumerate()
                .all(|(place, byte)| field.next() == Some(if place == 0 { byte.to_ascii_uppercase() } else { byte }))
        })
        && field.next().is_none()
}

/// Writes what a resolver answers, unless it waits or fails.
pub fn answer<A: Answer, E>(resolver: impl Future<Output = Result<A, E>>, ctx: &Context<'_>, json: &mut Vec<u8>) -> bool {
    matches!(resolver.now_or_never(), Some(Ok(answer)) if answer.write(ctx, json))
}

/// The fields that are asked for of an object of this type, those of fragments included. Nothing where there are directives, or fields to be
/// put together, or where it depends on the object which fragments count: that is left to the library.
pub fn plain_fields<'a, T: OutputType>(ctx: &ContextSelectionSet<'a>) -> Option<Vec<&'a Positioned<Field>>> {
    let set = &ctx.item.node;
    let mut fields = Vec::with_capacity(set.items.len());
    add_fields::<T>(ctx, set, &mut fields).then_some(fields)
}

fn add_fields<'a, T: OutputType>(
    ctx: &ContextSelectionSet<'a>,
    set: &'a SelectionSet,
    fields: &mut Vec<&'a Positioned<Field>>,
) -> bool {
    set.items.iter().all(|selection| {
        let (condition, directives, set) = match &selection.node {
            Selection::Field(field) => {
                let other = fields.iter().find(|other| other.node.response_key().node == field.node.response_key().node);
                let is_new = other.is_none();
                let fits = field.node.directives.is_empty() && other.is_none_or(|other| is_same_leaf(&other.node, &field.node));
                if is_new {
                    fields.push(field);
                }
                return fits;
            }
            Selection::InlineFragment(fragment) => {
                (fragment.node.type_condition.as_ref(), &fragment.node.directives, &fragment.node.selection_set.node)
            }
            Selection::FragmentSpread(spread) => {
                let Some(fragment) = ctx.query_env.fragments.get(&spread.node.fragment_name.node) else { return false };
                (Some(&fragment.node.type_condition), &spread.node.directives, &fragment.node.selection_set.node)
            }
        };
        let counts = condition.is_none_or(|condition| is_always::<T>(ctx, &condition.node.on.node));
        counts && directives.is_empty() && add_fields::<T>(ctx, set, fields)
    })
}

/// Whether every object of this type is of the other, too.
fn is_always<T: OutputType>(ctx: &ContextSelectionSet<'_>, other: &str) -> bool {
    let name = T::type_name();
    let meta = ctx.schema_env.registry.types.get(other);
    name == other || meta.and_then(MetaType::possible_types).is_some_and(|types| types.contains(&*name))
}

fn is_same_leaf(one: &Field, other: &Field) -> bool {
    let is_plain = |field: &Field| field.arguments.is_empty() && field.selection_set.node.items.is_empty();
    one.name.node == other.name.node && is_plain(one) && is_plain(other)
}

/// How a field is asked for, if it may be answered at once.
pub fn asked<T: AtOnce>(field: &Field) -> Option<Ask<T>> {
    match field.name.node.as_str() {
        "__typename" => Some(|object, _, json| write_text(&object.introspection_type_name(), json)),
        name => T::ask(name),
    }
}

/// Writes an object with the fields that are asked for of it, if all of them are answered at once.
pub fn write_object<T: AtOnce>(object: &T, ctx: &Context<'_>, json: &mut Vec<u8>) -> bool {
    let ctx = ctx.with_selection_set(&ctx.item.node.selection_set);
    let Some(fields) = plain_fields::<T>(&ctx) else { return false };
    let mut before = b'{';
    for field in fields {
        let Some(ask) = asked::<T>(&field.node) else { return false };
        json.push(before);
        write_name(&field.node.response_key().node, json);
        if !ask(object, &ctx.with_field(field), json) {
            return false;
        }
        before = b',';
    }
    json.push(b'}');
    true
}

impl<A: Answer> Answer for Option<A> {
    fn write(&self, ctx: &Context<'_>, json: &mut Vec<u8>) -> bool {
        match self {
            Some(answer) => answer.write(ctx, json),
            None => written(json, b"null"),
        }
    }
}

impl<A: Answer, E> Answer for Result<A, E> {
    fn write(&self, ctx: &Context<'_>, json: &mut Vec<u8>) -> bool {
        self.as_ref().is_ok_and(|answer| answer.write(ctx, json))
    }
}

impl<A: Answer + ?Sized> Answer for &A {
    fn write(&self, ctx: &Context<'_>, json: &mut Vec<u8>) -> bool {
        (**self).write(ctx, json)
    }
}

/// How the values of a type are written.
macro_rules! leaf {
    ($type:ty, $leaf:ident, $json:ident => $write:expr) => {
        impl Answer for $type {
            fn write(&self, _: &Context<'_>, $json: &mut Vec<u8>) -> bool {
                let $leaf = self;
                $write
            }
        }
    };
}

leaf!(str, text, json => write_text(text, json));
leaf!(String, text, json => write_text(text, json));
leaf!(ID, id, json => write_text(id, json));
leaf!(CurrencyCode, code, json => write_text(&code.0, json));
leaf!(CountryCode, code, json => write_text(&code.0, json));
leaf!(DateTime, moment, json => write_text(&write_date_time(moment.0), json));
leaf!(Date, day, json => write_text(&day.0.to_string(), json));
leaf!(Decimal, number, json => write_text(&number.0.to_string(), json));
leaf!(i32, number, json => serde_json::to_writer(json, number).is_ok());
leaf!(bool, yes, json => written(json, if *yes { b"true" } else { b"false" }));

/// Lets values of an enumeration be written at once.
macro_rules! enums_at_once {
    ($($type:ty),* $(,)?) => {
        $(impl $crate::graphql::at_once::Answer for $type {
            fn write(&self, _: &async_graphql::Context<'_>, json: &mut Vec<u8>) -> bool {
                $crate::graphql::at_once::write_enum(*self, json)
            }
        })*
    };
}
pub(crate) use enums_at_once;

/// Writes a value of an enumeration.
pub fn write_enum<T: EnumType>(value: T, json: &mut Vec<u8>) -> bool {
    T::items().iter().find(|item| item.value == value).is_some_and(|item| write_text(item.name, json))
}

fn write_text(text: &str, json: &mut Vec<u8>) -> bool {
    serde_json::to_writer(json, text).is_ok()
}

fn written(json: &mut Vec<u8>, text: &[u8]) -> bool {
    json.extend_from_slice(text);
    true
}

#[cfg(test)]
mod tests {
    use super::is_named;

    #[test]
    fn fields_are_named_after_their_resolvers() {
        let cases = [("id", "id"), ("firstName", "first_name"), ("lostToCompetitor", "lost_to_competitor")];
        for (field, resolver) in cases {
            assert!(is_named(field, resolver), "{field} {resolver}");
        }
        for (field, resolver) in
            [("id", "i"), ("i", "id"), ("firstname", "first_name"), ("first", "first_name"), ("name", "first_name")]
        {
            assert!(!is_named(field, resolver), "{field} {resolver}");
        }
    }
}
