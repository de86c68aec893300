//! Passwords: argon2id, away from the request threads, in the same time whether or not somebody has that e-mail address.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};

use crate::error::{Error, Result, UserErrorCode};

/// The fewest characters that a password has.
pub const FEWEST_CHARACTERS: usize = 10;
/// The most: hashing must not be a way to keep the server busy.
pub const MOST_CHARACTERS: usize = 200;

/// What is wrong with a password, if anything.
pub fn check(password: &str) -> Option<(UserErrorCode, String)> {
    let characters = password.chars().count();
    if characters < FEWEST_CHARACTERS {
        return Some((
            UserErrorCode::Invalid,
            format!("The password has {characters} characters; give at least {FEWEST_CHARACTERS}."),
        ));
    }
    if characters > MOST_CHARACTERS {
        return Some((
            UserErrorCode::TooLong,
            format!("The password has {characters} characters; at most {MOST_CHARACTERS} are allowed."),
        ));
    }
    None
}

/// Hashes a password. Takes tens of milliseconds by design, so it runs on the blocking pool.
pub async fn hash(password: String) -> Result<String> {
    in_background(move || Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string()))
        .await?
        .map_err(|error| Error::internal(error.to_string()))
}

/// Whether this is the password behind the hash. Without a hash it works as long and says no, so that the time tells nobody
/// which e-mail addresses have a user.
pub async fn matches(password: String, hash: Option<String>) -> Result<bool> {
    let known = hash.is_some();
    let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
    let verified = in_background(move || {
        PasswordHash::new(&hash).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    })
    .await?;
    Ok(known && verified)
}

/// A hash of nobody's password, with the parameters of all others.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bGVhZGdyYXBoLW5vYm9keQ$KfyKCGTNS1qa1Mz1cYHXm4zu6PVKmyqQ5zsJTtmOyDE";

async fn in_background<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use argon2::Params;

    use super::*;

    #[tokio::test]
    async fn only_the_right_password_matches() {
        let made = hash("correct horse".to_owned()).await.unwrap();
        assert!(matches("correct horse".to_owned(), Some(made.clone())).await.unwrap());
        assert!(!matches("correct house".to_owned(), Some(made)).await.unwrap());
        assert!(!matches("correct horse".to_owned(), None).await.unwrap());
    }

    #[tokio::test]
    async fn nobody_takes_as_long_as_anybody() {
        let made = hash("anybody at all".to_owned()).await.unwrap();
        let (nobody, anybody) = (PasswordHash::new(NOBODY).unwrap(), PasswordHash::new(&made).unwrap());
        assert_eq!((nobody.algorithm, nobody.version), (anybody.algorithm, anybody.version));
        assert_eq!(Params::try_from(&nobody).unwrap(), Params::try_from(&anybody).unwrap());
        let lengths = |hash: &PasswordHash| (hash.salt.unwrap().len(), hash.hash.unwrap().len());
        assert_eq!(lengths(&nobody), lengths(&anybody));
    }
}
