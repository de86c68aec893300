-- Leads, and the lists that they are described with.

CREATE TABLE lead_sources (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    name_key text COLLATE "C" NOT NULL UNIQUE,
    active boolean NOT NULL,
    position integer NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE TABLE disqualification_reasons (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    name_key text COLLATE "C" NOT NULL UNIQUE,
    active boolean NOT NULL,
    position integer NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE TABLE campaigns (
    id uuid PRIMARY KEY,
    version integer NOT NULL,
    name text NOT NULL,
    name_key text COLLATE "C" NOT NULL DEFAULT '',
    channel text,
    starts_on date,
    ends_on date,
    budget bigint,
    budget_currency text,
    cost bigint,
    cost_currency text,
    active boolean NOT NULL,
    external_id text COLLATE "C",
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CHECK (starts_on <= ends_on),
    CHECK ((budget IS NULL) = (budget_currency IS NULL)),
    CHECK ((cost IS NULL) = (cost_currency IS NULL))
);
CREATE INDEX campaigns_name ON campaigns (name_key, id);
CREATE UNIQUE INDEX campaigns_external_id ON campaigns (external_id) WHERE external_id IS NOT NULL;

CREATE TABLE leads (
    id uuid PRIMARY KEY,
    version integer NOT NULL,
    first_name text,
    last_name text,
    job_title text,
    company text,
    email text,
    phone text,
    website text,
    street text,
    city text,
    region text,
    postal_code text,
    country text,
    description text,
    status smallint NOT NULL CHECK (status BETWEEN 1 AND 5),
    rating text,
    source_id uuid REFERENCES lead_sources (id),
    campaign_id uuid REFERENCES campaigns (id),
    buying_role text,
    owner_id uuid REFERENCES users (id),
    qualification jsonb NOT NULL,
    qualified_at timestamptz,
    qualified_by uuid REFERENCES users (id),
    override_reason text,
    disqualification_reason_id uuid REFERENCES disqualification_reasons (id),
    disqualification_note text,
    disqualified_at timestamptz,
    disqualified_by uuid REFERENCES users (id),
    last_activity_at timestamptz,
    first_name_key text COLLATE "C" NOT NULL DEFAULT '',
    last_name_key text COLLATE "C" NOT NULL DEFAULT '',
    company_key text COLLATE "C" NOT NULL DEFAULT '',
    email_key text COLLATE "C" NOT NULL DEFAULT '',
    company_match text COLLATE "C" NOT NULL DEFAULT '',
    phone_match text COLLATE "C" NOT NULL DEFAULT '',
    web_domain text COLLATE "C" NOT NULL DEFAULT '',
    external_id text COLLATE "C",
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz
);
CREATE UNIQUE INDEX leads_external_id ON leads (external_id) WHERE external_id IS NOT NULL;

-- One index for each order that lists offer.
CREATE INDEX leads_created ON leads (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX leads_updated ON leads (updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX leads_last_name ON leads (last_name_key, id) WHERE deleted_at IS NULL;
CREATE INDEX leads_company ON leads (company_key, id) WHERE deleted_at IS NULL;
CREATE INDEX leads_status ON leads (status, id) WHERE deleted_at IS NULL;
CREATE INDEX leads_last_activity ON leads (last_activity_at NULLS FIRST, id) WHERE deleted_at IS NULL;

-- One for each other filter; those on references are read in the order of creation.
CREATE INDEX leads_owner ON leads (owner_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX leads_source ON leads (source_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX leads_campaign ON leads (campaign_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX leads_first_name ON leads (first_name_key, id) WHERE deleted_at IS NULL;
CREATE INDEX leads_email ON leads (email_key, id) WHERE deleted_at IS NULL;

-- Duplicate matching. A statement has to say `<> ''` itself in order to use these.
CREATE INDEX leads_company_match ON leads (company_match) WHERE deleted_at IS NULL AND company_match <> '';
CREATE INDEX leads_phone_match ON leads (phone_match) WHERE deleted_at IS NULL AND phone_match <> '';
CREATE INDEX leads_web_domain ON leads (web_domain) WHERE deleted_at IS NULL AND web_domain <> '';
