//! The settings: defaults, then the file, then the environment, then the flags, each going before the last. They are checked
//! before anything is opened.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::parser::ValueSource;
use clap::{ArgMatches, Args, FromArgMatches, ValueEnum};
use config::{Config, ConfigError, File, FileFormat};
use serde::{Deserialize, Serialize};

use crate::data::database::DatabaseSettings;
use crate::graphql::schema::Limits;
use crate::http::HttpSettings;
use crate::http::playground::PlaygroundConfig;

/// The file that is read where it lies in the working directory.
pub const DEFAULT_FILE: &str = "leadgraph.toml";

/// Everything that can be set. The names are those of the file; a flag has dashes instead of underscores, an environment
/// variable capitals and `LEADGRAPH_` before it.
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[command(next_help_heading = "Settings (also in the file, without the dashes in front and with underscores)")]
pub struct Settings {
    /// The database: the path of an SQLite file, which is made where it is missing, or a postgres:// URL.
    #[arg(
        long,
        global = true,
        env = "LEADGRAPH_DATABASE",
        hide_env_values = true,
        default_value = "leadgraph.db",
        value_name = "FILE|URL"
    )]
    pub database: String,
    /// The most connections to the database: those that read on SQLite (one more writes, and each thread that answers has one of its own
    /// for short statements), the pool on PostgreSQL.
    /// [default: 8 on SQLite, 10 on PostgreSQL]
    #[arg(long, global = true, env = "LEADGRAPH_DATABASE_CONNECTIONS", value_name = "NUMBER")]
    pub database_connections: Option<u32>,
    /// How long a request waits for a free connection to the database.
    #[arg(long, global = true, env = "LEADGRAPH_DATABASE_ACQUIRE_SECONDS", default_value_t = 30, value_name = "SECONDS")]
    pub database_acquire_seconds: u64,
    /// After how long PostgreSQL gives a statement up; 0: never.
    #[arg(long, global = true, env = "LEADGRAPH_DATABASE_STATEMENT_SECONDS", default_value_t = 30, value_name = "SECONDS")]
    pub database_statement_seconds: u64,
    /// How long SQLite waits for another program that holds the write lock.
    #[arg(
        long,
        global = true,
        env = "LEADGRAPH_DATABASE_BUSY_MILLISECONDS",
        default_value_t = 10_000,
        value_name = "MILLISECONDS"
    )]
    pub database_busy_milliseconds: u64,

    /// The address to listen on. 0.0.0.0:8080 listens to the network, which loopback addresses don't.
    #[arg(long, global = true, env = "LEADGRAPH_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS:PORT")]
    pub listen: SocketAddr,
    /// How many threads carry out operations. Half as many speak HTTP.
    #[arg(long, global = true, env = "LEADGRAPH_WORKERS", default_value_t = 2, value_name = "NUMBER")]
    pub workers: usize,
    /// Sites, apart from our own, whose pages may use the API, as https://app.example.com; several with commas.
    #[arg(long, global = true, env = "LEADGRAPH_ALLOWED_ORIGINS", value_delimiter = ',', value_name = "ORIGIN")]
    #[serde(default)]
    pub allowed_origins: Vec<String>,
    /// Who may ask about the schema without signing in. `auto`: everyone on a loopback address, nobody elsewhere.
    #[arg(long, global = true, env = "LEADGRAPH_INTROSPECTION", value_enum, default_value_t = Introspection::Auto)]
    pub introspection: Introspection,
    /// A manifest (JSON: ids or SHA-256 hashes with documents, or Apollo's) of the only documents that are carried out. There is no playground then.
    #[arg(long, global = true, env = "LEADGRAPH_TRUSTED_DOCUMENTS", value_name = "FILE")]
    pub trusted_documents: Option<PathBuf>,
    /// How long a sign-in lasts.
    #[arg(long, global = true, env = "LEADGRAPH_SESSION_HOURS", default_value_t = 168, value_name = "HOURS")]
    pub session_hours: i64,

    /// How often the server looks for jobs that are due, such as putting untouched leads back into the pool. 0: never; another
    /// process on the same database does it.
    #[arg(long, global = true, env = "LEADGRAPH_JOB_SECONDS", default_value_t = 60, value_name = "SECONDS")]
    pub job_seconds: u64,

    /// How deep the selections of an operation may be nested.
    #[arg(long, global = true, env = "LEADGRAPH_DEPTH_LIMIT", default_value_t = Limits::default().depth, value_name = "NUMBER")]
    pub depth_limit: usize,
    /// How much an operation may ask for: the sum over its fields, where a list counts its page size times what it holds.
    #[arg(long, global = true, env = "LEADGRAPH_COMPLEXITY_LIMIT", default_value_t = Limits::default().complexity, value_name = "NUMBER")]
    pub complexity_limit: usize,
    /// How many aliases an operation may have.
    #[arg(long, global = true, env = "LEADGRAPH_ALIAS_LIMIT", default_value_t = Limits::default().aliases, value_name = "NUMBER")]
    pub alias_limit: usize,
    /// How many directives a field may have.
    #[arg(long, global = true, env = "LEADGRAPH_DIRECTIVE_LIMIT", default_value_t = Limits::default().directives, value_name = "NUMBER")]
    pub directive_limit: usize,
    /// The most bytes that the body of a request may have.
    #[arg(long, global = true, env = "LEADGRAPH_BODY_LIMIT", default_value_t = 1_048_576, value_name = "BYTES")]
    pub body_limit: usize,
    /// How long an operation may take.
    #[arg(long, global = true, env = "LEADGRAPH_TIMEOUT_SECONDS", default_value_t = 30, value_name = "SECONDS")]
    pub timeout_seconds: u64,

    /// How the log is written.
    #[arg(long, global = true, env = "LEADGRAPH_LOG_FORMAT", value_enum, default_value_t = LogFormat::Plain)]
    pub log_format: LogFormat,
    /// What is logged: error, warn, info, debug or trace, also by module, as in the default.
    #[arg(long, global = true, env = "LEADGRAPH_LOG_LEVEL", default_value = "warn,leadgraph=info", value_name = "LEVEL")]
    pub log_level: String,
}

/// Who may ask about the schema without signing in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Introspection {
    /// Everyone on a loopback address, nobody elsewhere.
    Auto,
    /// Everyone.
    Everyone,
    /// Nobody.
    SignedIn,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogFormat {
    /// For people.
    Plain,
    /// For programs: one JSON object a line.
    Json,
}

/// Why the settings can't be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file, or a value in it, can't be read.
    #[error("The settings can't be read: {0}")]
    Unreadable(#[from] ConfigError),
    /// The command line can't be read.
    #[error(transparent)]
    CommandLine(#[from] clap::Error),
    /// A value makes no sense.
    #[error("{0}")]
    Senseless(String),
}

impl Settings {
    /// Puts the settings together. `matches` are those of the command that was given, with the flags, the environment and
    /// the defaults; the file's values go before the defaults only.
    ///
    /// # Errors
    /// When the file is missing or can't be read, or a value makes no sense.
    pub fn load(matches: &ArgMatches, file: Option<&Path>) -> Result<Self, SettingsError> {
        let given = Config::try_from(&Self::from_arg_matches(matches)?)?;
        let explicit = |name: &str| {
            let source = matches.try_contains_id(name).ok().and_then(|_| matches.value_source(name));
            matches!(source, Some(ValueSource::CommandLine | ValueSource::EnvVariable))
        };
        let mut explicit_values = Config::builder();
        for (name, value) in given.cache.clone().into_table()?.into_iter().filter(|(name, _)| explicit(name)) {
            explicit_values = explicit_values.set_override(name, value)?;
        }
        let (path, required) = file.map_or((PathBuf::from(DEFAULT_FILE), false), |file| (file.to_owned(), true));
        let file = File::from(path).format(FileFormat::Toml).required(required);
        let settings: Self = Config::builder()
            .add_source(given)
            .add_source(file)
            .add_source(explicit_values.build()?)
            .build()?
            .try_deserialize()?;
        settings.check()?;
        Ok(settings)
    }

    /// Values that have the right type and still make no sense.
    fn check(&self) -> Result<(), SettingsError> {
        let too_small = [
            ("workers", self.workers),
            ("depth_limit", self.depth_limit),
            ("complexity_limit", self.complexity_limit),
            ("body_limit", self.body_limit),
            ("timeout_seconds", usize::try_from(self.timeout_seconds).unwrap_or(usize::MAX)),
            ("session_hours", usize::try_from(self.session_hours).unwrap_or_default()),
        ];
        if let Some((name, _)) = too_small.iter().find(|(_, value)| *value == 0) {
            return Err(SettingsError::Senseless(format!("`{name}` must be 1 or more.")));
        }
        if let Some(origin) = self.allowed_origins.iter().find(|origin| !is_origin(origin)) {
            return Err(SettingsError::Senseless(format!(
                "`{origin}` in `allowed_origins` is no origin: write it as https://app.example.com, without a path."
            )));
        }
        Ok(())
    }

    /// What the database is told.
    pub fn for_database(&self) -> DatabaseSettings {
        let mut settings = DatabaseSettings::new(&self.database);
        settings.max_connections = self.database_connections.unwrap_or(settings.max_connections);
        settings.threads = u32::try_from(self.workers).unwrap_or(u32::MAX);
        settings.acquire_timeout_seconds = self.database_acquire_seconds;
        settings.statement_timeout_seconds = self.database_statement_seconds;
        settings.sqlite_busy_timeout_ms = self.database_busy_milliseconds;
        settings
    }

    /// What the HTTP layer is told.
    pub fn for_http(&self) -> HttpSettings {
        HttpSettings {
            listen: self.listen,
            // Where operations have threads of their own, HTTP is little work beside them.
            workers: if cfg!(debug_assertions) { self.workers.div_ceil(2) } else { self.workers },
            allowed_origins: self.allowed_origins.clone(),
            limits: Limits {
                depth: self.depth_limit,
                complexity: self.complexity_limit,
                aliases: self.alias_limit,
                directives: self.directive_limit,
            },
            body_bytes: self.body_limit,
            timeout: Duration::from_secs(self.timeout_seconds),
            open_introspection: match self.introspection {
                Introspection::Auto => self.listen.ip().is_loopback(),
                Introspection::Everyone => true,
                Introspection::SignedIn => false,
            },
            playground: PlaygroundConfig::default(),
            trusted_documents: None,
        }
    }
}

/// Scheme, host and maybe a port, as browsers write it.
pub(crate) fn is_origin(text: &str) -> bool {
    let Some((scheme, host)) = text.split_once("://") else { return false };
    matches!(scheme, "http" | "https") && !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ', '*'])
}
