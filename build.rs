//! Builds the playground into `$OUT_DIR/playground`, from where `src/http/playground.rs` embeds it, and has the linker put together what
//! runs only at the start.
//!
//! The full playground is GraphiQL, an npm project that no crate ships. `cargo run` must stay one command on a machine
//! without Node or without network, so what cannot be built is replaced by the simple page in `playground/fallback`, and
//! a warning says so. `LEADGRAPH_PLAYGROUND` decides where that is not wanted: `fallback` skips npm, `full` makes a
//! playground that cannot be built an error (for releases). The source tree stays clean: npm works in a copy.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

/// What the full playground is made of; the tests and the fallback are not part of it.
const SOURCES: [&str; 6] = [".npmrc", "index.html", "package-lock.json", "package.json", "src", "vite.config.js"];

/// One quick retry and a short timeout: a machine without network should not wait for minutes.
const INSTALL: [&str; 6] = [
    "ci",
    "--prefer-offline",
    "--fetch-retries=1",
    "--fetch-retry-mintimeout=500",
    "--fetch-retry-maxtimeout=1000",
    "--fetch-timeout=10000",
];

/// What the simple playground is made of, and where its parts are served.
const FALLBACK: [(&str, &str); 6] = [
    ("fallback/index.html", "index.html"),
    ("fallback/page.js", "playground/page.js"),
    ("src/client.js", "playground/client.js"),
    ("src/examples", "playground/examples"),
    ("src/icon.svg", "playground/icon.svg"),
    ("src/style.css", "playground/style.css"),
];

fn main() -> Result<(), String> {
    for path in SOURCES.iter().chain(&["fallback"]) {
        println!("cargo:rerun-if-changed=playground/{path}");
    }
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=LEADGRAPH_PLAYGROUND");

    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    place_startup_together(&out).map_err(|error| format!("The linker's script could not be written: {error}"))?;
    let playground = out.join("playground");
    let wanted = env::var("LEADGRAPH_PLAYGROUND").unwrap_or_default();
    let problem = match wanted.as_str() {
        "fallback" => "LEADGRAPH_PLAYGROUND=fallback asks for it".to_owned(),
        "" | "full" => match build_full(&out.join("playground-build"), &playground) {
            Ok(()) => return Ok(()),
            Err(problem) if wanted == "full" => return Err(format!("The playground could not be built: {problem}")),
            Err(problem) => problem,
        },
        other => return Err(format!("LEADGRAPH_PLAYGROUND is \"{other}\"; it may be full or fallback, or be left out")),
    };
    println!("cargo:warning=The simple playground is built in instead of GraphiQL: {problem}");
    place_fallback(&playground).map_err(|error| format!("The simple playground could not be copied: {error}"))
}

/// What runs only while the program starts: above all the registration of each of the schema's types. It lies beside the code of
/// what the type's fields do, all over the program, and the kernel reads in 64 KiB and more around each place that is touched.
const STARTUP: &str = "SECTIONS { .text.startup_only : {
    *(.text.*create_type_info*) *(.text.*13async_graphql8registry*) *(.text.*clap_builder*) *(.text.*sea_orm_migration*)
} } INSERT BEFORE .text;";

/// Has the linker put into one place what runs only while a release build starts: an idle server has some MiB less in memory. Only
/// where the linker is the usual one, which knows such scripts.
fn place_startup_together(out: &Path) -> io::Result<()> {
    let is = |name, value| env::var(name).is_ok_and(|found| found == value);
    let is_usual =
        is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") && env::var_os("RUSTC_LINKER").is_none();
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    if is("PROFILE", "release") && is_usual && !flags.contains("fuse-ld") {
        let script = out.join("startup.ld");
        fs::write(&script, STARTUP)?;
        println!("cargo:rustc-link-arg-bins=-Wl,-T,{}", script.display());
    }
    Ok(())
}

/// Runs npm in a copy of the sources, which is removed afterwards: the packages take 250 MB.
fn build_full(workshop: &Path, playground: &Path) -> Result<(), String> {
    check_node()?;
    let copied = remove(workshop)
        .and_then(|()| SOURCES.iter().try_for_each(|path| copy(&Path::new("playground").join(path), &workshop.join(path))));
    let built = copied.map_err(|error| error.to_string()).and_then(|()| {
        npm(workshop, &INSTALL)?;
        remove(playground).map_err(|error| error.to_string())?;
        let folder = playground.to_str().ok_or("the target folder's name is not Unicode")?;
        npm(workshop, &["run", "build", "--", "--logLevel", "error", "--outDir", folder])
    });
    remove(workshop).map_err(|error| error.to_string())?;
    built
}

fn check_node() -> Result<(), String> {
    let output = Command::new("node").arg("--version").output().map_err(|_| "Node is not installed".to_owned())?;
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let mut numbers = version.trim_start_matches('v').split('.').map_while(|number| number.parse::<u32>().ok());
    if (numbers.next(), numbers.next()) >= (Some(20), Some(19)) {
        Ok(())
    } else {
        Err(format!("Node {version} is too old, 20.19 is needed"))
    }
}

fn npm(folder: &Path, arguments: &[&str]) -> Result<(), String> {
    let program = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .output()
        .map_err(|error| format!("npm could not be started ({error})"))?;
    if output.status.success() {
        return Ok(());
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    let reason = errors.lines().find(|line| line.to_lowercase().contains("error")).unwrap_or("no reason given");
    Err(format!("npm {} failed ({reason})", arguments[0]))
}

fn place_fallback(playground: &Path) -> io::Result<()> {
    remove(playground)?;
    FALLBACK.iter().try_for_each(|(from, to)| copy(&Path::new("playground").join(from), &playground.join(to)))
}

/// Copies a file, or a folder with all that is in it.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if from.is_dir() {
        return fs::read_dir(from)?.try_for_each(|entry| {
            let entry = entry?;
            copy(&entry.path(), &to.join(entry.file_name()))
        });
    }
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::copy(from, to).map(|_| ())
}

fn remove(folder: &Path) -> io::Result<()> {
    if folder.exists() { fs::remove_dir_all(folder) } else { Ok(()) }
}
