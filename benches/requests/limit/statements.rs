//! W1 to W3 by hand: what each operation reads and locks, and all that it leaves behind, with one statement a table.
//!
//! `:name` stands for a value: `:n` is a number that no other request has, `:now` the time, `:id1` and so on are new ids made of `:n`,
//! all others are records that are there. `/*lock*/` keeps others from changing the row, where the database needs to be told.

/// createLead with eight fields.
pub const CREATE: &[&str] = &[
    "SELECT id, name, active FROM lead_sources WHERE id = :source",
    "SELECT id, rules FROM assignment_rule_sets WHERE active",
    "INSERT INTO leads (id, version, first_name, last_name, job_title, company, email, phone, status, statuses_reached, rating,
        source_id, qualification, first_name_key, last_name_key, company_key, email_key, company_match, phone_match, web_domain,
        created_at, updated_at)
    VALUES (:id1, 1, 'Ada', 'Corfinsen' || :n, 'Head of purchasing', 'Corfin Lumsol ' || :n, 'corfin' || :n || '@lumsol.example',
        '+33 4 72 11 22 10', 1, 1, 'WARM', :source,
        '{\"need\": {\"state\": \"UNKNOWN\"},\"budget\": {\"state\": \"UNKNOWN\"},\"timeline\": {\"state\": \"UNKNOWN\"},\"authority\": {\"state\": \"UNKNOWN\"}}',
        'ada', 'corfinsen' || :n, 'corfin lumsol ' || :n, 'corfin' || :n || '@lumsol.example', 'corfin lumsol ' || :n,
        '+33472112210', 'lumsol.example', :now, :now)",
    "INSERT INTO changes (id, record_kind, record_id, action, at, \"by\", fields) VALUES (:id2, 'LEAD', :id1, 'created', :now, :user,
        '[{\"field\": \"firstName\",\"before\": null,\"after\": \"Ada\"},{\"field\": \"lastName\",\"before\": null,\"after\": \"Corfinsen\"},
        {\"field\": \"jobTitle\",\"before\": null,\"after\": \"Head of purchasing\"},{\"field\": \"company\",\"before\": null,\"after\": \"Corfin Lumsol\"},
        {\"field\": \"email\",\"before\": null,\"after\": \"corfin1@lumsol.example\"},{\"field\": \"phone\",\"before\": null,\"after\": \"+33 4 72 11 22 10\"},
        {\"field\": \"status\",\"before\": null,\"after\": \"OPEN_NOT_CONTACTED\"},{\"field\": \"rating\",\"before\": null,\"after\": \"WARM\"},
        {\"field\": \"source\",\"before\": null,\"after\": \"lead_source_01m8125q2mep2sn0nbe6b4z5qx\"}]')",
    "INSERT INTO outbox (id, action, record_kind, record_id, at) VALUES (:id3, 'created', 'LEAD', :id1, :now)",
    "INSERT INTO search_words (word, record_id, record_kind) VALUES ('ada', :id1, 'LEAD'), ('corfinsen' || :n, :id1, 'LEAD'),
        ('corfin', :id1, 'LEAD'), ('lumsol', :id1, 'LEAD'), ('sarl', :id1, 'LEAD'), ('corfin' || :n, :id1, 'LEAD'),
        ('example', :id1, 'LEAD'), ('corfin' || :n || '@lumsol.example', :id1, 'LEAD'), ('33472112210', :id1, 'LEAD'),
        ('0472112210', :id1, 'LEAD'), ('112210', :id1, 'LEAD') ON CONFLICT DO NOTHING",
    "INSERT INTO searched_records (record_id, words) VALUES (:id1, ' 0472112210 112210 33472112210 ada corfin corfin' || :n || ' corfin' || :n
        || '@lumsol.example corfinsen' || :n || ' example lumsol sarl ') ON CONFLICT (record_id) DO UPDATE SET words = excluded.words",
    "INSERT INTO lead_status_changes (id, lead_id, at, \"by\", status) VALUES (:id4, :id1, :now, :user, 1)",
];

/// convertLead into new account, contact and opportunity.
pub const CONVERT: &[&str] = &[
    "SELECT * FROM leads WHERE id = :lead AND deleted_at IS NULL /*lock*/",
    "SELECT c.account_id, k.account_id FROM leads l LEFT JOIN lead_conversions c ON c.lead_id = l.id
        LEFT JOIN kept_leads k ON k.lead_id = l.id WHERE l.id = :lead",
    "SELECT u.active, w.* FROM users u, workspace w WHERE u.id = :user",
    "SELECT s.* FROM pipelines p JOIN stages s ON s.pipeline_id = p.id WHERE p.is_default AND s.category = 'OPEN' AND s.active
        ORDER BY s.position LIMIT 1",
    "SELECT * FROM leads WHERE id IN (SELECT id FROM leads WHERE deleted_at IS NULL AND email_key <> '' AND email_key = 'lead' || :n
        UNION SELECT id FROM leads WHERE deleted_at IS NULL AND phone_match <> '' AND phone_match = 'lead' || :n
        UNION SELECT id FROM leads WHERE deleted_at IS NULL AND company_match <> '' AND company_match = 'lead' || :n
        UNION SELECT id FROM leads WHERE deleted_at IS NULL AND web_domain <> '' AND web_domain = 'lead' || :n) ORDER BY id LIMIT 200",
    "SELECT * FROM contacts WHERE id IN (SELECT id FROM contacts WHERE deleted_at IS NULL AND email_key <> '' AND email_key = 'lead' || :n
        UNION SELECT id FROM contacts WHERE deleted_at IS NULL AND phone_match <> '' AND phone_match = 'lead' || :n) ORDER BY id LIMIT 200",
    "SELECT * FROM accounts WHERE id IN (SELECT id FROM accounts WHERE deleted_at IS NULL AND company_match <> '' AND company_match = 'lead' || :n
        UNION SELECT id FROM accounts WHERE deleted_at IS NULL AND web_domain <> '' AND web_domain = 'lead' || :n
        UNION SELECT id FROM accounts WHERE deleted_at IS NULL AND phone_match <> '' AND phone_match = 'lead' || :n) ORDER BY id LIMIT 200",
    "INSERT INTO accounts (id, version, name, kind, lifecycle, owner_id, name_key, company_match, web_domain, created_at, updated_at)
        VALUES (:id1, 1, 'Corfin ' || :n, 'BUSINESS', 'PROSPECT', :user, 'corfin ' || :n, 'corfin ' || :n, 'corfin' || :n || '.example',
            :now, :now)",
    "INSERT INTO contacts (id, version, account_id, first_name, last_name, email, owner_id, first_name_key, last_name_key, email_key,
            created_at, updated_at)
        VALUES (:id2, 1, :id1, 'Ada', 'Corfinsen' || :n, 'ada' || :n || '@lumsol.example', :user, 'ada', 'corfinsen' || :n,
            'ada' || :n || '@lumsol.example', :now, :now)",
    "INSERT INTO opportunities (id, version, name, account_id, primary_contact_id, owner_id, pipeline_id, stage_id, stage_entered_at,
            probability, probability_by_hand, close_date, is_closed, is_won, lead_id, name_key, created_at, updated_at)
        VALUES (:id3, 1, 'Corfin ' || :n || ' - December 2026', :id1, :id2, :user, :pipeline, :stage, :now, 10, FALSE, '2026-12-31', FALSE,
            FALSE, :lead, 'corfin ' || :n || ' - december 2026', :now, :now)",
    "INSERT INTO opportunity_changes (id, opportunity_id, at, \"by\", stage_id, probability, close_date, owner_id, deleted)
        VALUES (:id4, :id3, :now, :user, :stage, 10, '2026-12-31', :user, FALSE)",
    "INSERT INTO contact_roles (opportunity_id, contact_id, created_at) VALUES (:id3, :id2, :now)",
    "INSERT INTO changes (id, record_kind, record_id, action, at, \"by\", fields) VALUES
        (:id5, 'ACCOUNT', :id1, 'created', :now, :user, '[{\"field\": \"name\",\"before\": null,\"after\": \"Corfin 1\"},
            {\"field\": \"kind\",\"before\": null,\"after\": \"BUSINESS\"},{\"field\": \"lifecycle\",\"before\": null,\"after\": \"PROSPECT\"},
            {\"field\": \"owner\",\"before\": null,\"after\": \"user_01m8125q9refjv1p4yhtq5t922\"}]'),
        (:id6, 'CONTACT', :id2, 'created', :now, :user, '[{\"field\": \"account\",\"before\": null,\"after\": \"account_01m8125qagesnspd6byfcge4g3\"},
            {\"field\": \"firstName\",\"before\": null,\"after\": \"Ada\"},{\"field\": \"lastName\",\"before\": null,\"after\": \"Corfinsen\"},
            {\"field\": \"email\",\"before\": null,\"after\": \"ada1@lumsol.example\"},
            {\"field\": \"owner\",\"before\": null,\"after\": \"user_01m8125q9refjv1p4yhtq5t922\"}]'),
        (:id7, 'OPPORTUNITY', :id3, 'created', :now, :user, '[{\"field\": \"name\",\"before\": null,\"after\": \"Corfin 1 - December 2026\"},
            {\"field\": \"account\",\"before\": null,\"after\": \"account_01m8125qagesnspd6byfcge4g3\"},
            {\"field\": \"primaryContact\",\"before\": null,\"after\": \"contact_01m8125xcvefj8yr8wk18ezx83\"},
            {\"field\": \"stage\",\"before\": null,\"after\": \"stage_01m8125q2mep2sn0nbe6b4z5qx\"},
            {\"field\": \"probability\",\"before\": null,\"after\": 10},{\"field\": \"closeDate\",\"before\": null,\"after\": \"2026-12-31\"}]'),
        (:id8, 'LEAD', :lead, 'converted', :now, :user, '[{\"field\": \"status\",\"before\": \"QUALIFIED\",\"after\": \"CLOSED_CONVERTED\"}]')",
    "INSERT INTO outbox (id, action, record_kind, record_id, at) VALUES (:id9, 'created', 'ACCOUNT', :id1, :now),
        (:id10, 'created', 'CONTACT', :id2, :now), (:id11, 'created', 'OPPORTUNITY', :id3, :now), (:id12, 'converted', 'LEAD', :lead, :now)",
    "INSERT INTO search_words (word, record_id, record_kind) VALUES ('corfin', :id1, 'ACCOUNT'), ('corfin' || :n, :id1, 'ACCOUNT'),
        ('' || :n, :id1, 'ACCOUNT'), ('ada', :id2, 'CONTACT'), ('corfinsen' || :n, :id2, 'CONTACT'), ('ada' || :n, :id2, 'CONTACT'),
        ('lumsol', :id2, 'CONTACT'), ('example', :id2, 'CONTACT'), ('ada' || :n || '@lumsol.example', :id2, 'CONTACT'),
        ('corfin', :id3, 'OPPORTUNITY'), ('' || :n, :id3, 'OPPORTUNITY'), ('december', :id3, 'OPPORTUNITY'), ('2026', :id3, 'OPPORTUNITY')
        ON CONFLICT DO NOTHING",
    "INSERT INTO searched_records (record_id, words) VALUES (:id1, ' ' || :n || ' corfin corfin' || :n || ' '),
        (:id2, ' ada ada' || :n || ' ada' || :n || '@lumsol.example corfinsen' || :n || ' example lumsol '),
        (:id3, ' ' || :n || ' 2026 corfin december ') ON CONFLICT (record_id) DO UPDATE SET words = excluded.words",
    "INSERT INTO activity_subjects (activity_id, record_id, record_kind, carried_from, due_order)
        SELECT s.activity_id, r.id, r.kind, s.record_id, s.due_order FROM activity_subjects s, (SELECT :id1 AS id, 'ACCOUNT' AS kind
            UNION ALL SELECT :id2, 'CONTACT' UNION ALL SELECT :id3, 'OPPORTUNITY') r WHERE s.record_id = :lead ON CONFLICT DO NOTHING",
    "UPDATE buying_signals SET opportunity_id = :id3 WHERE lead_id = :lead",
    "SELECT * FROM campaign_members WHERE lead_id = :lead ORDER BY id",
    "INSERT INTO lead_conversions (lead_id, account_id, contact_id, opportunity_id, converted_at, converted_by, status_before, ledger)
        VALUES (:lead, :id1, :id2, :id3, :now, :user, 3, '{}')",
    "UPDATE leads SET version = version + 1, status = 4, statuses_reached = statuses_reached | 8, updated_at = :now WHERE id = :lead",
    "INSERT INTO lead_status_changes (id, lead_id, at, \"by\", from_status, status) VALUES (:id13, :lead, :now, :user, 3, 4)",
];

/// moveOpportunity to the next stage.
pub const MOVE: &[&str] = &[
    "SELECT * FROM opportunities WHERE id = :opportunity AND deleted_at IS NULL /*lock*/",
    "SELECT s.*, p.active FROM stages s JOIN pipelines p ON p.id = s.pipeline_id WHERE s.id = :stage",
    "UPDATE opportunities SET version = version + 1, stage_id = :stage, stage_entered_at = :now, updated_at = :now WHERE id = :opportunity",
    "INSERT INTO changes (id, record_kind, record_id, action, at, \"by\", fields) VALUES (:id1, 'OPPORTUNITY', :opportunity, 'moved', :now,
        :user, '[{\"field\": \"stage\",\"before\": \"stage_01m8125q2mep2sn0nbe93dggm0\",\"after\": \"stage_01m8125q2mep2sn0nbe6b4z5qx\"},
        {\"field\": \"probability\",\"before\": 10,\"after\": 20}]')",
    "INSERT INTO outbox (id, action, record_kind, record_id, at) VALUES (:id2, 'moved', 'OPPORTUNITY', :opportunity, :now)",
    "UPDATE opportunity_changes SET until = :now WHERE opportunity_id = :opportunity AND until IS NULL",
    "INSERT INTO opportunity_changes (id, opportunity_id, at, \"by\", stage_id, probability, close_date, owner_id, deleted, from_stage_id,
            from_probability, from_close_date, from_owner_id, seconds_in_previous)
        VALUES (:id3, :opportunity, :now, :user, :stage, 20, '2026-12-31', :user, FALSE, :stage, 10, '2026-12-31', :user, 60)",
];

/// A statement whose values are replaced by what the function makes of their names.
pub fn with_values(sql: &str, mut value: impl FnMut(&str) -> String) -> String {
    let mut written = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(at) = rest.find([':', '\'']) {
        let (before, found) = rest.split_at(at);
        written.push_str(before);
        let length = match found.strip_prefix('\'') {
            // A text: whatever stands in it is no value.
            Some(text) => text.find('\'').map_or(found.len(), |end| end + 2),
            None => found[1..].find(|letter: char| !letter.is_ascii_alphanumeric()).map_or(found.len(), |end| end + 1),
        };
        match found[..length].strip_prefix(':') {
            Some(name) => written.push_str(&value(name)),
            None => written.push_str(&found[..length]),
        }
        rest = &found[length..];
    }
    written.push_str(rest);
    written
}
