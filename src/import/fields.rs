//! What can be imported: the fields of each kind of record, by the names that the API gives them.

/// A field that a column may be imported into.
#[derive(Debug)]
pub struct Field {
    /// The field's name in the API; parts of an address stand by themselves.
    pub name: &'static str,
    /// What its cells hold.
    pub form: Form,
    /// Other names of columns that are matched with it where there is no mapping, as `same_name` writes them.
    pub aliases: &'static [&'static str],
}

/// What the cells of a field hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Text; names, e-mail addresses, phone numbers and websites among it.
    Text,
    /// One of the API's words, such as HOT.
    Word,
    /// A whole number.
    Integer,
    /// An exact number with decimals.
    Decimal,
    /// An amount with a currency.
    Money,
    /// A day.
    Date,
    /// A point in time.
    Moment,
    /// Yes or no.
    Flag,
    /// The name of an entry of one of the workspace's lists that depend on each other: pipelines, stages, close reasons.
    Listed,
    /// Another record.
    Reference(Target),
}

/// The records that imported ones refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target {
    /// Where leads come from.
    Source,
    /// A marketing effort.
    Campaign,
    /// A user.
    Owner,
    /// An account.
    Account,
    /// A contact.
    Contact,
    /// A lead.
    Lead,
    /// An opportunity.
    Opportunity,
    /// Why a lead is not pursued.
    DisqualificationReason,
    /// Something that is sold.
    Product,
}

impl Target {
    /// What sentences call it.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Source => "lead source",
            Self::Campaign => "campaign",
            Self::Owner => "user",
            Self::Account => "account",
            Self::Contact => "contact",
            Self::Lead => "lead",
            Self::Opportunity => "opportunity",
            Self::DisqualificationReason => "disqualification reason",
            Self::Product => "product",
        }
    }

    /// By what it can be found; the first is what is meant where a mapping doesn't say.
    pub fn ways(self) -> &'static [super::mapping::FindBy] {
        use super::mapping::FindBy::{Code, Email, ExternalId, Name};
        match self {
            Self::Source | Self::DisqualificationReason => &[Name],
            Self::Campaign | Self::Account | Self::Opportunity => &[Name, ExternalId],
            Self::Product => &[Name, Code, ExternalId],
            Self::Owner => &[Name, Email],
            Self::Contact | Self::Lead => &[Email, ExternalId],
        }
    }

    /// Whether one that is missing can be created from what the cell says.
    pub fn can_be_created(self) -> bool {
        matches!(self, Self::Source | Self::Campaign | Self::Owner | Self::Account | Self::Product)
    }
}

/// A field that is matched by its own name only.
pub const fn field(name: &'static str, form: Form) -> Field {
    Field { name, form, aliases: &[] }
}

/// A field that is matched by other names, too.
pub const fn known_as(name: &'static str, form: Form, aliases: &'static [&'static str]) -> Field {
    Field { name, form, aliases }
}

/// A name of a column in the form in which names are matched: `First Name`, `first_name` and `firstName` are one.
pub fn same_name(name: &str) -> String {
    crate::values::fold::fold(name).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Fields that several kinds share.
pub mod shared {
    use super::{Field, Form, Target, field, known_as};

    /// What the record is called where the file comes from; makes an import repeatable.
    pub const EXTERNAL_ID: Field = known_as("externalId", Form::Text, &["id"]);
    /// When the record came into being; counts for new records only.
    pub const CREATED_AT: Field = known_as("createdAt", Form::Moment, &["created", "createddate", "creationdate"]);
    /// Who works on it.
    pub const OWNER: Field = known_as("owner", Form::Reference(Target::Owner), &["owneremail", "ownername"]);
    /// Where it came from.
    pub const SOURCE: Field = known_as("source", Form::Reference(Target::Source), &["leadsource"]);
    /// The campaign behind it.
    pub const CAMPAIGN: Field = known_as("campaign", Form::Reference(Target::Campaign), &["campaignname"]);
    /// The account that it belongs to.
    pub const ACCOUNT: Field = known_as("account", Form::Reference(Target::Account), &["accountname"]);
    /// What a person does.
    pub const JOB_TITLE: Field = known_as("jobTitle", Form::Text, &["title", "position"]);
    /// A person's first name.
    pub const FIRST_NAME: Field = known_as("firstName", Form::Text, &["givenname"]);
    /// A person's last name.
    pub const LAST_NAME: Field = known_as("lastName", Form::Text, &["surname", "familyname"]);
    /// E-mail address.
    pub const EMAIL: Field = known_as("email", Form::Text, &["emailaddress", "mail"]);
    /// Phone number.
    pub const PHONE: Field = known_as("phone", Form::Text, &["phonenumber", "telephone"]);
    /// Website.
    pub const WEBSITE: Field = known_as("website", Form::Text, &["url", "web"]);
    /// Anything else worth knowing.
    pub const DESCRIPTION: Field = known_as("description", Form::Text, &["notes"]);
    /// Street and house number.
    pub const STREET: Field = known_as("street", Form::Text, &["address", "addressstreet"]);
    /// City.
    pub const CITY: Field = known_as("city", Form::Text, &["addresscity", "town"]);
    /// State, province or region.
    pub const REGION: Field = known_as("region", Form::Text, &["addressregion", "state", "province"]);
    /// Postal code.
    pub const POSTAL_CODE: Field = known_as("postalCode", Form::Text, &["addresspostalcode", "zip", "zipcode", "postcode"]);
    /// Country: an ISO 3166-1 code or an English name.
    pub const COUNTRY: Field = field("country", Form::Text);
}
