-- What is to be done, who was reached by which campaign, what disqualified leads left behind, and the story of a record.

-- What somebody still has to do: what is done already stands in no one's way.
CREATE INDEX activities_owner_open ON activities (owner_id, due_order, id DESC) WHERE deleted_at IS NULL AND completed_at IS NULL;

ALTER TABLE campaigns ADD COLUMN parent_id uuid REFERENCES campaigns (id);
CREATE INDEX campaigns_parent ON campaigns (parent_id, name_key, id) WHERE parent_id IS NOT NULL;

CREATE TABLE campaign_members (
    id uuid PRIMARY KEY,
    version integer NOT NULL,
    campaign_id uuid NOT NULL REFERENCES campaigns (id),
    lead_id uuid REFERENCES leads (id),
    contact_id uuid REFERENCES contacts (id),
    status text NOT NULL,
    responded_on date,
    carried_from uuid REFERENCES leads (id),
    external_id text COLLATE "C",
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CHECK ((lead_id IS NULL) <> (contact_id IS NULL))
);
CREATE UNIQUE INDEX campaign_members_external_id ON campaign_members (external_id) WHERE external_id IS NOT NULL;
-- Nobody is a member of a campaign twice.
CREATE UNIQUE INDEX campaign_members_lead ON campaign_members (lead_id, campaign_id) WHERE lead_id IS NOT NULL;
CREATE UNIQUE INDEX campaign_members_contact ON campaign_members (contact_id, campaign_id) WHERE contact_id IS NOT NULL;
CREATE INDEX campaign_members_campaign ON campaign_members (campaign_id, id);
CREATE INDEX campaign_members_status ON campaign_members (campaign_id, status, id);
CREATE INDEX campaign_members_of_lead ON campaign_members (lead_id, id) WHERE lead_id IS NOT NULL;
CREATE INDEX campaign_members_of_contact ON campaign_members (contact_id, id) WHERE contact_id IS NOT NULL;
CREATE INDEX campaign_members_carried_from ON campaign_members (carried_from) WHERE carried_from IS NOT NULL;

-- Who was said to have answered a campaign is a member of it. Ids of other tables serve: they are unique, too.
INSERT INTO campaign_members (id, version, campaign_id, lead_id, status, responded_on, created_at, updated_at)
SELECT id, 1, campaign_id, id, 'RESPONDED', CAST(substr(CAST(created_at AS text), 1, 10) AS date), created_at, created_at
FROM leads WHERE campaign_id IS NOT NULL;
INSERT INTO campaign_members (id, version, campaign_id, contact_id, status, responded_on, created_at, updated_at)
SELECT id, 1, campaign_id, id, 'RESPONDED', CAST(substr(CAST(created_at AS text), 1, 10) AS date), created_at, created_at
FROM contacts WHERE campaign_id IS NOT NULL;

CREATE TABLE kept_leads (
    lead_id uuid PRIMARY KEY REFERENCES leads (id),
    account_id uuid NOT NULL REFERENCES accounts (id),
    contact_id uuid NOT NULL REFERENCES contacts (id),
    kept_at timestamptz NOT NULL,
    kept_by uuid REFERENCES users (id)
);
CREATE INDEX kept_leads_account ON kept_leads (account_id);
CREATE INDEX kept_leads_contact ON kept_leads (contact_id);

-- The story of a record, each entry once: the activities about it, its own history, and the history of the leads that became it.
-- Where `related` is true, that of an account and of its contacts and opportunities together.
CREATE VIEW timeline_entries AS
SELECT s.record_id AS record_id, FALSE AS related, COALESCE(a.completed_at, a.due_at, a.created_at) AS at, a.id AS id, 'activity' AS action
    FROM activity_subjects s JOIN activities a ON a.id = s.activity_id WHERE a.deleted_at IS NULL
UNION ALL
SELECT h.record_id, FALSE, h.at, h.id, h.action FROM changes h
UNION ALL
SELECT c.account_id, FALSE, h.at, h.id, h.action FROM lead_conversions c JOIN changes h ON h.record_id = c.lead_id
UNION ALL
SELECT c.contact_id, FALSE, h.at, h.id, h.action FROM lead_conversions c JOIN changes h ON h.record_id = c.lead_id
UNION ALL
SELECT c.opportunity_id, FALSE, h.at, h.id, h.action FROM lead_conversions c JOIN changes h ON h.record_id = c.lead_id
    WHERE c.opportunity_id IS NOT NULL
UNION ALL
SELECT k.account_id, FALSE, h.at, h.id, h.action FROM kept_leads k JOIN changes h ON h.record_id = k.lead_id
    WHERE NOT EXISTS (SELECT 1 FROM lead_conversions c WHERE c.lead_id = k.lead_id AND c.account_id = k.account_id)
UNION ALL
SELECT k.contact_id, FALSE, h.at, h.id, h.action FROM kept_leads k JOIN changes h ON h.record_id = k.lead_id
    WHERE NOT EXISTS (SELECT 1 FROM lead_conversions c WHERE c.lead_id = k.lead_id AND c.contact_id = k.contact_id)
UNION ALL
SELECT record_id, TRUE, at, id, action FROM (
    SELECT s.record_id AS record_id, COALESCE(a.completed_at, a.due_at, a.created_at) AS at, a.id AS id, 'activity' AS action
        FROM activity_subjects s JOIN activities a ON a.id = s.activity_id WHERE a.deleted_at IS NULL
    UNION
    SELECT p.account_id, COALESCE(a.completed_at, a.due_at, a.created_at), a.id, 'activity'
        FROM contacts p JOIN activity_subjects s ON s.record_id = p.id JOIN activities a ON a.id = s.activity_id
        WHERE a.deleted_at IS NULL AND p.deleted_at IS NULL
    UNION
    SELECT o.account_id, COALESCE(a.completed_at, a.due_at, a.created_at), a.id, 'activity'
        FROM opportunities o JOIN activity_subjects s ON s.record_id = o.id JOIN activities a ON a.id = s.activity_id
        WHERE a.deleted_at IS NULL AND o.deleted_at IS NULL
    UNION
    SELECT h.record_id, h.at, h.id, h.action FROM changes h
    UNION
    SELECT p.account_id, h.at, h.id, h.action FROM contacts p JOIN changes h ON h.record_id = p.id WHERE p.deleted_at IS NULL
    UNION
    SELECT o.account_id, h.at, h.id, h.action FROM opportunities o JOIN changes h ON h.record_id = o.id WHERE o.deleted_at IS NULL
    UNION
    SELECT c.account_id, h.at, h.id, h.action FROM lead_conversions c JOIN changes h ON h.record_id = c.lead_id
    UNION
    SELECT p.account_id, h.at, h.id, h.action
        FROM contacts p JOIN lead_conversions c ON c.contact_id = p.id JOIN changes h ON h.record_id = c.lead_id WHERE p.deleted_at IS NULL
    UNION
    SELECT k.account_id, h.at, h.id, h.action FROM kept_leads k JOIN changes h ON h.record_id = k.lead_id
    UNION
    SELECT p.account_id, h.at, h.id, h.action
        FROM contacts p JOIN kept_leads k ON k.contact_id = p.id JOIN changes h ON h.record_id = k.lead_id WHERE p.deleted_at IS NULL
) whole;
