//! `leadgraph user`

use std::io::{BufRead, IsTerminal};
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use entity::{Role, user};

use super::{CommandError, say};
use crate::config::Settings;
use crate::domains::user::administration;
use crate::domains::user::input::CreateUserInput;

/// Manages who can sign in.
#[derive(Debug, Args)]
pub struct User {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Creates a user and prints their password.
    Create {
        /// The e-mail address to sign in with.
        email: String,
        /// The user's name.
        #[arg(long)]
        name: String,
        /// What the user may do.
        #[arg(long, value_enum, default_value = "rep")]
        role: RoleName,
    },
    /// Lists all users.
    List,
    /// Lets a user sign in no more; their records stay.
    Deactivate {
        /// The user's e-mail address.
        email: String,
    },
    /// Gives a user a new password and ends their sign-ins. Reads the password from standard input where something is piped in;
    /// otherwise makes one and prints it.
    SetPassword {
        /// The user's e-mail address.
        email: String,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum RoleName {
    /// Everything, users and settings included.
    Admin,
    /// Changes all records.
    Manager,
    /// Changes their own records and the leads in the pool.
    Rep,
    /// Reads everything and changes nothing.
    Viewer,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Admin => Self::Admin,
            RoleName::Manager => Self::Manager,
            RoleName::Rep => Self::Rep,
            RoleName::Viewer => Self::Viewer,
        }
    }
}

impl User {
    /// Does what was asked for.
    pub async fn run(self, settings: Settings) -> Result<ExitCode, CommandError> {
        let app = super::open(&settings).await?;
        match self.action {
            Action::Create { email, name, role } => {
                let password = administration::new_password()?;
                let role = Role::from(role).into();
                let input = CreateUserInput { name, email, password: password.clone(), role, team_id: None };
                let user = administration::create(&app, input).await?;
                say(format_args!("created {}, with the password {password}", line(&user)));
            }
            Action::List => administration::list(&app).await?.iter().for_each(|user| say(line(user))),
            Action::Deactivate { email } => {
                let user = administration::deactivate(&app, &email).await?;
                say(format_args!("deactivated {}", line(&user)));
            }
            Action::SetPassword { email } => {
                let piped = piped_password()?;
                let password = piped.clone().map_or_else(administration::new_password, Ok)?;
                let user = administration::set_password(&app, &email, password.clone()).await?;
                match piped {
                    Some(_) => say(format_args!("set the password of {}", line(&user))),
                    None => say(format_args!("the new password of {} is {password}", line(&user))),
                }
            }
        }
        app.database().close().await.map_err(crate::error::Error::from)?;
        Ok(ExitCode::SUCCESS)
    }
}

fn line(user: &user::Model) -> String {
    let state = if user.active { "" } else { ", deactivated" };
    format!("{} <{}> ({}{state})", user.name, user.email, user.role.as_str())
}

/// The first line of what is piped in, if anything is: a password on the command line would stay in the shell's history.
fn piped_password() -> Result<Option<String>, CommandError> {
    let input = std::io::stdin();
    if input.is_terminal() {
        return Ok(None);
    }
    let mut line = String::new();
    input.lock().read_line(&mut line)?;
    let password = line.trim_end_matches(['\r', '\n']);
    Ok((!password.is_empty()).then(|| password.to_owned()))
}
