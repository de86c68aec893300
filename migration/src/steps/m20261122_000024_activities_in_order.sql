-- With what an activity is about stands where it has its place among the activities about the same record, so that a page of them is
-- read from an index and no longer made of all of them.

ALTER TABLE activity_subjects ADD COLUMN due_order timestamptz NOT NULL DEFAULT '9999-12-31T00:00:00+00:00';

-- Made again below: filling the column is faster without it.
DROP INDEX activity_subjects_record;

UPDATE activity_subjects SET due_order = activities.due_order FROM activities WHERE activities.id = activity_subjects.activity_id;

CREATE INDEX activity_subjects_record ON activity_subjects (record_id, due_order, activity_id DESC);
