//! The program as it is called from a shell.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

/// The program in a directory of its own, without settings from outside.
pub fn program(directory: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_leadgraph"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("LEADGRAPH_")) {
        command.env_remove(name);
    }
    command.current_dir(directory).stdin(Stdio::null());
    command
}

fn run(directory: &TempDir, arguments: &[&str]) -> Output {
    program(directory.path()).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A server that is killed when the test ends.
pub struct Serving {
    process: Child,
    output: BufReader<std::process::ChildStdout>,
}

impl Serving {
    pub fn start(mut command: Command) -> Self {
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        Self { process, output }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// Reads the address that the server prints.
    pub fn address(&mut self) -> String {
        let line = self.line();
        line.strip_prefix("leadgraph listens on ").unwrap_or_else(|| panic!("no address: {line}")).to_owned()
    }

    /// Asks the server to stop, as an operating system does, and answers its exit code and its log.
    pub fn stop(mut self) -> (Option<i32>, String) {
        assert!(Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status().unwrap().success());
        let status = self.process.wait().unwrap();
        let log = std::io::read_to_string(self.process.stderr.take().unwrap()).unwrap();
        (status.code(), log)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

#[test]
fn help_shows_every_setting_with_its_default() {
    let directory = tempfile::tempdir().unwrap();
    for arguments in [&["--help"][..], &["serve", "--help"]] {
        let help = text(&run(&directory, arguments).stdout);
        for part in [
            "--database",
            "[default: leadgraph.db]",
            "--listen",
            "[default: 127.0.0.1:8080]",
            "--session-hours",
            "[default: 168]",
            "--body-limit",
            "[default: 1048576]",
            "LEADGRAPH_ALLOWED_ORIGINS",
            "--log-format",
            "--config",
            "--introspection",
            "--trusted-documents",
        ] {
            assert!(help.contains(part), "{arguments:?} lacks {part}:\n{help}");
        }
    }
}

#[test]
fn the_schema_is_printed() {
    let directory = tempfile::tempdir().unwrap();
    let output = run(&directory, &["schema"]);
    assert!(output.status.success());
    assert_eq!(text(&output.stdout).trim_end(), leadgraph::graphql::schema::sdl().trim_end());
}

#[test]
fn defaults_give_way_to_the_file_the_file_to_the_environment_and_that_to_flags() {
    let directory = tempfile::tempdir().unwrap();
    let migrated = |variable: Option<&str>, arguments: &[&str]| {
        let mut command = program(directory.path());
        if let Some(value) = variable {
            command.env("LEADGRAPH_DATABASE", value);
        }
        let output = command.arg("migrate").args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout).lines().last().unwrap().split(' ').next().unwrap().to_owned()
    };
    assert_eq!(migrated(None, &[]), "leadgraph.db");
    std::fs::write(directory.path().join("leadgraph.toml"), "database = \"file.db\"\n").unwrap();
    std::fs::write(directory.path().join("other.toml"), "database = \"other.db\"\n").unwrap();
    assert_eq!(migrated(None, &[]), "file.db");
    assert_eq!(migrated(None, &["--config", "other.toml"]), "other.db");
    assert_eq!(migrated(Some("environment.db"), &[]), "environment.db");
    assert_eq!(migrated(Some("environment.db"), &["--database", "flag.db"]), "flag.db");
    for name in ["leadgraph.db", "file.db", "other.db", "environment.db", "flag.db"] {
        assert!(directory.path().join(name).exists(), "{name}");
    }
}

#[test]
fn settings_that_make_no_sense_are_refused_with_a_sentence() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("bad.toml");
    let cases = [
        ("listen = \"8080\"", "listen"),
        ("workers = 0", "`workers` must be 1 or more."),
        ("workers = \"many\"", "workers"),
        ("lisen = \"127.0.0.1:8080\"", "lisen"),
        ("allowed_origins = [\"app.example.com\"]", "is no origin"),
        ("allowed_origins = [\"https://app.example.com/\"]", "is no origin"),
        ("log_level = \"a=b=c\"", "log_level"),
        ("introspection = \"sometimes\"", "introspection"),
        ("this is no toml", "bad.toml"),
    ];
    for (content, part) in cases {
        std::fs::write(&file, content).unwrap();
        let output = run(&directory, &["migrate", "--config", "bad.toml"]);
        let error = text(&output.stderr);
        assert!(!output.status.success() && error.contains(part), "{content}: {error}");
    }
    for (arguments, part) in [
        (&["migrate", "--config", "missing.toml"][..], "missing.toml"),
        (&["migrate", "--database", "mysql://x"], "SQLite and PostgreSQL"),
        (&["migrate", "--database", "nowhere/x.db"], "directory"),
        (&["serve", "--listen", "localhost"], "--listen"),
        (&["serve", "--workers", "x"], "--workers"),
        (&["fly"], "fly"),
    ] {
        let output = run(&directory, arguments);
        let error = text(&output.stderr);
        assert!(!output.status.success() && error.contains(part), "{arguments:?}: {error}");
    }
    assert!(!directory.path().join("leadgraph.db").exists());
}

#[test]
fn trusted_documents_that_cannot_be_carried_out_are_named_before_anything_is_opened() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("bad.json"), r#"{"Good": "{ viewer { name } }", "Bad": "{ nothing }"}"#).unwrap();
    for (file, parts) in [("bad.json", ["`Bad`", "nothing"]), ("missing.json", ["missing.json", "can't be read"])] {
        let output = run(&directory, &["serve", "--trusted-documents", file]);
        let error = text(&output.stderr);
        assert!(!output.status.success() && parts.iter().all(|part| error.contains(part)), "{error}");
    }
    assert!(!directory.path().join("leadgraph.db").exists());
}

#[tokio::test]
async fn the_first_start_creates_an_administrator_who_can_sign_in() {
    let directory = tempfile::tempdir().unwrap();
    let mut command = program(directory.path());
    command.args(["serve", "--listen", "127.0.0.1:0", "--log-format", "json"]);
    let mut server = Serving::start(command);
    let address = server.address();
    let line = server.line();
    let (_, rest) = line.split_once("administrator is ").unwrap_or_else(|| panic!("{line}"));
    let (email, password) = rest.split_once(", with the one-time password ").unwrap();

    let body = json!({
        "query": "mutation ($input: SignInInput!) { signIn(input: $input) { viewer { role } } }",
        "variables": { "input": { "email": email, "password": password } },
    });
    let client = reqwest::Client::new();
    let request = client.post(format!("{address}/graphql")).json(&body).header("x-request-id", "from-the-test");
    let answer: Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(answer["data"]["signIn"]["viewer"]["role"], "ADMIN", "{answer}");

    let (code, log) = server.stop();
    assert_eq!(code, Some(0), "{log}");
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.iter().any(|line| line["span"]["id"] == "from-the-test" && line["status"] == 200), "{log}");
    assert!(!log.contains(password));

    let mut command = program(directory.path());
    command.args(["serve", "--listen", "127.0.0.1:0"]);
    let mut again = Serving::start(command);
    again.address();
    drop(Command::new("kill").args(["-TERM", &again.process.id().to_string()]).status());
    assert_eq!(again.line(), "", "an administrator is created once");
}

#[test]
fn a_taken_port_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let output = run(&directory, &["serve", "--listen", &address.to_string()]);
    let error = text(&output.stderr);
    assert!(!output.status.success() && error.contains(&format!("Port {} is taken", address.port())), "{error}");
}

#[test]
fn users_are_managed() {
    let directory = tempfile::tempdir().unwrap();
    let created = run(&directory, &["user", "create", "kari@example.com", "--name", "Kari Nordmann", "--role", "manager"]);
    assert!(text(&created.stdout).contains("Kari Nordmann <kari@example.com> (MANAGER)"), "{}", text(&created.stderr));
    let twice = run(&directory, &["user", "create", "KARI@example.com", "--name", "Kari"]);
    assert!(!twice.status.success() && text(&twice.stderr).contains("already"), "{}", text(&twice.stderr));
    assert!(run(&directory, &["user", "deactivate", "kari@example.com"]).status.success());
    assert_eq!(text(&run(&directory, &["user", "list"]).stdout), "Kari Nordmann <kari@example.com> (MANAGER, deactivated)\n");
    assert!(!run(&directory, &["user", "set-password", "nobody@example.com"]).status.success());
}

#[test]
fn records_are_exported_to_a_file_or_to_the_shell() {
    let directory = tempfile::tempdir().unwrap();
    let rates = "currency,validFrom,rate\nEUR,2026-01-01,1.0842\n";
    std::fs::write(directory.path().join("rates.csv"), rates).unwrap();
    let nobody = run(&directory, &["export", "exchange-rates"]);
    assert!(!nobody.status.success() && text(&nobody.stderr).contains("no administrator"), "{}", text(&nobody.stderr));
    let imported = run(&directory, &["import", "exchange-rates", "rates.csv"]);
    assert!(imported.status.success(), "{}", text(&imported.stderr));
    let exported = run(&directory, &["export", "exchange-rates"]);
    assert_eq!((text(&exported.stdout).as_str(), text(&exported.stderr).as_str()), (rates, "1 exported.\n"));
    assert!(run(&directory, &["export", "exchange-rates", "--to", "out.csv"]).status.success());
    assert_eq!(std::fs::read_to_string(directory.path().join("out.csv")).unwrap(), rates);
    let nowhere = run(&directory, &["export", "leads", "--to", "nowhere/out.csv"]);
    assert!(!nowhere.status.success() && text(&nowhere.stderr).contains("cannot be written"), "{}", text(&nowhere.stderr));
}

#[tokio::test]
async fn the_demo_leaves_existing_databases_alone() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("leadgraph.db"), "mine").unwrap();
    let mut command = program(directory.path());
    command.args(["serve", "--demo", "--no-open", "--listen", "127.0.0.1:0"]);
    let mut server = Serving::start(command);
    let address = server.address();
    let config: Value = reqwest::get(format!("{address}/playground/config.json")).await.unwrap().json().await.unwrap();
    assert!(config["demoSignIn"]["password"].is_string());
    assert_eq!(server.stop().0, Some(0));
    assert_eq!(std::fs::read_to_string(directory.path().join("leadgraph.db")).unwrap(), "mine");
}
