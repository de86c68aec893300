//! Tests that need something that isn't everywhere. In CI nothing may be skipped.

use std::io::Write;
use std::path::{Path, PathBuf};

/// Says that a test was skipped, and why: past the test runner, which keeps the output of tests that pass to itself.
#[track_caller]
pub fn skip(what: &str, reason: &str) {
    assert!(std::env::var_os("LEADGRAPH_TEST_SKIP_NOTHING").is_none(), "can't test {what}: {reason}");
    drop(writeln!(std::io::stderr(), "SKIPPED {what}: {reason}."));
}

/// A file or folder that the project keeps beside the repository; skips the test that needs it where it isn't there.
#[track_caller]
pub fn shared(path: &str, what: &str) -> Option<PathBuf> {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path);
    if !place.exists() {
        skip(what, &format!("{} is not there", place.display()));
        return None;
    }
    Some(place)
}
