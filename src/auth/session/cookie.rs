//! The session cookie: for browsers, which then need not handle the token. Scripts can't read it, and it isn't sent along with
//! requests that other sites make.

/// The cookie's name.
pub const NAME: &str = "leadgraph_session";

/// The `Set-Cookie` header of a sign-in that holds for so many hours. `secure`: the request came over https.
pub fn set(token: &str, hours: i64, secure: bool) -> String {
    write(token, hours.saturating_mul(3600), secure)
}

/// The `Set-Cookie` header that makes browsers forget the sign-in.
pub fn clear(secure: bool) -> String {
    write("", 0, secure)
}

fn write(value: &str, seconds: i64, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{NAME}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}")
}
