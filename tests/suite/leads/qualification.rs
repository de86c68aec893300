//! Assessing, scoring, buying signals, qualifying, disqualifying, reopening.

use serde_json::{Value, json};

use super::{at, qualified};
use crate::harness::TestServer;

#[tokio::test]
async fn an_assessment_changes_what_it_names() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let id = server.new_lead(&rep, json!({ "company": "Acme" })).await;
    let fresh = server.lead(&rep, &id).await["qualification"].clone();
    assert_eq!(fresh["missing"], json!(["NEED", "BUDGET", "TIMELINE"]));
    for (name, field) in [("NEED", "need"), ("BUDGET", "budget"), ("TIMELINE", "timeline"), ("AUTHORITY", "authority")] {
        assert_eq!(fresh[field], json!({ "name": name, "state": "UNKNOWN", "note": null }));
    }
    let assessed = server
        .call(
            &rep,
            "assessLead",
            json!({
                "id": id, "need": { "state": "MET", "note": " Two lines down " }, "authority": { "state": "NOT_MET" },
                "budgetAmount": { "amount": "1234.5", "currency": "NOK" }, "expectedPurchaseDate": "2026-06-30",
            }),
        )
        .await;
    let known = assessed.lead()["qualification"].clone();
    assert_eq!(known["need"], json!({ "name": "NEED", "state": "MET", "note": "Two lines down" }));
    assert_eq!(known["authority"]["state"], "NOT_MET");
    assert_eq!(known["budgetAmount"], json!({ "amount": "1234.50", "currency": "NOK" }));
    assert_eq!(known["expectedPurchaseDate"], "2026-06-30");
    assert_eq!(known["missing"], json!(["BUDGET", "TIMELINE"]));
    assert_eq!(assessed.lead()["status"], "OPEN_NOT_CONTACTED", "an assessment moves nothing");

    let more = json!({ "id": id, "budget": { "state": "MET" }, "timeline": { "state": "MET" } });
    let more = server.call(&rep, "assessLead", more).await;
    for kept in ["need", "authority", "budgetAmount", "expectedPurchaseDate"] {
        assert_eq!(more.lead()["qualification"][kept], known[kept], "{kept}");
    }
    assert_eq!(more.lead()["qualification"]["missing"], json!([]));
    let cleared =
        json!({ "id": id, "need": null, "budgetAmount": null, "expectedPurchaseDate": null, "timeline": { "state": "MET" } });
    let cleared = server.call(&rep, "assessLead", cleared).await;
    let facts = &cleared.lead()["qualification"];
    assert_eq!(facts["need"], json!({ "name": "NEED", "state": "UNKNOWN", "note": null }));
    assert_eq!((&facts["budgetAmount"], &facts["expectedPurchaseDate"]), (&Value::Null, &Value::Null));
    let version = cleared.lead()["version"].clone();
    let nothing = server.call(&rep, "assessLead", json!({ "id": id })).await;
    assert_eq!(nothing.lead()["version"], version);
}

#[tokio::test]
async fn a_score_explains_itself() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let states = ["UNKNOWN", "MET", "NOT_MET"];
    let mut seen = std::collections::BTreeSet::new();
    for index in 0..81 {
        let [need, budget, timeline, authority] = [1, 3, 9, 27].map(|step| json!({ "state": states[index / step % 3] }));
        let rating = [json!(null), json!("HOT"), json!("WARM"), json!("COLD")][index % 4].clone();
        let email = if index % 2 == 0 { json!("ada@example.com") } else { json!(null) };
        let id = server.new_lead(&rep, json!({ "company": "Acme", "rating": rating, "email": email })).await;
        let input = json!({ "id": id, "need": need, "budget": budget, "timeline": timeline, "authority": authority });
        server.call(&rep, "assessLead", input).await.done();
        for kind in ["EXPRESSED_INTEREST", "MEETING_AGREED", "PRICING_AGREED"].into_iter().take(index % 4) {
            server.call(&rep, "recordBuyingSignal", json!({ "id": id, "kind": kind })).await.done();
        }
        let score = server.lead(&rep, &id).await["qualification"]["score"].clone();
        let factors = score["factors"].as_array().unwrap();
        let sum: i64 = factors.iter().map(|factor| factor["points"].as_i64().unwrap()).sum();
        assert_eq!(score["value"], json!(sum.clamp(0, 100)), "{score}");
        assert!(factors.iter().all(|factor| factor["points"] != 0 && factor["label"] != ""), "{score}");
        let mut labels: Vec<&str> = factors.iter().map(|factor| factor["label"].as_str().unwrap()).collect();
        labels.sort_unstable();
        labels.dedup();
        assert_eq!(labels.len(), factors.len(), "each reason once: {score}");
        seen.insert(score["value"].as_i64().unwrap());
    }
    assert!(seen.contains(&0) && seen.len() > 10, "the scores tell leads apart: {seen:?}");
}

#[tokio::test]
async fn everything_good_is_the_best_score_and_seen_twice_counts_once() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let id = server.new_lead(&rep, json!({ "company": "Acme", "email": "ada@example.com", "rating": "HOT" })).await;
    let mut everything = qualified(&id);
    everything["authority"] = json!({ "state": "MET" });
    server.call(&rep, "assessLead", everything).await.done();
    for kind in ["EXPRESSED_INTEREST", "MEETING_AGREED", "PRICING_AGREED"] {
        server.call(&rep, "recordBuyingSignal", json!({ "id": id, "kind": kind })).await.done();
    }
    let best = server.lead(&rep, &id).await["qualification"]["score"].clone();
    assert_eq!(best["value"], 100);
    server.call(&rep, "recordBuyingSignal", json!({ "id": id, "kind": "PRICING_AGREED" })).await.done();
    assert_eq!(server.lead(&rep, &id).await["qualification"]["score"], best);
}

#[tokio::test]
async fn buying_signals_come_newest_first() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let id = server.new_lead(&rep, json!({ "company": "Acme" })).await;
    for (kind, day, note) in [
        ("MEETING_AGREED", Some("2026-02-10"), Some(" On site ")),
        ("EXPRESSED_INTEREST", Some("2026-01-05"), None),
        ("PRICING_AGREED", None, None),
        ("EXPRESSED_INTEREST", Some("2026-02-10"), None),
    ] {
        let mut input = json!({ "id": id, "kind": kind, "note": note });
        if let Some(day) = day {
            input["observedOn"] = json!(day);
        }
        server.call(&rep, "recordBuyingSignal", input).await.done();
    }
    let expected = json!([
        { "kind": "PRICING_AGREED", "observedOn": "2026-03-02", "note": null },
        { "kind": "EXPRESSED_INTEREST", "observedOn": "2026-02-10", "note": null },
        { "kind": "MEETING_AGREED", "observedOn": "2026-02-10", "note": "On site" },
        { "kind": "EXPRESSED_INTEREST", "observedOn": "2026-01-05", "note": null },
    ]);
    assert_eq!(server.lead(&rep, &id).await["buyingSignals"], expected);
    for (input, code, field) in [
        (json!({ "id": id, "kind": "MEETING_AGREED", "observedOn": "2026-03-03" }), "OUT_OF_RANGE", "observedOn"),
        (json!({ "id": id, "kind": "MEETING_AGREED", "observedOn": "0001-01-01" }), "OUT_OF_RANGE", "observedOn"),
        (json!({ "id": id, "kind": "MEETING_AGREED", "note": "x".repeat(256) }), "TOO_LONG", "note"),
    ] {
        assert_eq!(server.call(&rep, "recordBuyingSignal", input).await.refusals(), at(code, field));
    }
}

#[tokio::test]
async fn qualifying_needs_need_budget_and_timeline() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let criteria = ["need", "budget", "timeline"];
    for met in 0..8 {
        let id = server.new_lead(&rep, json!({ "company": "Acme" })).await;
        let mut input = json!({ "id": id, "authority": { "state": "NOT_MET" } });
        let mut missing = Vec::new();
        for (index, name) in criteria.into_iter().enumerate() {
            if met & (1 << index) != 0 {
                input[name] = json!({ "state": "MET" });
            } else {
                input[name] = json!({ "state": if index == 0 { "NOT_MET" } else { "UNKNOWN" } });
                missing.push(name.to_uppercase());
            }
        }
        let before = server.lead(&rep, &id).await;
        let answered = server.call(&rep, "qualifyLead", input).await;
        if missing.is_empty() {
            let lead = answered.lead();
            assert_eq!(lead["status"], "QUALIFIED");
            let facts = &lead["qualification"];
            assert_eq!(facts["qualifiedAt"], "2026-03-02T09:00:00.000Z");
            assert_eq!(facts["qualifiedBy"]["id"], json!(rep.id.to_string()));
            assert_eq!((&facts["overrideReason"], &facts["authority"]["state"]), (&Value::Null, &json!("NOT_MET")));
        } else {
            assert_eq!(answered.verdict(), "NOT_QUALIFIED");
            assert_eq!(answered.details()["missing"], json!(missing));
            assert_eq!(server.lead(&rep, &id).await, before, "not even the assessment is kept");
        }
    }
    let id = server.new_lead(&rep, json!({ "company": "Acme" })).await;
    server.call(&rep, "assessLead", qualified(&id)).await.done();
    let by_earlier_assessment = server.call(&rep, "qualifyLead", json!({ "id": id })).await;
    assert_eq!(by_earlier_assessment.lead()["status"], "QUALIFIED");
}

#[tokio::test]
async fn a_manager_overrides_with_a_reason() {
    let server = TestServer::start().await;
    let (rep, manager) = (server.rep().await, server.manager().await);
    let id = server.new_lead(&rep, json!({ "company": "Acme" })).await;
    let input = json!({ "id": id, "overrideReason": " The board knows them " });
    assert_eq!(server.call(&rep, "qualifyLead", input.clone()).await.verdict(), "FORBIDDEN");
    for blank in [json!(null), json!("  ")] {
        let refused = server.call(&manager, "qualifyLead", json!({ "id": id, "overrideReason": blank })).await;
        assert_eq!(refused.verdict(), "NOT_QUALIFIED", "a reason that says nothing is none");
    }
    let long = json!({ "id": id, "overrideReason": "x".repeat(256) });
    assert_eq!(server.call(&manager, "qualifyLead", long).await.refusals(), at("TOO_LONG", "overrideReason"));
    let done = server.call(&manager, "qualifyLead", input).await;
    let facts = &done.lead()["qualification"];
    assert_eq!((&done.lead()["status"], &facts["overrideReason"]), (&json!("QUALIFIED"), &json!("The board knows them")));
    assert_eq!(facts["missing"], json!(["NEED", "BUDGET", "TIMELINE"]), "what is missing stays visible");

    // Back to work: the qualification is over, and its reason with it.
    let back = server.call(&rep, "setLeadStatus", json!({ "id": id, "status": "WORKING_CONTACTED" })).await;
    let facts = &back.lead()["qualification"];
    assert_eq!([&facts["qualifiedAt"], &facts["qualifiedBy"], &facts["overrideReason"]], [&Value::Null; 3]);

    // Where nothing is missing there is nothing to override, so anybody may say why all the same.
    let mut met = qualified(&id);
    met["overrideReason"] = json!("Just in case");
    let done = server.call(&rep, "qualifyLead", met).await;
    assert_eq!(done.lead()["qualification"]["overrideReason"], Value::Null);
}

#[tokio::test]
async fn disqualifying_keeps_the_reason_and_reopening_its_history() {
    let server = TestServer::start().await;
    let rep = server.rep().await;
    let reason = server.reason("Chose a competitor").await;
    let id = server.new_lead(&rep, json!({ "company": "Acme" })).await;
    for (wrong, code) in [
        (server.nothing::<entity::disqualification_reason::Entity>(), "NOT_FOUND"),
        (super::as_kind::<entity::lead_source::Entity>(&id), "INVALID"),
    ] {
        let refused = server.call(&rep, "disqualifyLead", json!({ "id": id, "reasonId": wrong })).await;
        assert_eq!(refused.refusals(), at(code, "reasonId"));
    }
    let input = json!({ "id": id, "reasonId": reason, "note": "Cheaper\nby half" });
    let closed = server.call(&rep, "disqualifyLead", input).await;
    assert_eq!(closed.lead()["status"], "CLOSED_NOT_CONVERTED");
    let expected = json!({
        "reason": { "id": reason, "name": "Chose a competitor" }, "note": "Cheaper\nby half",
        "at": "2026-03-02T09:00:00.000Z", "by": { "id": rep.id.to_string() },
    });
    assert_eq!(closed.lead()["disqualification"], expected);
    let claimed = server.call(&rep, "claimLead", json!({ "id": id })).await;
    assert_eq!(claimed.lead()["disqualification"], expected, "a closed lead can still be worked on");
    let reopened = server.call(&rep, "reopenLead", json!({ "id": id })).await;
    assert_eq!((&reopened.lead()["status"], &reopened.lead()["disqualification"]), (&json!("WORKING_CONTACTED"), &Value::Null));
    let history = server.history(&rep, &id).await;
    let actions: Vec<_> = history.iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["created", "disqualified", "claimed", "reopened"]);
    let kept = history[3]["fields"].as_array().unwrap().iter().find(|field| field["field"] == "disqualification").unwrap();
    assert_eq!((&kept["before"]["note"], &kept["before"]["reason"]), (&json!("Cheaper\nby half"), &json!(reason)));
}
