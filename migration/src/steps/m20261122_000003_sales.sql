-- Accounts, contacts and opportunities, and how leads become them.
-- Indexes on references within these tables hold deleted records, too: foreign keys look at those as well.

CREATE TABLE accounts (
    id uuid PRIMARY KEY,
    version integer NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    lifecycle text NOT NULL,
    industry text,
    employees integer CHECK (employees >= 0),
    annual_revenue bigint,
    annual_revenue_currency text,
    website text,
    phone text,
    street text,
    city text,
    region text,
    postal_code text,
    country text,
    description text,
    parent_id uuid REFERENCES accounts (id) CHECK (parent_id <> id),
    owner_id uuid REFERENCES users (id),
    name_key text COLLATE "C" NOT NULL DEFAULT '',
    industry_key text COLLATE "C" NOT NULL DEFAULT '',
    company_match text COLLATE "C" NOT NULL DEFAULT '',
    phone_match text COLLATE "C" NOT NULL DEFAULT '',
    web_domain text COLLATE "C" NOT NULL DEFAULT '',
    external_id text COLLATE "C",
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz,
    CHECK ((annual_revenue IS NULL) = (annual_revenue_currency IS NULL))
);
CREATE UNIQUE INDEX accounts_external_id ON accounts (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX accounts_created ON accounts (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX accounts_updated ON accounts (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX accounts_name ON accounts (name_key, id) WHERE deleted_at IS NULL;
CREATE INDEX accounts_industry ON accounts (industry_key, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX accounts_owner ON accounts (owner_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX accounts_parent ON accounts (parent_id, created_at, id) WHERE parent_id IS NOT NULL;
CREATE INDEX accounts_company_match ON accounts (company_match) WHERE deleted_at IS NULL AND company_match <> '';
CREATE INDEX accounts_phone_match ON accounts (phone_match) WHERE deleted_at IS NULL AND phone_match <> '';
CREATE INDEX accounts_web_domain ON accounts (web_domain) WHERE deleted_at IS NULL AND web_domain <> '';

CREATE TABLE contacts (
    id uuid PRIMARY KEY,
    version integer NOT NULL,
    account_id uuid REFERENCES accounts (id),
    first_name text,
    last_name text,
    job_title text,
    email text,
    phone text,
    street text,
    city text,
    region text,
    postal_code text,
    country text,
    description text,
    owner_id uuid REFERENCES users (id),
    source_id uuid REFERENCES lead_sources (id),
    campaign_id uuid REFERENCES campaigns (id),
    first_name_key text COLLATE "C" NOT NULL DEFAULT '',
    last_name_key text COLLATE "C" NOT NULL DEFAULT '',
    email_key text COLLATE "C" NOT NULL DEFAULT '',
    phone_match text COLLATE "C" NOT NULL DEFAULT '',
    external_id text COLLATE "C",
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz
);
CREATE UNIQUE INDEX contacts_external_id ON contacts (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX contacts_created ON contacts (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX contacts_updated ON contacts (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX contacts_last_name ON contacts (last_name_key, id) WHERE deleted_at IS NULL;
CREATE INDEX contacts_first_name ON contacts (first_name_key, id) WHERE deleted_at IS NULL;
CREATE INDEX contacts_email ON contacts (email_key, id) WHERE deleted_at IS NULL;
CREATE INDEX contacts_account ON contacts (account_id, created_at, id);
CREATE INDEX contacts_owner ON contacts (owner_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX contacts_phone_match ON contacts (phone_match) WHERE deleted_at IS NULL AND phone_match <> '';

CREATE TABLE pipelines (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    name_key text COLLATE "C" NOT NULL UNIQUE,
    is_default boolean NOT NULL,
    position integer NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX pipelines_one_default ON pipelines (is_default) WHERE is_default;

CREATE TABLE stages (
    id uuid PRIMARY KEY,
    pipeline_id uuid NOT NULL REFERENCES pipelines (id),
    name text NOT NULL,
    name_key text COLLATE "C" NOT NULL,
    position integer NOT NULL CHECK (position >= 1),
    probability integer NOT NULL CHECK (probability BETWEEN 0 AND 100),
    category text NOT NULL,
    forecast_category text NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE (pipeline_id, position),
    UNIQUE (pipeline_id, name_key)
);

CREATE TABLE close_reasons (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    name_key text COLLATE "C" NOT NULL,
    category text NOT NULL CHECK (category IN ('WON', 'LOST')),
    active boolean NOT NULL,
    position integer NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE (category, name_key)
);

CREATE TABLE opportunities (
    id uuid PRIMARY KEY,
    version integer NOT NULL,
    name text NOT NULL,
    account_id uuid NOT NULL REFERENCES accounts (id),
    primary_contact_id uuid REFERENCES contacts (id),
    owner_id uuid REFERENCES users (id),
    pipeline_id uuid NOT NULL REFERENCES pipelines (id),
    stage_id uuid NOT NULL REFERENCES stages (id),
    stage_entered_at timestamptz NOT NULL,
    probability integer NOT NULL CHECK (probability BETWEEN 0 AND 100),
    probability_by_hand boolean NOT NULL,
    amount bigint,
    currency text,
    close_date date NOT NULL,
    is_closed boolean NOT NULL,
    is_won boolean NOT NULL,
    closed_at timestamptz,
    close_reason_id uuid REFERENCES close_reasons (id),
    close_note text,
    lost_to text,
    source_id uuid REFERENCES lead_sources (id),
    campaign_id uuid REFERENCES campaigns (id),
    lead_id uuid REFERENCES leads (id),
    next_step text,
    description text,
    qualification jsonb,
    name_key text COLLATE "C" NOT NULL DEFAULT '',
    external_id text COLLATE "C",
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz,
    CHECK ((amount IS NULL) = (currency IS NULL)),
    CHECK (is_closed OR NOT is_won),
    CHECK (is_closed = (closed_at IS NOT NULL))
);
CREATE UNIQUE INDEX opportunities_external_id ON opportunities (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX opportunities_created ON opportunities (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunities_updated ON opportunities (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunities_name ON opportunities (name_key, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunities_amount ON opportunities (amount NULLS FIRST, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunities_close_date ON opportunities (close_date, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunities_probability ON opportunities (probability, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunities_owner ON opportunities (owner_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunities_pipeline ON opportunities (pipeline_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunities_stage ON opportunities (stage_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunities_source ON opportunities (source_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunities_campaign ON opportunities (campaign_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunities_closed ON opportunities (is_closed, close_date, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunities_won ON opportunities (is_won, close_date, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunities_account ON opportunities (account_id, created_at, id);
CREATE INDEX opportunities_primary_contact ON opportunities (primary_contact_id) WHERE primary_contact_id IS NOT NULL;
CREATE INDEX opportunities_lead ON opportunities (lead_id) WHERE lead_id IS NOT NULL;

CREATE TABLE contact_roles (
    opportunity_id uuid NOT NULL REFERENCES opportunities (id),
    contact_id uuid NOT NULL REFERENCES contacts (id),
    role text,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (opportunity_id, contact_id)
) /* WITHOUT ROWID */;
CREATE INDEX contact_roles_contact ON contact_roles (contact_id, opportunity_id);

CREATE TABLE stage_changes (
    id uuid PRIMARY KEY,
    opportunity_id uuid NOT NULL REFERENCES opportunities (id),
    from_stage_id uuid REFERENCES stages (id),
    to_stage_id uuid NOT NULL REFERENCES stages (id),
    at timestamptz NOT NULL,
    "by" uuid REFERENCES users (id),
    amount bigint,
    currency text,
    probability integer NOT NULL CHECK (probability BETWEEN 0 AND 100),
    close_date date NOT NULL,
    seconds_in_previous bigint,
    CHECK ((amount IS NULL) = (currency IS NULL))
);
CREATE INDEX stage_changes_opportunity ON stage_changes (opportunity_id, at, id);

CREATE TABLE lead_conversions (
    lead_id uuid PRIMARY KEY REFERENCES leads (id),
    account_id uuid NOT NULL REFERENCES accounts (id),
    contact_id uuid NOT NULL REFERENCES contacts (id),
    opportunity_id uuid REFERENCES opportunities (id),
    converted_at timestamptz NOT NULL,
    converted_by uuid REFERENCES users (id),
    status_before smallint NOT NULL CHECK (status_before BETWEEN 1 AND 3),
    ledger jsonb NOT NULL
);
CREATE INDEX lead_conversions_account ON lead_conversions (account_id);
CREATE INDEX lead_conversions_contact ON lead_conversions (contact_id);
CREATE INDEX lead_conversions_opportunity ON lead_conversions (opportunity_id) WHERE opportunity_id IS NOT NULL;

CREATE TABLE buying_signals (
    id uuid PRIMARY KEY,
    lead_id uuid NOT NULL REFERENCES leads (id),
    opportunity_id uuid REFERENCES opportunities (id),
    kind text NOT NULL,
    observed_on date NOT NULL,
    note text,
    created_at timestamptz NOT NULL,
    created_by uuid REFERENCES users (id)
);
CREATE INDEX buying_signals_lead ON buying_signals (lead_id, observed_on, id);
CREATE INDEX buying_signals_opportunity ON buying_signals (opportunity_id, observed_on, id) WHERE opportunity_id IS NOT NULL;
