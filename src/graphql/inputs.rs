//! The types of input values, to check variables against without validating their document again.

use std::collections::BTreeMap;

use async_graphql::registry::{MetaInputValue, MetaType, MetaTypeName, Registry};
use async_graphql::{OutputType, Value};

use super::schema::{Mutation, Query};

/// The types of the schema's input values.
pub struct InputTypes(BTreeMap<String, MetaType>);

impl InputTypes {
    /// Those of the schema that is served.
    pub fn of_schema() -> Self {
        let mut registry = Registry::default();
        Query::create_type_info(&mut registry);
        Mutation::create_type_info(&mut registry);
        let is_input =
            |kind: &MetaType| matches!(kind, MetaType::Scalar { .. } | MetaType::Enum { .. } | MetaType::InputObject { .. });
        registry.types.retain(|_, kind| is_input(kind));
        Self(registry.types)
    }

    /// Whether validation would accept this value for this type, as `[ID!]!`. It says no where it isn't sure.
    pub fn accept(&self, type_name: &str, value: &Value) -> bool {
        match (MetaTypeName::create(type_name), value) {
            (MetaTypeName::NonNull(_), Value::Null) => false,
            (MetaTypeName::NonNull(inner), _) => self.accept(inner, value),
            (MetaTypeName::List(_) | MetaTypeName::Named(_), Value::Null) => true,
            (MetaTypeName::List(inner), Value::List(items)) => items.iter().all(|item| self.accept(inner, item)),
            (MetaTypeName::List(inner), _) => self.accept(inner, value),
            (MetaTypeName::Named(name), _) => self.0.get(name).is_some_and(|kind| self.named(kind, value)),
        }
    }

    fn named(&self, kind: &MetaType, value: &Value) -> bool {
        match (kind, value) {
            (MetaType::Scalar { is_valid, .. }, _) => is_valid.as_ref().is_none_or(|is_valid| is_valid(value)),
            (MetaType::Enum { enum_values, .. }, Value::String(name)) => enum_values.contains_key(name.as_str()),
            (MetaType::InputObject { input_fields, oneof: false, .. }, Value::Object(values)) => {
                let is_good = |field: &MetaInputValue| match values.get(field.name.as_str()) {
                    Some(value) => self.accept(&field.ty, value),
                    None => field.default_value.is_some() || !MetaTypeName::create(&field.ty).is_non_null(),
                };
                input_fields.values().all(is_good) && values.keys().all(|name| input_fields.contains_key(name.as_str()))
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_accepted_where_validation_accepts_them() {
        let types = InputTypes::of_schema();
        let accepts = |kind: &str, value: serde_json::Value| types.accept(kind, &Value::from_json(value).unwrap());
        assert!(accepts("ID!", json!("x")) && accepts("ID", json!(null)) && accepts("[ID!]!", json!(["x"])));
        assert!(accepts("[ID!]", json!("x")), "one value stands for a list of one");
        assert!(accepts("LeadFilter", json!({ "lastName": { "eq": "x" } })) && accepts("LeadFilter", json!({})));
        assert!(accepts("[LeadOrder!]", json!([{ "field": "CREATED_AT", "direction": "DESC" }])));
        let wrong = [
            ("ID!", json!(null)),
            ("[ID!]", json!([null])),
            ("Int", json!("1")),
            ("Int", json!(1.5)),
            ("Boolean", json!(0)),
            ("LeadFilter", json!(7)),
            ("LeadFilter", json!({ "unknown": 1 })),
            ("LeadFilter", json!({ "status": { "eq": "NO_STATUS" } })),
            ("[LeadOrder!]", json!([{ "direction": "DESC" }])),
            ("Nothing", json!(1)),
            ("Lead", json!({})),
        ];
        for (kind, value) in wrong {
            assert!(!accepts(kind, value.clone()), "{kind} {value}");
        }
    }
}
