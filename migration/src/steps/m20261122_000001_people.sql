-- The workspace and the people who work in it.

CREATE TABLE workspace (
    id integer PRIMARY KEY CHECK (id = 1),
    base_currency text NOT NULL,
    time_zone text NOT NULL,
    fiscal_year_start_month integer NOT NULL CHECK (fiscal_year_start_month BETWEEN 1 AND 12),
    conversion_requires_qualified boolean NOT NULL,
    default_country text,
    created_at timestamptz NOT NULL
);

CREATE TABLE users (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    email text NOT NULL,
    email_key text COLLATE "C" NOT NULL UNIQUE,
    password_hash text NOT NULL,
    role text NOT NULL,
    active boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE TABLE teams (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    manager_id uuid REFERENCES users (id),
    created_at timestamptz NOT NULL
);

-- A team has a manager and a user has a team: one of the two references has to come afterwards.
ALTER TABLE users ADD COLUMN team_id uuid REFERENCES teams (id);

CREATE TABLE sessions (
    token_hash text COLLATE "C" PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE idempotency_keys (
    user_id uuid NOT NULL REFERENCES users (id),
    "key" text COLLATE "C" NOT NULL,
    input_hash text NOT NULL,
    result jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, "key")
);
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);
