-- When a lead first came to each step of the funnel, and when an opportunity was won first and last: reports count by them instead of
-- reading all changes. They follow from the histories; `leadgraph rebuild-summaries` makes them anew.

ALTER TABLE leads ADD COLUMN first_working_at timestamptz;
ALTER TABLE leads ADD COLUMN first_qualified_at timestamptz;
ALTER TABLE leads ADD COLUMN first_converted_at timestamptz;
ALTER TABLE opportunities ADD COLUMN first_won_at timestamptz;
ALTER TABLE opportunities ADD COLUMN last_won_at timestamptz;
-- With its change stands when the lead came in, so that those that were there before a period are found without the others.
ALTER TABLE lead_status_changes ADD COLUMN lead_created_at timestamptz NOT NULL DEFAULT '1970-01-01T00:00:00+00:00';

-- Made again below: filling the columns is faster without them.
DROP INDEX leads_created;
DROP INDEX lead_status_changes_at;

UPDATE leads SET first_working_at = firsts.working, first_qualified_at = firsts.qualified, first_converted_at = firsts.converted
FROM (
    SELECT lead_id, MIN(CASE WHEN status = 2 THEN at END) AS working, MIN(CASE WHEN status = 3 THEN at END) AS qualified,
        MIN(CASE WHEN status = 4 THEN at END) AS converted
    FROM lead_status_changes WHERE status IN (2, 3, 4) GROUP BY lead_id
) AS firsts
WHERE firsts.lead_id = leads.id;

UPDATE lead_status_changes SET lead_created_at = leads.created_at FROM leads WHERE leads.id = lead_status_changes.lead_id;

UPDATE opportunities SET first_won_at = wins.first_at, last_won_at = wins.last_at
FROM (
    SELECT opportunity_id, MIN(at) AS first_at, MAX(at) AS last_at
    FROM opportunity_changes JOIN stages ON stages.id = opportunity_changes.stage_id
    WHERE stages.category = 'WON' AND (from_stage_id IS NULL OR seconds_in_previous IS NOT NULL) GROUP BY opportunity_id
) AS wins
WHERE wins.opportunity_id = opportunities.id;

CREATE INDEX leads_created
    ON leads (created_at, id, source_id, campaign_id, owner_id, status, statuses_reached,
        first_working_at, first_qualified_at, first_converted_at)
    WHERE deleted_at IS NULL;
CREATE INDEX lead_status_changes_at ON lead_status_changes (at, status, lead_created_at, lead_id);
CREATE INDEX opportunities_first_won ON opportunities (first_won_at, lead_id) WHERE deleted_at IS NULL AND first_won_at IS NOT NULL;
CREATE INDEX opportunities_won_again ON opportunities (last_won_at) WHERE first_won_at < last_won_at;
