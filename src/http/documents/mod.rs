//! Documents: each is read once, and found again by the SHA-256 of its text. What is kept is bounded, and what was used least
//! lately goes first; where only trusted documents run, those stay for good.

mod document;
mod hash;
mod trusted;

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_graphql::ServerError;
use lru::LruCache;

use super::answer::{DOCUMENT_NOT_TRUSTED, PERSISTED_QUERY_NOT_FOUND, refusal};
use crate::error::FaultCode;

pub use document::{Document, check_nesting};
pub use hash::DocumentHash;
pub use trusted::{ManifestError, TrustedDocuments};

/// How many documents are kept.
const MOST_KEPT: NonZeroUsize = NonZeroUsize::MIN.saturating_add(999);
/// How long the texts of all documents that are kept may be together, in bytes. What was read out of them takes some fifty
/// times as much.
const MOST_KEPT_BYTES: usize = 524_288;

/// The document that a request means.
#[derive(Debug)]
pub enum Wanted {
    /// The one with this text, and with this hash where the client says one.
    Text {
        /// The text.
        text: String,
        /// What the client says its hash is.
        hash: Option<DocumentHash>,
    },
    /// The one whose text, sent earlier, has this hash.
    Hash(DocumentHash),
    /// The one with this id in the manifest; elsewhere an id is a hash, with or without `sha256:` before it.
    Id(String),
    /// A text of our own, which is carried out in any case.
    Ours(String),
}

/// A document, and under what it can be kept.
#[derive(Debug)]
pub struct Found {
    /// The document.
    pub document: Arc<Document>,
    /// The hash of its text; `None` where there is nothing to keep.
    hash: Option<DocumentHash>,
}

/// The documents that are known.
pub struct Documents {
    kept: Mutex<Kept>,
    trusted: Option<TrustedDocuments>,
}

struct Kept {
    documents: LruCache<DocumentHash, Arc<Document>>,
    bytes: usize,
}

impl Documents {
    /// None are known but the trusted ones. Where there are such, no others are carried out.
    pub fn new(trusted: Option<TrustedDocuments>) -> Self {
        Self { kept: Mutex::new(Kept { documents: LruCache::new(MOST_KEPT), bytes: 0 }), trusted }
    }

    /// Finds the document that a request means, and reads it where it is new.
    ///
    /// # Errors
    /// The answer to what is unknown, not trusted, no GraphQL, or asks for too much.
    pub fn find(&self, wanted: Wanted) -> Result<Found, Vec<ServerError>> {
        match (wanted, &self.trusted) {
            (Wanted::Ours(text), _) => self.read(&text, None),
            (Wanted::Text { text, hash }, None) => self.read(&text, hash),
            (Wanted::Hash(hash), None) => self.seen(hash),
            (Wanted::Id(id), None) => id_hash(&id).map_or_else(|| Err(not_found()), |hash| self.seen(hash)),
            (Wanted::Text { text, hash }, Some(trusted)) => {
                let real = checked_hash(&text, hash)?;
                trusted_only(trusted.by_name(&real.to_string()), "has this text")
            }
            (Wanted::Hash(hash), Some(trusted)) => trusted_only(trusted.by_name(&hash.to_string()), "has this hash"),
            (Wanted::Id(id), Some(trusted)) => trusted_only(trusted.by_name(&id), "has this id"),
        }
    }

    /// Keeps a document that was found to fit the schema.
    pub fn keep(&self, found: &Found) {
        let Some(hash) = found.hash else { return };
        let mut kept = self.lock();
        if kept.documents.contains(&hash) {
            return;
        }
        kept.bytes += found.document.bytes();
        if let Some((_, gone)) = kept.documents.push(hash, found.document.clone()) {
            kept.bytes -= gone.bytes();
        }
        while kept.bytes > MOST_KEPT_BYTES {
            let Some((_, gone)) = kept.documents.pop_lru() else { break };
            kept.bytes -= gone.bytes();
        }
    }

    fn read(&self, text: &str, claimed: Option<DocumentHash>) -> Result<Found, Vec<ServerError>> {
        document::check_length(text)?;
        let hash = checked_hash(text, claimed)?;
        let known = self.lock().documents.get(&hash).cloned();
        let document = known.map_or_else(|| Document::read(text).map(Arc::new), Ok)?;
        Ok(Found { document, hash: Some(hash) })
    }

    fn seen(&self, hash: DocumentHash) -> Result<Found, Vec<ServerError>> {
        let document = self.lock().documents.get(&hash).cloned().ok_or_else(not_found)?;
        Ok(Found { document, hash: Some(hash) })
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn id_hash(id: &str) -> Option<DocumentHash> {
    DocumentHash::parse(trusted::without_scheme(id))
}

/// The hash of a text, which has to be the one that the client says.
fn checked_hash(text: &str, claimed: Option<DocumentHash>) -> Result<DocumentHash, Vec<ServerError>> {
    let hash = DocumentHash::of(text);
    if claimed.is_some_and(|claimed| claimed != hash) {
        let sentence = format!("The document's SHA-256 is not the one in `extensions.persistedQuery.sha256Hash`, but {hash}.");
        return Err(refusal(FaultCode::BadUserInput.as_str(), sentence));
    }
    Ok(hash)
}

/// Clients know this message, word for word, and send the document's text.
fn not_found() -> Vec<ServerError> {
    refusal(PERSISTED_QUERY_NOT_FOUND, "PersistedQueryNotFound")
}

fn trusted_only(document: Option<Arc<Document>>, what: &str) -> Result<Found, Vec<ServerError>> {
    let document = document.ok_or_else(|| {
        let sentence = format!("This server carries out trusted documents only, and none of them {what}.");
        refusal(DOCUMENT_NOT_TRUSTED, sentence)
    })?;
    Ok(Found { document, hash: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keep(documents: &Documents, text: &str) {
        documents.keep(&documents.find(Wanted::Text { text: text.to_owned(), hash: None }).unwrap());
    }

    fn is_kept(documents: &Documents, text: &str) -> bool {
        documents.find(Wanted::Hash(DocumentHash::of(text))).is_ok()
    }

    #[test]
    fn only_so_many_are_kept_and_what_is_used_stays() {
        let documents = Documents::new(None);
        keep(&documents, "{ used }");
        for number in 0..MOST_KEPT.get() + 10 {
            keep(&documents, &format!("{{ field{number} }}"));
            assert!(is_kept(&documents, "{ used }"), "{number}");
        }
        assert_eq!(documents.lock().documents.len(), MOST_KEPT.get());
        assert!(!is_kept(&documents, "{ field0 }") && is_kept(&documents, "{ field1009 }"));
    }

    #[test]
    fn their_texts_are_bounded_together() {
        let documents = Documents::new(None);
        let text = |number: usize| format!("{{ field{number} }} # {}", "x".repeat(100_000));
        for number in 0..20 {
            keep(&documents, &text(number));
            keep(&documents, &text(number));
        }
        let kept = documents.lock();
        let bytes: usize = kept.documents.iter().map(|(_, document)| document.bytes()).sum();
        assert_eq!((kept.documents.len(), kept.bytes), (5, bytes));
        assert!(bytes <= MOST_KEPT_BYTES);
    }

    #[test]
    fn what_is_known_is_not_read_again() {
        let documents = Documents::new(None);
        let find = |text: &str| documents.find(Wanted::Text { text: text.to_owned(), hash: None }).unwrap();
        let first = find("{ a }");
        assert!(!Arc::ptr_eq(&first.document, &find("{ a }").document), "nobody said yet that it fits the schema");
        documents.keep(&first);
        assert!(Arc::ptr_eq(&first.document, &find("{ a }").document));
        assert!(!Arc::ptr_eq(&first.document, &find("{ a  }").document));
    }
}
