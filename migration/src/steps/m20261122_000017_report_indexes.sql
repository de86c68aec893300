-- What reports read of many records stands in the index that finds them, so that they needn't fetch each record.
-- Most of these widen an index that is there, in the same order: that costs less to keep up to date than another one.

DROP INDEX leads_created;
CREATE INDEX leads_created ON leads (created_at, id, source_id, campaign_id, owner_id, status, statuses_reached) WHERE deleted_at IS NULL;

DROP INDEX opportunities_close_date;
CREATE INDEX opportunities_close_date
    ON opportunities (close_date, id, is_closed, is_won, stage_id, owner_id, currency, amount, probability, created_at)
    WHERE deleted_at IS NULL;

DROP INDEX lead_status_changes_at;
CREATE INDEX lead_status_changes_at ON lead_status_changes (at, status, lead_id, from_status);

DROP INDEX opportunity_changes_stage;
CREATE INDEX opportunity_changes_stage
    ON opportunity_changes (stage_id, at, opportunity_id, from_stage_id, seconds_in_previous);

-- The moves out of a stage: the stays that are over.
CREATE INDEX opportunity_changes_departures ON opportunity_changes (opportunity_id, from_stage_id, seconds_in_previous)
    WHERE from_stage_id IS NOT NULL AND seconds_in_previous IS NOT NULL;
