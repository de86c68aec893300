//! One document: what was read out of its text, and with which variables it was found to fit the schema.

use std::sync::atomic::{AtomicU64, Ordering};

use async_graphql::parser::parse_query;
use async_graphql::parser::types::{ExecutableDocument, VariableDefinition};
use async_graphql::{Name, ServerError, Variables};

use crate::graphql::inputs::InputTypes;
use crate::graphql::omitted::OmittedPaging;
use crate::http::answer::{PARSE_FAILED, set};
use crate::http::limits::{self, MOST_DOCUMENT_BYTES, MOST_NESTING, Survey};

/// The bit that says that the document fits the schema at all.
const FITS: u64 = 1 << 63;

/// A document that was parsed and found bearable.
#[derive(Debug)]
pub struct Document {
    parsed: ExecutableDocument,
    survey: Survey,
    paging: OmittedPaging,
    bytes: usize,
    /// What is checked in the values of variables; `None` where we don't, and every request is validated.
    variables: Option<Vec<Variable>>,
    /// A set of variables, as bits, with which the document was validated, and `FITS`. 0: it never was.
    fitting: AtomicU64,
}

/// A variable of the only operation.
#[derive(Debug)]
struct Variable {
    name: Name,
    type_name: String,
    has_default: bool,
}

impl Document {
    /// Reads a text.
    ///
    /// # Errors
    /// The answer to what is no GraphQL, or asks for too much.
    pub fn read(text: &str) -> Result<Self, Vec<ServerError>> {
        check_length(text)?;
        check_nesting(limits::nesting(text))?;
        let parsed = parse_query(text).map_err(|error| {
            let mut error = ServerError::from(error);
            set(&mut error, "code", PARSE_FAILED);
            vec![error]
        })?;
        let survey = limits::survey(&parsed)?;
        let paging = OmittedPaging::of(&parsed);
        let variables = variables(&parsed);
        Ok(Self { parsed, survey, paging, bytes: text.len(), variables, fitting: AtomicU64::new(0) })
    }

    /// What was parsed.
    pub fn parsed(&self) -> &ExecutableDocument {
        &self.parsed
    }

    /// What was seen in it.
    pub fn survey(&self) -> &Survey {
        &self.survey
    }

    /// How long its text was, in bytes.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// A copy that can be carried out with these variables.
    pub fn ready(&self, variables: &Variables) -> ExecutableDocument {
        let mut document = self.parsed.clone();
        self.paging.fill(&mut document, variables);
        document
    }

    /// Whether validation with these variables could find nothing: the document was validated with the same ones or more, and
    /// each value has the type that the document says, which fits where it is used. If in doubt, it isn't.
    pub fn surely_fits(&self, values: &Variables, types: &InputTypes) -> bool {
        let fitting = self.fitting.load(Ordering::Relaxed);
        let is_known = self.set_of(values).is_some_and(|set| set & fitting == set);
        is_known && self.variables.iter().flatten().all(|variable| variable.accepts(values, types))
    }

    /// Notes that the document was validated with these variables, and nothing was found.
    pub fn note_fitting(&self, values: &Variables) {
        let Some(set) = self.set_of(values) else { return };
        if self.fitting.load(Ordering::Relaxed) & !set == 0 {
            // If two store at the same time, both are right.
            self.fitting.store(set, Ordering::Relaxed);
        }
    }

    /// Which variables have values, as bits. `None` where they can't be told so, and where a value is for none of them.
    fn set_of(&self, values: &Variables) -> Option<u64> {
        let variables = self.variables.as_ref()?;
        let place = |name: &Name| variables.iter().position(|variable| variable.name == *name);
        values.keys().try_fold(FITS, |set, name| Some(set | 1 << place(name)?))
    }
}

impl Variable {
    fn accepts(&self, values: &Variables, types: &InputTypes) -> bool {
        values.get(&self.name).is_none_or(|value| {
            // A variable with a default may stand where null may not.
            let is_strange_null = self.has_default && *value == async_graphql::Value::Null;
            !is_strange_null && types.accept(&self.type_name, value)
        })
    }
}

/// The variables of the only operation, up to 63.
fn variables(document: &ExecutableDocument) -> Option<Vec<Variable>> {
    let mut operations = document.operations.iter();
    let (Some((_, operation)), None) = (operations.next(), operations.next()) else { return None };
    let variable = |definition: &VariableDefinition| Variable {
        name: definition.name.node.clone(),
        type_name: definition.var_type.to_string(),
        has_default: definition.default_value.is_some(),
    };
    let definitions = &operation.node.variable_definitions;
    (definitions.len() < 64).then(|| definitions.iter().map(|definition| variable(&definition.node)).collect())
}

/// # Errors
/// The answer to what is too long.
pub fn check_length(text: &str) -> Result<(), Vec<ServerError>> {
    if text.len() > MOST_DOCUMENT_BYTES {
        let sentence =
            format!("The document is longer than {MOST_DOCUMENT_BYTES} bytes: ask for less, and send values as variables.");
        return Err(limits::too_complex(sentence));
    }
    Ok(())
}

/// # Errors
/// The answer to what is nested too deep.
pub fn check_nesting(depth: usize) -> Result<(), Vec<ServerError>> {
    if depth > MOST_NESTING {
        return Err(limits::too_complex(format!("The request has more than {MOST_NESTING} brackets within each other.")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn validation_is_left_out_only_where_it_could_find_nothing() {
        let types = InputTypes::of_schema();
        let document = Document::read("query ($a: Int, $b: String, $c: Int = 1) { leads(first: $a) { totalCount } }").unwrap();
        let values = |json: serde_json::Value| Variables::from_json(json);
        let fits = |json| document.surely_fits(&values(json), &types);
        assert!(!fits(json!({})), "it was never validated");
        document.note_fitting(&values(json!({})));
        assert!(fits(json!({})) && !fits(json!({ "a": 1 })), "only without a value for $a");
        document.note_fitting(&values(json!({ "a": 1, "c": 2 })));
        assert!(fits(json!({ "a": 2 })) && fits(json!({ "a": null, "c": 3 })) && fits(json!({})));
        assert!(
            !fits(json!({ "a": "2" })) && !fits(json!({ "b": "x" })) && !fits(json!({ "c": null })) && !fits(json!({ "d": 1 }))
        );
        document.note_fitting(&values(json!({ "b": "x" })));
        assert!(fits(json!({ "a": 1 })) && !fits(json!({ "b": "x" })), "what was noted stays");
    }

    #[test]
    fn documents_with_several_operations_are_validated_each_time() {
        let document = Document::read("query A { __typename } query B { __typename }").unwrap();
        document.note_fitting(&Variables::default());
        assert!(!document.surely_fits(&Variables::default(), &InputTypes::of_schema()));
    }
}
