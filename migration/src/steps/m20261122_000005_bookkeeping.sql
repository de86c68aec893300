-- What the program keeps about the records. `record_id` names a record of any kind, so it can't be a foreign key.

CREATE TABLE changes (
    id uuid PRIMARY KEY,
    record_kind text NOT NULL,
    record_id uuid NOT NULL,
    action text NOT NULL,
    at timestamptz NOT NULL,
    "by" uuid REFERENCES users (id),
    fields jsonb NOT NULL
);
CREATE INDEX changes_record ON changes (record_id, at, id);

CREATE TABLE outbox (
    id uuid PRIMARY KEY,
    action text NOT NULL,
    record_kind text NOT NULL,
    record_id uuid NOT NULL,
    at timestamptz NOT NULL
);

CREATE TABLE search_words (
    word text COLLATE "C" NOT NULL,
    record_id uuid NOT NULL,
    record_kind text NOT NULL,
    PRIMARY KEY (word, record_id)
) /* WITHOUT ROWID */;
CREATE INDEX search_words_record ON search_words (record_id);
