//! Trusted documents: a manifest names those that are carried out, and all others are refused.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;

use super::{Document, DocumentHash};
use crate::graphql::schema::{Limits, Validator};

/// The documents of a manifest. All of them fit the schema.
#[derive(Debug, Clone)]
pub struct TrustedDocuments {
    /// By the id in the manifest, and by the hash of the text.
    by_name: Arc<HashMap<String, Arc<Document>>>,
}

/// Why a manifest can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// The file can't be read.
    #[error("The trusted documents in {0} can't be read: {1}.")]
    Unreadable(PathBuf, std::io::Error),
    /// It is no manifest.
    #[error(
        "The trusted documents are no manifest: {0}. Write `{{\"<id or SHA-256>\": \"<document>\"}}`, or use one that Apollo or Relay writes."
    )]
    Malformed(serde_json::Error),
    /// Documents in it can't be carried out: a sentence for each.
    #[error("{}", .0.join("\n"))]
    Invalid(Vec<String>),
}

/// The manifests that are understood.
#[derive(Deserialize)]
#[serde(untagged)]
enum Manifest {
    /// What `generate-persisted-query-manifest` of Apollo writes.
    Apollo { operations: Vec<ApolloOperation> },
    /// An object of ids and texts, as Relay and the GraphQL Code Generator write it.
    Plain(BTreeMap<String, String>),
}

#[derive(Deserialize)]
struct ApolloOperation {
    id: String,
    body: String,
}

impl TrustedDocuments {
    /// Reads the manifest in a file.
    ///
    /// # Errors
    /// As `of_json`, and when the file can't be read.
    pub fn of_file(path: &Path, limits: Limits) -> Result<Self, ManifestError> {
        let json = std::fs::read(path).map_err(|error| ManifestError::Unreadable(path.to_owned(), error))?;
        Self::of_json(&json, limits)
    }

    /// Reads a manifest.
    ///
    /// # Errors
    /// When it is none, or names documents that the schema or the limits don't allow: all of them are told.
    pub fn of_json(json: &[u8], limits: Limits) -> Result<Self, ManifestError> {
        let entries = match serde_json::from_slice(json).map_err(ManifestError::Malformed)? {
            Manifest::Apollo { operations } => operations.into_iter().map(|operation| (operation.id, operation.body)).collect(),
            Manifest::Plain(documents) => documents.into_iter().collect::<Vec<_>>(),
        };
        let validator = Validator::new(limits);
        let mut by_name: HashMap<String, Arc<Document>> = HashMap::new();
        let mut problems = Vec::new();
        for (id, text) in entries {
            let hash = DocumentHash::of(&text).to_string();
            let document = match by_name.get(&hash) {
                Some(document) => document.clone(),
                None => match read(&text, &validator) {
                    Ok(document) => Arc::new(document),
                    Err(reasons) => {
                        problems.push(format!("The trusted document `{id}` can't be carried out: {}", reasons.join(" ")));
                        continue;
                    }
                },
            };
            for name in [without_scheme(&id).to_owned(), hash] {
                let known = by_name.entry(name).or_insert_with(|| document.clone());
                if !Arc::ptr_eq(known, &document) {
                    problems.push(format!("The id `{id}` stands for two different trusted documents."));
                }
            }
        }
        if problems.is_empty() { Ok(Self { by_name: Arc::new(by_name) }) } else { Err(ManifestError::Invalid(problems)) }
    }

    /// The document with this id, or this hash of its text, if it is trusted.
    pub fn by_name(&self, name: &str) -> Option<Arc<Document>> {
        self.by_name.get(without_scheme(name)).cloned()
    }
}

/// An id without the `sha256:` that the GraphQL-over-HTTP specification puts before hashes.
pub fn without_scheme(id: &str) -> &str {
    id.strip_prefix("sha256:").unwrap_or(id)
}

fn read(text: &str, validator: &Validator) -> Result<Document, Vec<String>> {
    let document = Document::read(text).and_then(|document| {
        let errors = validator.validate(document.parsed());
        if errors.is_empty() { Ok(document) } else { Err(errors) }
    });
    document.map_err(|errors| errors.into_iter().map(|error| error.message).collect())
}
