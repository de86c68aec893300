-- What sources of leads cost, so that reports can compare them with campaigns.

ALTER TABLE lead_sources ADD COLUMN cost bigint;
ALTER TABLE lead_sources ADD COLUMN cost_currency text;
