//! Optional paging variables that a request leaves out.
//!
//! async-graphql 8.0.0-rc.5 refuses `query ($first: Int) { leads(first: $first) … }` without a value for `$first`, as it can't work out
//! the complexity of a field whose argument is an omitted variable. Omitted and null mean the same for `first` and `last` (and only
//! there: elsewhere null clears), so such variables get null for their default. Remove this when the library has learned it.

use std::collections::HashSet;
use std::convert::Infallible;

use async_graphql::parser::types::{
    Directive, DocumentOperations, ExecutableDocument, OperationDefinition, Selection, SelectionSet, VariableDefinition,
};
use async_graphql::{Name, Positioned, Value, Variables};

/// The variables of a document that may be left out and are used for paging only.
#[derive(Debug, Default)]
pub struct OmittedPaging(HashSet<Name>);

impl OmittedPaging {
    /// Looks for them.
    #[must_use]
    pub fn of(document: &ExecutableDocument) -> Self {
        let mut definitions = document.operations.iter().flat_map(|(_, operation)| &operation.node.variable_definitions);
        if definitions.any(|variable| may_be_omitted(&variable.node)) {
            Self(Uses::of(document).only_for_paging())
        } else {
            Self::default()
        }
    }

    /// Gives null to those without a value. Every document must come through here before it is carried out.
    pub fn fill(&self, document: &mut ExecutableDocument, given: &Variables) {
        if self.0.is_empty() {
            return;
        }
        for variable in operations(document).into_iter().flat_map(|operation| &mut operation.variable_definitions) {
            let name = &variable.node.name.node;
            if may_be_omitted(&variable.node) && self.0.contains(name) && !given.contains_key(name) {
                variable.node.default_value = Some(Positioned::new(Value::Null, variable.pos));
            }
        }
    }
}

fn may_be_omitted(variable: &VariableDefinition) -> bool {
    variable.var_type.node.nullable && variable.default_value.is_none()
}

/// Values for all variables that a document uses for paging, as if it asked for pages of one.
#[must_use]
pub fn smallest_pages(document: &ExecutableDocument) -> Variables {
    let mut variables = Variables::default();
    for name in Uses::of(document).paging {
        variables.insert(name, Value::from(1));
    }
    variables
}

fn operations(document: &mut ExecutableDocument) -> Vec<&mut OperationDefinition> {
    match &mut document.operations {
        DocumentOperations::Single(operation) => vec![&mut operation.node],
        DocumentOperations::Multiple(operations) => operations.values_mut().map(|operation| &mut operation.node).collect(),
    }
}

/// What a document uses its variables for.
#[derive(Default)]
struct Uses {
    paging: HashSet<Name>,
    other: HashSet<Name>,
}

impl Uses {
    fn of(document: &ExecutableDocument) -> Self {
        let mut uses = Self::default();
        for (_, operation) in document.operations.iter() {
            uses.directives(&operation.node.directives);
            uses.selections(&operation.node.selection_set.node);
        }
        for fragment in document.fragments.values() {
            uses.directives(&fragment.node.directives);
            uses.selections(&fragment.node.selection_set.node);
        }
        uses
    }

    fn only_for_paging(self) -> HashSet<Name> {
        self.paging.difference(&self.other).cloned().collect()
    }

    /// The parser refuses documents that are nested too deep for this.
    fn selections(&mut self, selections: &SelectionSet) {
        for selection in &selections.items {
            self.directives(selection.node.directives());
            match &selection.node {
                Selection::Field(field) => {
                    for (name, value) in &field.node.arguments {
                        let is_paging = matches!(name.node.as_str(), "first" | "last");
                        let uses = if is_paging { &mut self.paging } else { &mut self.other };
                        let _ = value.node.clone().into_const_with(|name| note(uses, name));
                    }
                    self.selections(&field.node.selection_set.node);
                }
                Selection::InlineFragment(fragment) => self.selections(&fragment.node.selection_set.node),
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    fn directives(&mut self, directives: &[Positioned<Directive>]) {
        for (_, value) in directives.iter().flat_map(|directive| &directive.node.arguments) {
            let _ = value.node.clone().into_const_with(|name| note(&mut self.other, name));
        }
    }
}

/// Notes a variable of a value. The library lets nobody else look into a value: only put something in place of its variables.
fn note(uses: &mut HashSet<Name>, variable: Name) -> Result<Value, Infallible> {
    uses.insert(variable);
    Ok(Value::Null)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn defaults(query: &str, variables: serde_json::Value) -> Vec<String> {
        let mut document = async_graphql::parser::parse_query(query).unwrap();
        OmittedPaging::of(&document).fill(&mut document, &Variables::from_json(variables));
        let definitions = document.operations.iter().flat_map(|(_, operation)| &operation.node.variable_definitions);
        let with_default = definitions.into_iter().filter(|variable| variable.node.default_value.is_some());
        with_default.map(|variable| variable.node.name.node.to_string()).collect()
    }

    #[test]
    fn only_omitted_paging_variables_get_null() {
        let query = "query($a: Int, $b: Int!, $c: Int, $d: Int, $e: Int) {
            leads(first: $a, last: $b) { nodes { ... { history(first: $c) { nodes { id } } } duplicates(first: $d) } }
            other(first: $e, input: { list: [$e] }) }";
        assert_eq!(defaults(query, serde_json::json!({ "d": 3 })), ["a", "c"]);
        assert!(defaults("{ leads { nodes { id } } }", serde_json::json!({})).is_empty());
    }
}
