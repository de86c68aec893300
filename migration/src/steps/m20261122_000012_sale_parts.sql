-- Who else wants to make a sale, and how far it has come towards the signature.

CREATE TABLE competitors (
    id uuid PRIMARY KEY,
    opportunity_id uuid NOT NULL REFERENCES opportunities (id),
    name text NOT NULL,
    name_key text COLLATE "C" NOT NULL,
    incumbent boolean NOT NULL,
    dismissed boolean NOT NULL,
    strengths text,
    weaknesses text,
    created_at timestamptz NOT NULL,
    UNIQUE (opportunity_id, name_key)
);
CREATE INDEX competitors_name ON competitors (name_key, opportunity_id);

CREATE TABLE milestones (
    opportunity_id uuid NOT NULL REFERENCES opportunities (id),
    kind text NOT NULL,
    reached_on date NOT NULL,
    reached_by uuid REFERENCES users (id),
    note text,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (opportunity_id, kind)
) /* WITHOUT ROWID */;
CREATE INDEX milestones_reached_by ON milestones (reached_by) WHERE reached_by IS NOT NULL;

ALTER TABLE opportunities ADD COLUMN lost_to_competitor_id uuid REFERENCES competitors (id);
CREATE INDEX opportunities_lost_to_competitor ON opportunities (lost_to_competitor_id) WHERE lost_to_competitor_id IS NOT NULL;
