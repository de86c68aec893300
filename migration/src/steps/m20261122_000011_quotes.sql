-- Quotes with their lines, the orders that are left when one wins the sale, and the numbers of both.
-- A number is taken by an update of its counter within the transaction that uses it: others wait, and a rollback gives it back.

CREATE TABLE counters (
    name text COLLATE "C" PRIMARY KEY,
    value integer NOT NULL CHECK (value >= 0)
);
INSERT INTO counters (name, value) VALUES ('quote', 0), ('order', 0);

CREATE TABLE quotes (
    id uuid PRIMARY KEY,
    version integer NOT NULL,
    number integer NOT NULL CHECK (number >= 1),
    revision integer NOT NULL CHECK (revision >= 1),
    previous_id uuid UNIQUE REFERENCES quotes (id),
    opportunity_id uuid NOT NULL REFERENCES opportunities (id),
    status text COLLATE "C" NOT NULL CHECK (status IN ('DRAFT', 'SENT', 'ACCEPTED', 'REJECTED', 'SUPERSEDED', 'DISCARDED')),
    currency text NOT NULL,
    total bigint NOT NULL,
    payment_terms text,
    expires_on date,
    notes text,
    sent_at timestamptz,
    accepted_at timestamptz,
    rejected_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    UNIQUE (number, revision)
);
CREATE UNIQUE INDEX quotes_one_accepted ON quotes (opportunity_id) WHERE status = 'ACCEPTED';
CREATE INDEX quotes_created ON quotes (created_at, id);
CREATE INDEX quotes_updated ON quotes (updated_at, id);
CREATE INDEX quotes_number ON quotes (number, revision, id);
CREATE INDEX quotes_expires ON quotes (expires_on NULLS FIRST, id);
CREATE INDEX quotes_total ON quotes (total, id);
CREATE INDEX quotes_status ON quotes (status, created_at, id);
CREATE INDEX quotes_opportunity ON quotes (opportunity_id, created_at, id);

CREATE TABLE quote_lines (
    quote_id uuid NOT NULL REFERENCES quotes (id),
    position integer NOT NULL CHECK (position >= 1),
    product_id uuid REFERENCES products (id),
    product_code text,
    product_name text,
    description text,
    quantity bigint NOT NULL CHECK (quantity > 0),
    unit_price bigint NOT NULL CHECK (unit_price >= 0),
    discount_percent bigint CHECK (discount_percent BETWEEN 0 AND 1000000),
    discount_amount bigint CHECK (discount_amount >= 0),
    total bigint NOT NULL CHECK (total >= 0),
    CHECK (product_id IS NOT NULL OR description IS NOT NULL),
    CHECK (discount_percent IS NULL OR discount_amount IS NULL),
    PRIMARY KEY (quote_id, position)
) /* WITHOUT ROWID */;
CREATE INDEX quote_lines_product ON quote_lines (product_id) WHERE product_id IS NOT NULL;

CREATE TABLE orders (
    id uuid PRIMARY KEY,
    version integer NOT NULL,
    number integer NOT NULL UNIQUE CHECK (number >= 1),
    quote_id uuid NOT NULL UNIQUE REFERENCES quotes (id),
    opportunity_id uuid NOT NULL REFERENCES opportunities (id),
    account_id uuid NOT NULL REFERENCES accounts (id),
    status text COLLATE "C" NOT NULL CHECK (status IN ('OPEN', 'FULFILLED', 'CANCELLED')),
    contract_number text,
    currency text NOT NULL,
    total bigint NOT NULL,
    payment_terms text,
    ordered_on date NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX orders_created ON orders (created_at, id);
CREATE INDEX orders_updated ON orders (updated_at, id);
CREATE INDEX orders_number ON orders (number, id);
CREATE INDEX orders_ordered ON orders (ordered_on, id);
CREATE INDEX orders_total ON orders (total, id);
CREATE INDEX orders_status ON orders (status, created_at, id);
CREATE INDEX orders_opportunity ON orders (opportunity_id, created_at, id);
CREATE INDEX orders_account ON orders (account_id, created_at, id);
