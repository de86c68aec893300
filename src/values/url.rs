//! Websites and the domains that tell which company somebody belongs to.

use std::collections::HashSet;
use std::sync::LazyLock;

use unicode_normalization::char::is_combining_mark;

use crate::error::{Problems, UserError, UserErrorCode};
use crate::values::label;
use crate::values::text::{TextLimit, optional};

/// Providers where anybody may have a mailbox: their domains say nothing about a company.
static FREE_MAIL: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let domains = "126.com 139.com 163.com abv.bg aol.com bigpond.com bluewin.ch bol.com.br btinternet.com centrum.cz comcast.net \
        daum.net docomo.ne.jp fastmail.com free.fr freenet.de gmail.com gmx.at gmx.ch gmx.de gmx.net googlemail.com \
        hanmail.net hotmail.co.uk hotmail.com hotmail.fr icloud.com laposte.net libero.it live.com mac.com mail.com \
        mail.ru me.com msn.com naver.com o2.pl onet.pl orange.fr outlook.com proton.me protonmail.com qq.com \
        rediffmail.com rocketmail.com seznam.cz sina.com t-online.de terra.com.br uol.com.br wanadoo.fr web.de wp.pl \
        yahoo.com yandex.ru zoho.com";
    domains.split_whitespace().collect()
});

/// Sites on which companies have a page of their own: sharing one of these hosts says nothing.
const SHARED_SITES: &str = "bit.ly etsy.com facebook.com fb.com github.com goo.gl google.com instagram.com linkedin.com linktr.ee \
    medium.com t.me tiktok.com twitter.com weibo.com x.com youtube.com";

/// A website that may be absent: kept as typed, with or without `http://` or `https://`.
///
/// Refused when the host has no dot, when there are blanks, or when it is another kind of link. Hosts are otherwise taken as they come.
pub fn optional_website(problems: &mut Problems, field: &str, website: Option<&str>) -> Option<String> {
    let website = optional(problems, field, website, TextLimit::Short)?;
    if host(&website).is_some() {
        return Some(website);
    }
    let sentence = format!("{} must be a web address such as www.example.com or https://example.com/shop.", label(field));
    problems.push(UserError::at(UserErrorCode::Invalid, field, sentence));
    None
}

/// The domain by which companies are matched: the host in lower case without `www.`.
///
/// Nothing for what is no web address, and for hosts that many companies share, such as facebook.com.
pub fn web_domain(website: &str) -> Option<String> {
    let host = host(website.trim())?.to_lowercase();
    let domain = host.strip_prefix("www.").filter(|rest| rest.contains('.')).unwrap_or(&host);
    let is_part_of = |site: &str| domain.strip_suffix(site).is_some_and(|part| part.is_empty() || part.ends_with('.'));
    let shared = SHARED_SITES.split_whitespace().any(is_part_of);
    (!shared && !is_free_mail(domain)).then(|| domain.to_owned())
}

/// The domain of an e-mail address in lower case; nothing for providers where anybody may have a mailbox, such as gmail.com.
pub fn email_domain(email: &str) -> Option<String> {
    let (_, domain) = email.trim().rsplit_once('@')?;
    let domain = domain.to_lowercase();
    (domain.contains('.') && !is_free_mail(&domain)).then_some(domain)
}

/// Yahoo, Hotmail and their like have a domain in every country.
fn is_free_mail(domain: &str) -> bool {
    let everywhere = ["yahoo.", "hotmail.", "outlook.", "live."];
    FREE_MAIL.contains(domain) || everywhere.iter().any(|name| domain.strip_prefix(name).is_some_and(|rest| rest.len() <= 6))
}

/// The host of a web address, without port and closing dot.
fn host(website: &str) -> Option<&str> {
    let forbidden =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '`' | '\\' | '{' | '}' | '|' | '^');
    if website.contains(forbidden) {
        return None;
    }
    let after = |scheme: &str| website.get(..scheme.len()).filter(|start| start.eq_ignore_ascii_case(scheme)).map(str::len);
    let start = after("https://").or_else(|| after("http://")).unwrap_or(0);
    let authority = website[start..].split(['/', '?', '#']).next()?;
    let host = match authority.split_once(':') {
        Some((host, port)) if port.parse::<u16>().is_ok() => host,
        Some(_) => return None,
        None => authority,
    };
    let host = host.strip_suffix('.').unwrap_or(host);
    let mut labels = host.split('.');
    let is_label = |label: &str| {
        label.chars().any(char::is_alphanumeric)
            && label
                .chars()
                .all(|c| c.is_alphanumeric() || is_combining_mark(c) || matches!(c, '-' | '_' | '&' | '\u{200c}' | '\u{200d}'))
    };
    (host.contains('.') && labels.all(is_label)).then_some(host)
}

/// The web domain by which a record is matched: that of its website, otherwise that of its e-mail address; empty without one.
pub fn match_key(website: Option<&str>, email: Option<&str>) -> String {
    website.and_then(web_domain).or_else(|| email.and_then(email_domain)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn websites_and_their_domains() {
        for (website, domain) in [
            ("www.example.com", Some("example.com")),
            ("https://Shop.Example.com/a?b=c#d", Some("shop.example.com")),
            ("HTTP://WWW.EXAMPLE.COM:8080/", Some("example.com")),
            ("www.expressl&t.net", Some("expressl&t.net")),
            ("http://www.uos.com", Some("uos.com")),
            ("example.com.", Some("example.com")),
            ("www.com", Some("www.com")),
            ("www.de", Some("www.de")),
            ("müller.de", Some("müller.de")),
            ("例子.广告/产品", Some("例子.广告")),
            ("उदाहरण.भारत", Some("उदाहरण.भारत")),
            ("https://www.facebook.com/acme", None),
            ("https://no.linkedin.com/company/acme", None),
            ("gmail.com", None),
            ("netflix.com", Some("netflix.com")),
        ] {
            let mut problems = Problems::default();
            assert_eq!(optional_website(&mut problems, "website", Some(website)).as_deref(), Some(website));
            assert!(problems.is_empty());
            assert_eq!(web_domain(website).as_deref(), domain, "{website}");
        }
    }

    #[test]
    fn other_links_are_refused() {
        for website in [
            "javascript:alert(1)",
            "javascript://example.com/%0aalert(1)",
            "JavaScript:alert('a.b')",
            "data:text/html,a.b",
            "ftp://example.com",
            "mailto:ada@example.com",
            "ada@example.com",
            "https://",
            "localhost",
            "example",
            ".com",
            "a..b",
            "exa mple.com",
            "https://user:secret@example.com",
            "example.com:port",
            "<b>.com",
            "https://javascript:alert(1)",
        ] {
            let mut problems = Problems::default();
            assert_eq!(optional_website(&mut problems, "website", Some(website)), None, "{website}");
            assert_eq!(problems.into_vec().len(), 1, "{website}");
            assert_eq!(web_domain(website), None, "{website}");
        }
        let mut problems = Problems::default();
        assert_eq!(optional_website(&mut problems, "website", Some("  ")), None);
        assert!(problems.is_empty());
    }

    #[test]
    fn free_mailboxes_name_no_company() {
        for (email, expected) in [
            ("ada@Example.com", Some("example.com")),
            ("ada@mail.example.com", Some("mail.example.com")),
            ("ada@GMail.com", None),
            ("ada@qq.com", None),
            ("ada@web.de", None),
            ("ada@yahoo.co.jp", None),
            ("ada@live.no", None),
            ("ada@live.events.example.com", Some("live.events.example.com")),
            ("ada@localhost", None),
            ("ada", None),
        ] {
            assert_eq!(email_domain(email).as_deref(), expected, "{email}");
        }
    }
}
