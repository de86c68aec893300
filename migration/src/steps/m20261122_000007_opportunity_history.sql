-- Every change of what an opportunity is in the pipeline: stage, amount, probability, close date, owner, and whether it is there at all.
-- A row holds from `at` until `until`; how things stood at any instant is read from the rows that held then.

ALTER TABLE stage_changes RENAME TO opportunity_changes;
ALTER TABLE opportunity_changes RENAME COLUMN to_stage_id TO stage_id;
ALTER TABLE opportunity_changes ADD COLUMN until timestamptz;
ALTER TABLE opportunity_changes ADD COLUMN owner_id uuid REFERENCES users (id);
ALTER TABLE opportunity_changes ADD COLUMN deleted boolean NOT NULL DEFAULT FALSE;
ALTER TABLE opportunity_changes ADD COLUMN from_amount bigint;
ALTER TABLE opportunity_changes ADD COLUMN from_currency text;
ALTER TABLE opportunity_changes ADD COLUMN from_probability integer;
ALTER TABLE opportunity_changes ADD COLUMN from_close_date date;
ALTER TABLE opportunity_changes ADD COLUMN from_owner_id uuid REFERENCES users (id);

-- Until now only moves were kept. The owner of those days is not known; what changed after the last move is dated to that move.
UPDATE opportunity_changes SET owner_id = (SELECT owner_id FROM opportunities WHERE opportunities.id = opportunity_id);
UPDATE opportunity_changes SET
    until = (SELECT min(later.at) FROM opportunity_changes AS later
             WHERE later.opportunity_id = opportunity_changes.opportunity_id
               AND (later.at, later.id) > (opportunity_changes.at, opportunity_changes.id)),
    from_amount = (SELECT earlier.amount FROM opportunity_changes AS earlier
                   WHERE earlier.opportunity_id = opportunity_changes.opportunity_id
                     AND (earlier.at, earlier.id) < (opportunity_changes.at, opportunity_changes.id)
                   ORDER BY earlier.at DESC, earlier.id DESC LIMIT 1),
    from_currency = (SELECT earlier.currency FROM opportunity_changes AS earlier
                     WHERE earlier.opportunity_id = opportunity_changes.opportunity_id
                       AND (earlier.at, earlier.id) < (opportunity_changes.at, opportunity_changes.id)
                     ORDER BY earlier.at DESC, earlier.id DESC LIMIT 1),
    from_probability = (SELECT earlier.probability FROM opportunity_changes AS earlier
                        WHERE earlier.opportunity_id = opportunity_changes.opportunity_id
                          AND (earlier.at, earlier.id) < (opportunity_changes.at, opportunity_changes.id)
                        ORDER BY earlier.at DESC, earlier.id DESC LIMIT 1),
    from_close_date = (SELECT earlier.close_date FROM opportunity_changes AS earlier
                       WHERE earlier.opportunity_id = opportunity_changes.opportunity_id
                         AND (earlier.at, earlier.id) < (opportunity_changes.at, opportunity_changes.id)
                       ORDER BY earlier.at DESC, earlier.id DESC LIMIT 1),
    from_owner_id = (SELECT earlier.owner_id FROM opportunity_changes AS earlier
                     WHERE earlier.opportunity_id = opportunity_changes.opportunity_id
                       AND (earlier.at, earlier.id) < (opportunity_changes.at, opportunity_changes.id)
                     ORDER BY earlier.at DESC, earlier.id DESC LIMIT 1);
UPDATE opportunity_changes SET
    amount = (SELECT amount FROM opportunities WHERE opportunities.id = opportunity_id),
    currency = (SELECT currency FROM opportunities WHERE opportunities.id = opportunity_id),
    probability = (SELECT probability FROM opportunities WHERE opportunities.id = opportunity_id),
    close_date = (SELECT close_date FROM opportunities WHERE opportunities.id = opportunity_id),
    deleted = (SELECT deleted_at IS NOT NULL FROM opportunities WHERE opportunities.id = opportunity_id)
WHERE until IS NULL;

DROP INDEX stage_changes_opportunity;
CREATE INDEX opportunity_changes_opportunity ON opportunity_changes (opportunity_id, at, id);
CREATE UNIQUE INDEX opportunity_changes_last ON opportunity_changes (opportunity_id) WHERE until IS NULL;
