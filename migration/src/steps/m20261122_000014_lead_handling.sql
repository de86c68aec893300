-- Handing out leads, taking them in from web forms, and what runs by itself.

-- Companies of a size go to those who sell to companies of that size.
ALTER TABLE leads ADD COLUMN employees integer;

-- A rule set is read and replaced as a whole, so its rules are one value.
CREATE TABLE assignment_rule_sets (
    id uuid PRIMARY KEY,
    version integer NOT NULL,
    name text NOT NULL,
    name_key text COLLATE "C" NOT NULL DEFAULT '',
    active boolean NOT NULL,
    rules jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz
);
CREATE INDEX assignment_rule_sets_name ON assignment_rule_sets (name_key, id) WHERE deleted_at IS NULL;
-- At most one is switched on.
CREATE UNIQUE INDEX assignment_rule_sets_active ON assignment_rule_sets (active) WHERE active;

-- Who of a team got the latest lead that rules handed out. Kept beside the rules, so that changing them starts no new round.
CREATE TABLE assignment_turns (
    team_id uuid PRIMARY KEY REFERENCES teams (id),
    last_user_id uuid NOT NULL REFERENCES users (id)
);
CREATE INDEX assignment_turns_user ON assignment_turns (last_user_id);

CREATE TABLE intake_forms (
    id uuid PRIMARY KEY,
    version integer NOT NULL,
    name text NOT NULL,
    name_key text COLLATE "C" NOT NULL DEFAULT '',
    "key" text COLLATE "C" NOT NULL UNIQUE,
    active boolean NOT NULL,
    source_id uuid REFERENCES lead_sources (id),
    campaign_id uuid REFERENCES campaigns (id),
    owner_id uuid REFERENCES users (id),
    allowed_origins jsonb NOT NULL,
    redirect_url text,
    honeypot text NOT NULL,
    most_per_minute integer NOT NULL CHECK (most_per_minute >= 1),
    most_per_hour integer NOT NULL CHECK (most_per_hour >= 1),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX intake_forms_name ON intake_forms (name_key, id);
CREATE INDEX intake_forms_source ON intake_forms (source_id);
CREATE INDEX intake_forms_campaign ON intake_forms (campaign_id);
CREATE INDEX intake_forms_owner ON intake_forms (owner_id);

-- What runs by itself, and when it is due. The row is locked by the process that does the work, in the same transaction.
CREATE TABLE jobs (
    name text COLLATE "C" PRIMARY KEY,
    next_run_at timestamptz NOT NULL,
    last_run_at timestamptz,
    runs bigint NOT NULL
);
