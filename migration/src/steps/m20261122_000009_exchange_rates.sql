-- What one unit of a currency is worth in the base currency that the rate was entered for, from a day on until the next rate.

CREATE TABLE exchange_rates (
    id uuid PRIMARY KEY,
    version integer NOT NULL,
    base_currency text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    valid_from date NOT NULL,
    rate bigint NOT NULL CHECK (rate > 0),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    UNIQUE (base_currency, currency, valid_from),
    CHECK (currency <> base_currency)
);
CREATE INDEX exchange_rates_valid_from ON exchange_rates (valid_from, id);
CREATE INDEX exchange_rates_currency ON exchange_rates (currency, id);
CREATE INDEX exchange_rates_currency_valid_from ON exchange_rates (currency, valid_from, id);
