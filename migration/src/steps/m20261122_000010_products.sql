-- What is sold: the catalogue with its prices, and what of it an opportunity is about.

CREATE TABLE products (
    id uuid PRIMARY KEY,
    version integer NOT NULL,
    name text NOT NULL,
    name_key text COLLATE "C" NOT NULL DEFAULT '',
    code text,
    code_key text COLLATE "C" NOT NULL DEFAULT '',
    family text,
    family_key text COLLATE "C" NOT NULL DEFAULT '',
    description text,
    active boolean NOT NULL,
    external_id text COLLATE "C",
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX products_code_once ON products (code_key) WHERE code_key <> '';
CREATE UNIQUE INDEX products_external_id ON products (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX products_created ON products (created_at, id);
CREATE INDEX products_updated ON products (updated_at, id);
CREATE INDEX products_name ON products (name_key, id);
CREATE INDEX products_code ON products (code_key, id);
CREATE INDEX products_family ON products (family_key, id);
CREATE INDEX products_active ON products (active, id);

CREATE TABLE product_prices (
    product_id uuid NOT NULL REFERENCES products (id),
    currency text COLLATE "C" NOT NULL,
    amount bigint NOT NULL CHECK (amount >= 0),
    PRIMARY KEY (product_id, currency)
) /* WITHOUT ROWID */;

CREATE TABLE line_items (
    id uuid PRIMARY KEY,
    version integer NOT NULL,
    opportunity_id uuid NOT NULL REFERENCES opportunities (id),
    position integer NOT NULL CHECK (position >= 1),
    product_id uuid REFERENCES products (id),
    description text,
    quantity bigint NOT NULL CHECK (quantity > 0),
    currency text NOT NULL,
    unit_price bigint NOT NULL CHECK (unit_price >= 0),
    discount_percent bigint CHECK (discount_percent BETWEEN 0 AND 1000000),
    discount_amount bigint CHECK (discount_amount >= 0),
    total bigint NOT NULL CHECK (total >= 0),
    external_id text COLLATE "C",
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CHECK (product_id IS NOT NULL OR description IS NOT NULL),
    CHECK (discount_percent IS NULL OR discount_amount IS NULL)
);
CREATE UNIQUE INDEX line_items_external_id ON line_items (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX line_items_opportunity ON line_items (opportunity_id, position, id);
CREATE INDEX line_items_product ON line_items (product_id, opportunity_id) WHERE product_id IS NOT NULL;
