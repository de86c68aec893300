//! What an intake form may be like, and how a post becomes the fields of a lead: pure decisions.

use std::collections::HashMap;

use async_graphql::MaybeUndefined;
use entity::intake_form::{Model, Origins};

use super::input::IntakeFormFields;
use crate::config::is_origin;
use crate::domains::fields::Cleaner;
use crate::domains::lead::input::LeadFields;
use crate::error::{Problems, UserError, UserErrorCode};
use crate::graphql::common::{AddressInput, given};
use crate::graphql::scalars::CountryCode;

/// The fields that a post may have. All others, such as that of a button, are left alone.
pub const FIELDS: [&str; 15] = [
    "firstName",
    "lastName",
    "company",
    "employees",
    "email",
    "phone",
    "jobTitle",
    "website",
    "description",
    "message",
    "street",
    "city",
    "region",
    "postalCode",
    "country",
];

/// The field that people don't see, where a form names no other.
pub const HONEYPOT: &str = "contact_me_by_fax";
/// How many websites a form may name.
const MOST_ORIGINS: usize = 50;
/// How long an address to go on to may be.
const MOST_URL_CHARACTERS: usize = 2_000;

/// Sets what the caller gave, and notes what is wrong with it. Whether references name something is for the service to check.
pub fn apply(cleaner: &mut Cleaner<'_>, fields: &IntakeFormFields, form: &mut Model) {
    cleaner.id("sourceId", &fields.source_id, &mut form.source_id);
    cleaner.id("campaignId", &fields.campaign_id, &mut form.campaign_id);
    cleaner.id("ownerId", &fields.owner_id, &mut form.owner_id);
    match &fields.allowed_origins {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => form.allowed_origins = Origins::default(),
        MaybeUndefined::Value(origins) => {
            check_origins(cleaner, origins);
            form.allowed_origins = Origins(origins.clone());
        }
    }
    match &fields.redirect_url {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => form.redirect_url = None,
        MaybeUndefined::Value(url) => {
            if !is_web_address(url) {
                let sentence = "This is no web address: give it in full, as https://www.example.com/thanks.";
                cleaner.problem(UserErrorCode::Invalid, "redirectUrl", sentence);
            }
            form.redirect_url = Some(url.clone());
        }
    }
    match &fields.honeypot {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => form.honeypot = HONEYPOT.to_owned(),
        MaybeUndefined::Value(name) => {
            if !is_field_name(name) || FIELDS.contains(&name.as_str()) {
                let sentence =
                    "The honeypot's name has 1 to 50 letters, digits, dashes and underscores, and is no field of a lead.";
                cleaner.problem(UserErrorCode::Invalid, "honeypot", sentence);
            }
            form.honeypot.clone_from(name);
        }
    }
    set_limit(cleaner, "mostPerMinute", &fields.most_per_minute, (&mut form.most_per_minute, PER_MINUTE));
    set_limit(cleaner, "mostPerHour", &fields.most_per_hour, (&mut form.most_per_hour, PER_HOUR));
}

/// A limit's usual and largest value.
type Limit = (i32, i32);

/// Posts from one address in a minute.
pub const PER_MINUTE: Limit = (10, 1_000);
/// Posts to one form in an hour.
pub const PER_HOUR: Limit = (200, 100_000);

fn set_limit(cleaner: &mut Cleaner<'_>, field: &str, given: &MaybeUndefined<i32>, (target, limit): (&mut i32, Limit)) {
    let (usual, most) = limit;
    match given {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => *target = usual,
        MaybeUndefined::Value(value) => {
            if !(1..=most).contains(value) {
                cleaner.problem(UserErrorCode::OutOfRange, field, format!("The limit must lie between 1 and {most}."));
            }
            *target = *value;
        }
    }
}

fn check_origins(cleaner: &mut Cleaner<'_>, origins: &[String]) {
    if origins.len() > MOST_ORIGINS {
        let sentence = format!("At most {MOST_ORIGINS} websites may be named, not {}.", origins.len());
        cleaner.problem(UserErrorCode::OutOfRange, "allowedOrigins", sentence);
    }
    for (place, origin) in origins.iter().enumerate() {
        let browsers_write_it = origin.bytes().all(|byte| byte.is_ascii_graphic() && !byte.is_ascii_uppercase());
        if !is_origin(origin) || !browsers_write_it || origin.len() > MOST_URL_CHARACTERS {
            let sentence = "This is no origin: write it as https://www.example.com, in small letters and without a path.";
            cleaner.problem(UserErrorCode::Invalid, &format!("allowedOrigins.{place}"), sentence);
        }
    }
}

fn is_web_address(url: &str) -> bool {
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    host.is_some_and(|host| !host.is_empty() && !host.starts_with(['/', '?', '#']))
        && url.len() <= MOST_URL_CHARACTERS
        && url.bytes().all(|byte| byte.is_ascii_graphic())
}

fn is_field_name(name: &str) -> bool {
    (1..=50).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// The fields of a lead that a post has, and what is wrong with those that can't be read.
pub fn lead_fields(posted: &HashMap<String, String>) -> (LeadFields, Problems) {
    let mut problems = Problems::default();
    let text = |name: &str| posted.get(name).filter(|text| !text.trim().is_empty()).cloned();
    let address = AddressInput {
        street: given(text("street")),
        city: given(text("city")),
        region: given(text("region")),
        postal_code: given(text("postalCode")),
        country: given(problems.keep(country(text("country"))).flatten()),
    };
    let fields = LeadFields {
        first_name: given(text("firstName")),
        last_name: given(text("lastName")),
        job_title: given(text("jobTitle")),
        company: given(text("company")),
        employees: given(problems.keep(employees(text("employees"))).flatten()),
        email: given(text("email")),
        phone: given(text("phone")),
        website: given(text("website")),
        address: MaybeUndefined::Value(address),
        description: given(text("description").or_else(|| text("message"))),
        ..LeadFields::default()
    };
    (fields, problems)
}

fn country(text: Option<String>) -> Result<Option<CountryCode>, UserError> {
    let Some(text) = text else { return Ok(None) };
    CountryCode::read(&text.trim().to_uppercase()).map(Some).ok_or_else(|| {
        let sentence = "The country must be an ISO 3166-1 code of two letters such as NO.";
        UserError::at(UserErrorCode::Invalid, "address.country", sentence)
    })
}

fn employees(text: Option<String>) -> Result<Option<i32>, UserError> {
    let Some(text) = text else { return Ok(None) };
    text.trim().parse().map(Some).map_err(|_| {
        UserError::at(UserErrorCode::Invalid, "employees", "The number of employees must be a whole number such as 120.")
    })
}
