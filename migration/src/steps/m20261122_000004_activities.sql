-- What people do with the records.

CREATE TABLE activities (
    id uuid PRIMARY KEY,
    version integer NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    body text,
    direction text,
    outcome text,
    due_at timestamptz,
    due_order timestamptz NOT NULL,
    completed_at timestamptz,
    duration_minutes integer CHECK (duration_minutes >= 0),
    owner_id uuid REFERENCES users (id),
    external_id text COLLATE "C",
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz
);
CREATE UNIQUE INDEX activities_external_id ON activities (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX activities_due ON activities (due_order, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX activities_open ON activities (due_order, id DESC) WHERE deleted_at IS NULL AND completed_at IS NULL;
CREATE INDEX activities_kind ON activities (kind, due_order, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX activities_owner ON activities (owner_id, due_order, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX activities_due_at ON activities (due_at) WHERE deleted_at IS NULL AND due_at IS NOT NULL;
CREATE INDEX activities_created ON activities (created_at) WHERE deleted_at IS NULL;

CREATE TABLE activity_subjects (
    activity_id uuid NOT NULL REFERENCES activities (id),
    record_id uuid NOT NULL,
    record_kind text NOT NULL,
    carried_from uuid REFERENCES leads (id),
    PRIMARY KEY (activity_id, record_id)
) /* WITHOUT ROWID */;
CREATE INDEX activity_subjects_record ON activity_subjects (record_id, activity_id);
CREATE INDEX activity_subjects_carried_from ON activity_subjects (carried_from) WHERE carried_from IS NOT NULL;
