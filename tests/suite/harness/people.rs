//! People who can sign in, written straight into the database.

use std::sync::OnceLock;

use entity::{Role, UserId, user};
use leadgraph::auth::{password, session};
use sea_orm::{ActiveModelTrait, EntityTrait};

use super::TestServer;

/// The password of everybody in the tests.
pub const PASSWORD: &str = "correct horse battery staple";

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct Person {
    pub id: UserId,
    pub email: String,
    pub token: String,
}

impl TestServer {
    /// A new administrator.
    pub async fn admin(&self) -> Person {
        self.person("Ada Admin", Role::Admin).await
    }

    /// A new manager.
    pub async fn manager(&self) -> Person {
        self.person("Max Manager", Role::Manager).await
    }

    /// A new seller.
    pub async fn rep(&self) -> Person {
        self.person("Rosa Rep", Role::Rep).await
    }

    /// A new onlooker.
    pub async fn viewer(&self) -> Person {
        self.person("Vic Viewer", Role::Viewer).await
    }

    /// A new user with a sign-in.
    pub async fn person(&self, name: &str, role: Role) -> Person {
        let id: UserId = self.app.new_id();
        let email = format!("{}.{}@example.com", name.to_lowercase().replace(' ', "."), id.uuid().simple());
        let row = user::Model {
            id,
            name: name.to_owned(),
            email: email.clone(),
            email_key: email.clone(),
            password_hash: hash().await,
            role,
            active: true,
            team_id: None,
            created_at: self.app.now(),
            updated_at: self.app.now(),
        };
        let write = self.app.database().begin().await.unwrap();
        user::Entity::insert(user::ActiveModel::from(row).reset_all()).exec_without_returning(&write).await.unwrap();
        write.commit().await.unwrap();
        let token = session::open(&self.app, id).await.unwrap().token;
        Person { id, email, token }
    }
}

/// The hash of everybody's password, computed once.
async fn hash() -> String {
    static HASH: OnceLock<String> = OnceLock::new();
    if let Some(hash) = HASH.get() {
        return hash.clone();
    }
    let hash = password::hash(PASSWORD.to_owned()).await.unwrap();
    HASH.get_or_init(|| hash).clone()
}
