//! The playground in a real browser, as a person uses it: sign in, run every example, sign out. It needs Node and Chromium, and
//! is skipped, with a word, where they are not there.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use leadgraph::demo;
use tokio::process::Command;

use crate::harness::{TestServer, skip};

#[tokio::test]
async fn every_example_works_in_a_browser() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("playground/test");
    let browser = match tools(&folder).await {
        Ok(browser) => browser,
        Err(reason) => return skip("the playground in a browser", &reason),
    };
    let server = TestServer::start().await;
    server.clock.set(&chrono::Utc::now().to_rfc3339());
    let email = demo::fill(server.app.database().clone()).await.unwrap_or_else(|error| panic!("{error:?}"));
    let output = Command::new("node")
        .arg(folder.join("playground.mjs"))
        .args([server.url(""), email, demo::PASSWORD.to_owned()])
        .env("CHROMIUM", browser)
        .output()
        .await
        .unwrap();
    let (said, complained) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}\n{complained}");
}

/// The browser to use; or why the test can't run.
async fn tools(folder: &Path) -> Result<PathBuf, String> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].map(PathBuf::from);
    let browser = named.into_iter().chain(places).find(|place| place.exists());
    let browser = browser.ok_or("there is no Chromium (set CHROMIUM to its path)")?;
    let quiet = |command: &mut Command| {
        command.stdout(Stdio::null()).stderr(Stdio::null());
    };
    let mut node = Command::new("node");
    quiet(node.arg("--version"));
    if !node.status().await.is_ok_and(|status| status.success()) {
        return Err("there is no Node".to_owned());
    }
    if !folder.join("node_modules/playwright-core").exists() {
        let mut npm = Command::new("npm");
        quiet(npm.args(["ci", "--no-audit", "--no-fund", "--prefix"]).arg(folder));
        if !npm.status().await.is_ok_and(|status| status.success()) {
            return Err("npm could not install playwright-core".to_owned());
        }
    }
    Ok(browser)
}
