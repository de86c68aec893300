-- The workspace's settings, its pipelines and their stages can be changed from here on: they get a version, and stages and
-- pipelines can be taken out of use. What is there keeps the moment of its creation as that of its last change.

ALTER TABLE workspace ADD COLUMN version integer NOT NULL DEFAULT 1;
ALTER TABLE workspace ADD COLUMN locale text NOT NULL DEFAULT 'en';
ALTER TABLE workspace ADD COLUMN leads_return_to_pool_after_days integer CHECK (leads_return_to_pool_after_days >= 1);
ALTER TABLE workspace ADD COLUMN updated_at timestamptz NOT NULL DEFAULT '1970-01-01 00:00:00+00:00';
UPDATE workspace SET updated_at = created_at;

ALTER TABLE pipelines ADD COLUMN version integer NOT NULL DEFAULT 1;
ALTER TABLE pipelines ADD COLUMN active boolean NOT NULL DEFAULT TRUE;
ALTER TABLE pipelines ADD COLUMN updated_at timestamptz NOT NULL DEFAULT '1970-01-01 00:00:00+00:00';
UPDATE pipelines SET updated_at = created_at;

ALTER TABLE stages ADD COLUMN version integer NOT NULL DEFAULT 1;
ALTER TABLE stages ADD COLUMN active boolean NOT NULL DEFAULT TRUE;
ALTER TABLE stages ADD COLUMN updated_at timestamptz NOT NULL DEFAULT '1970-01-01 00:00:00+00:00';
UPDATE stages SET updated_at = created_at;

-- Whether anything was ever in a stage (`opportunity_changes_stage` tells where it went to), and what lies deleted in it.
CREATE INDEX opportunity_changes_from_stage ON opportunity_changes (from_stage_id) WHERE from_stage_id IS NOT NULL;
CREATE INDEX opportunities_stage_deleted ON opportunities (stage_id) WHERE deleted_at IS NOT NULL;
