-- Which stages an opportunity was in stands with it, so that reports needn't read all its moves: the numbers of those that it has left,
-- each once, and of the one that it is in, in order. They follow from the history; `leadgraph rebuild-summaries` makes them anew.

-- A stage's number never changes, wherever the stage stands in its pipeline.
ALTER TABLE stages ADD COLUMN number integer NOT NULL DEFAULT 0;
UPDATE stages SET number = (SELECT COUNT(*) FROM stages AS earlier WHERE earlier.id <= stages.id);
CREATE UNIQUE INDEX stages_number ON stages (number);

ALTER TABLE opportunities ADD COLUMN stages_reached text COLLATE "C" NOT NULL DEFAULT '';

-- Made again below: filling the column is faster without it.
DROP INDEX opportunities_close_date;

UPDATE opportunities SET stages_reached = truth.reached
FROM (
    SELECT opportunity_id, string_agg(CAST(number AS text), ',' ORDER BY number) AS reached
    FROM (
        SELECT DISTINCT opportunity_id, number FROM opportunity_changes JOIN stages ON stages.id = from_stage_id
        WHERE from_stage_id IS NOT NULL AND seconds_in_previous IS NOT NULL
        UNION ALL SELECT opportunities.id, number FROM opportunities JOIN stages ON stages.id = stage_id
    ) AS places
    GROUP BY opportunity_id
) AS truth
WHERE truth.opportunity_id = opportunities.id;

CREATE INDEX opportunities_close_date
    ON opportunities (close_date, id, is_closed, is_won, stage_id, owner_id, currency, amount, probability, created_at, stages_reached)
    WHERE deleted_at IS NULL;

-- Those that were won and taken up again are few: a lead may join them later.
CREATE INDEX opportunities_taken_up ON opportunities (first_won_at, lead_id)
    WHERE deleted_at IS NULL AND first_won_at IS NOT NULL AND NOT is_won;
