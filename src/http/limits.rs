//! What is looked at before an operation is carried out, so that no document, however it is nested, repeated or knotted, can
//! keep the server busy or exhaust its stack. Depth, complexity, aliases and directives are async-graphql's work.

use std::collections::{HashMap, HashSet};

use async_graphql::parser::types::{ExecutableDocument, Field, Selection, SelectionSet};
use async_graphql::{Pos, ServerError};
use serde_json::Value;

use super::answer::{VALIDATION_FAILED, refusal};
use crate::error::FaultCode;

/// How long a document may be, in bytes. Parsing takes time, and what is long in a request belongs into variables.
pub const MOST_DOCUMENT_BYTES: usize = 131_072;
/// How deep brackets may be nested in a document, and lists and objects in variables. The parser recurses before anybody
/// counts.
pub const MOST_NESTING: usize = 64;
/// How deep selections may be nested, fragments included.
const MOST_LEVELS: usize = 32;
/// How many selections a document may have, each spread counting as all that its fragment has.
const MOST_SELECTIONS: usize = 5_000;

/// The deepest nesting of brackets in a document. Brackets in strings and comments don't count.
pub fn nesting(document: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let mut rest = document.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = match byte {
            b'{' | b'[' | b'(' => {
                depth += 1;
                deepest = deepest.max(depth);
                after
            }
            b'}' | b']' | b')' => {
                depth = depth.saturating_sub(1);
                after
            }
            b'#' => after_comment(after),
            b'"' => match after.strip_prefix(b"\"\"") {
                Some(block) => after_block_string(block),
                None => after_string(after),
            },
            _ => after,
        };
    }
    deepest
}

fn after_comment(text: &[u8]) -> &[u8] {
    let end = text.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(text.len());
    &text[end..]
}

fn after_string(mut text: &[u8]) -> &[u8] {
    loop {
        text = match text {
            [] => return text,
            [b'"' | b'\n' | b'\r', after @ ..] => return after,
            [b'\\', _, after @ ..] | [_, after @ ..] => after,
        };
    }
}

fn after_block_string(mut text: &[u8]) -> &[u8] {
    loop {
        text = match text {
            [] => return text,
            [b'"', b'"', b'"', after @ ..] => return after,
            [b'\\', b'"', b'"', b'"', after @ ..] | [_, after @ ..] => after,
        };
    }
}

/// How deep lists and objects are nested in a value.
pub fn value_nesting<'a>(values: impl Iterator<Item = &'a Value>) -> usize {
    values
        .map(|value| match value {
            Value::Array(items) => 1 + value_nesting(items.iter()),
            Value::Object(fields) => 1 + value_nesting(fields.values()),
            _ => 0,
        })
        .max()
        .unwrap_or_default()
}

/// What was seen in a document.
#[derive(Debug, Default)]
pub struct Survey {
    /// Whether it asks about the schema.
    pub introspects: bool,
    /// Where the arguments stand whose values come out of variables.
    pub variable_arguments: Vec<Pos>,
    /// Whether several of its fields may have to be put together into one object. In doubt they may.
    pub merges: bool,
}

/// How much a selection set asks for, all fragments put in.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    selections: usize,
    levels: usize,
}

struct Surveyor<'a> {
    document: &'a ExecutableDocument,
    /// `None`: its size is being found out.
    fragments: HashMap<&'a str, Option<Size>>,
    /// How many selections were looked at for names that are there twice.
    compared: usize,
    survey: Survey,
}

/// Looks through a document.
///
/// # Errors
/// When it asks for too much, or its fragments run in a circle.
pub fn survey(document: &ExecutableDocument) -> Result<Survey, Vec<ServerError>> {
    let mut surveyor = Surveyor { document, fragments: HashMap::new(), compared: 0, survey: Survey::default() };
    let mut selections = 0_usize;
    for (_, operation) in document.operations.iter() {
        selections = selections.saturating_add(surveyor.selection_set(&operation.node.selection_set.node, 0)?.selections);
    }
    for name in document.fragments.keys() {
        surveyor.fragment(name, 0)?;
    }
    if selections > MOST_SELECTIONS {
        return Err(too_complex(format!(
            "The document has more than {MOST_SELECTIONS} selections, its fragments put in: ask for less."
        )));
    }
    Ok(surveyor.survey)
}

impl<'a> Surveyor<'a> {
    /// Whether no two objects of a selection set have the same name, those of its fragments and these names included. In doubt they do.
    fn are_distinct(&mut self, set: &'a SelectionSet, level: usize, names: &mut HashSet<&'a str>) -> bool {
        set.items.iter().all(|selection| {
            self.compared += 1;
            if level > MOST_LEVELS || self.compared > MOST_SELECTIONS {
                return false;
            }
            match &selection.node {
                Selection::Field(field) => {
                    field.node.selection_set.node.items.is_empty() || names.insert(&field.node.response_key().node)
                }
                Selection::InlineFragment(fragment) => self.are_distinct(&fragment.node.selection_set.node, level + 1, names),
                Selection::FragmentSpread(spread) => match self.document.fragments.get(&spread.node.fragment_name.node) {
                    Some(fragment) => self.are_distinct(&fragment.node.selection_set.node, level + 1, names),
                    None => true,
                },
            }
        })
    }

    fn selection_set(&mut self, set: &'a SelectionSet, level: usize) -> Result<Size, Vec<ServerError>> {
        if level > MOST_LEVELS {
            return Err(too_deep());
        }
        self.survey.merges = self.survey.merges || !self.are_distinct(set, 0, &mut HashSet::new());
        let mut size = Size::default();
        for selection in &set.items {
            let inner = match &selection.node {
                Selection::Field(field) => self.field(&field.node, level)?,
                Selection::InlineFragment(fragment) => self.selection_set(&fragment.node.selection_set.node, level + 1)?,
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node, level + 1)?,
            };
            size.selections = size.selections.saturating_add(inner.selections).saturating_add(1);
            size.levels = size.levels.max(inner.levels + 1);
        }
        Ok(size)
    }

    fn field(&mut self, field: &'a Field, level: usize) -> Result<Size, Vec<ServerError>> {
        self.survey.introspects |= matches!(field.name.node.as_str(), "__schema" | "__type");
        let arguments = field.arguments.iter().filter(|(_, value)| value.node.clone().into_const().is_none());
        self.survey.variable_arguments.extend(arguments.map(|(name, _)| name.pos));
        if field.selection_set.node.items.is_empty() {
            Ok(Size::default())
        } else {
            self.selection_set(&field.selection_set.node, level + 1)
        }
    }

    fn fragment(&mut self, name: &'a str, level: usize) -> Result<Size, Vec<ServerError>> {
        let size = match self.fragments.get(name) {
            Some(Some(size)) => *size,
            Some(None) => return Err(refusal(VALIDATION_FAILED, format!("The fragment `{name}` contains itself."))),
            None => {
                let Some(fragment) = self.document.fragments.get(name) else { return Ok(Size::default()) };
                self.fragments.insert(name, None);
                let size = self.selection_set(&fragment.node.selection_set.node, level)?;
                self.fragments.insert(name, Some(size));
                size
            }
        };
        if level + size.levels > MOST_LEVELS { Err(too_deep()) } else { Ok(size) }
    }
}

fn too_deep() -> Vec<ServerError> {
    too_complex(format!("The selections are nested more than {MOST_LEVELS} levels deep, fragments put in: ask for less."))
}

/// The refusal of what asks for too much.
pub fn too_complex(message: String) -> Vec<ServerError> {
    refusal(FaultCode::TooComplex.as_str(), message)
}
