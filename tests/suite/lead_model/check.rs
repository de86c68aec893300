//! Whether the server's leads are what the model says, and what `domain.md` says of all leads.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::World;
use super::model::{Model, may_move};
use super::step::{Action, Step};

type Check = Result<(), String>;

fn same(what: &str, is: &Value, wanted: &Value) -> Check {
    if is == wanted { Ok(()) } else { Err(format!("{what} is {is}, not {wanted}")) }
}

/// What a step was answered: the lead's version and status.
pub fn answer(model: &Model, step: &Step, payload: &Value) -> Check {
    if payload["lead"].is_null() {
        return Ok(());
    }
    let lead = match step.action {
        Action::Create { .. } => model.leads.last(),
        _ => model.lead(step.lead),
    };
    let lead = lead.ok_or("no lead")?;
    same("the id", &payload["lead"]["id"], &json!(lead.id))?;
    same("the version", &payload["lead"]["version"], &json!(lead.version))?;
    same("the status", &payload["lead"]["status"], &json!(lead.status()))
}

const EVERYTHING: &str = "fragment All on Lead {
    ...LeadFields
    history(first: 200) { nodes { action fields { field before after } } }
    activities { totalCount nodes { id } }
    became: conversion {
        account { activities(first: 200) { nodes { id } } }
        contact { activities(first: 200) { nodes { id } } }
        opportunity { activities(first: 200) { nodes { id } } }
    }
}";

/// Reads all leads of a sequence and compares them with the model. Deleted ones are restored first: nothing of them may be lost.
pub async fn everything(world: &World, model: &mut Model) -> Check {
    for lead in model.leads.iter_mut().filter(|lead| lead.deleted) {
        let hidden = world.server.graphql(&world.viewer, "query($id: ID!) { lead(id: $id) { id } }", json!({ "id": lead.id })).await;
        same("a deleted lead", &hidden.json["data"]["lead"], &Value::Null)?;
        let document = super::document("restoreLead");
        let restored = world.server.graphql(&world.manager, &document, json!({ "input": { "id": lead.id } })).await;
        lead.deleted = false;
        lead.version += 1;
        same("a restored lead", &restored.json["data"]["it"]["lead"]["version"], &json!(lead.version))?;
    }
    let aliases: Vec<String> =
        model.leads.iter().enumerate().map(|(index, lead)| format!("l{index}: lead(id: \"{}\") {{ ...All }}", lead.id)).collect();
    let query = format!("{{ {} }} {EVERYTHING} {}", aliases.join(" "), crate::leads::LEAD);
    let answer = world.server.graphql(&world.viewer, &query, json!({})).await;
    if answer.json.get("errors").is_some() {
        return Err(answer.text);
    }
    for index in 0..model.leads.len() {
        let seen = &answer.json["data"][format!("l{index}")];
        lead(model, index, seen).map_err(|error| format!("lead {index}: {error}\n{seen:#}\n{model:#?}"))?;
    }
    Ok(())
}

fn lead(model: &Model, index: usize, seen: &Value) -> Check {
    let lead = &model.leads[index];
    same("the version", &seen["version"], &json!(lead.version))?;
    let fields: BTreeMap<String, Value> = lead.fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    same("what it is", &json!(observed(seen)), &json!(fields))?;
    same("the time of its last activity", &seen["lastActivityAt"], &json!(model.last_activity(index)))?;
    let mut signals = lead.signals.clone();
    // Newest first, and of the same day the last that was noted.
    signals.reverse();
    signals.sort_by(|one, two| two["observedOn"].as_str().cmp(&one["observedOn"].as_str()));
    same("its buying signals", &seen["buyingSignals"], &json!(signals))?;
    same("what it became", &became(seen), &model.became(index))?;
    no_illegal_state(seen)?;
    no_lost_activity(model, index, seen)?;
    complete_history(model, index, seen)
}

/// A lead as the API shows it, under the names of the history.
fn observed(seen: &Value) -> BTreeMap<String, Value> {
    let facts = &seen["qualification"];
    let mut fields = BTreeMap::new();
    for name in ["firstName", "lastName", "jobTitle", "company", "email", "phone", "website", "address", "description"] {
        fields.insert(name.to_owned(), seen[name].clone());
    }
    for name in ["status", "rating", "buyingRole"] {
        fields.insert(name.to_owned(), seen[name].clone());
    }
    for name in ["source", "campaign", "owner"] {
        fields.insert(name.to_owned(), seen[name]["id"].clone());
    }
    for name in super::step::CRITERIA {
        let (state, note) = (&facts[name]["state"], &facts[name]["note"]);
        let known = state != "UNKNOWN" || !note.is_null();
        fields.insert(name.to_owned(), if known { json!({ "state": state, "note": note }) } else { Value::Null });
    }
    for name in ["budgetAmount", "expectedPurchaseDate", "qualifiedAt", "overrideReason"] {
        fields.insert(name.to_owned(), facts[name].clone());
    }
    fields.insert("qualifiedBy".to_owned(), facts["qualifiedBy"]["id"].clone());
    let closed = &seen["disqualification"];
    if !closed.is_null() {
        let entry = json!({ "reason": closed["reason"]["id"], "note": closed["note"], "at": closed["at"], "by": closed["by"]["id"] });
        fields.insert("disqualification".to_owned(), entry);
    }
    fields.retain(|_, value| !value.is_null());
    fields
}

fn became(seen: &Value) -> Value {
    let made = &seen["conversion"];
    if made.is_null() {
        return Value::Null;
    }
    json!({ "account": made["account"]["id"], "contact": made["contact"]["id"], "opportunity": made["opportunity"]["id"] })
}

/// What belongs to a status is there in that status, and only there.
fn no_illegal_state(seen: &Value) -> Check {
    let status = seen["status"].as_str().unwrap_or_default();
    let facts = &seen["qualification"];
    let there = |value: &Value| !value.is_null();
    let open = matches!(status, "OPEN_NOT_CONTACTED" | "WORKING_CONTACTED");
    let rules = [
        (there(&seen["disqualification"]) == (status == "CLOSED_NOT_CONVERTED"), "disqualified where it is closed"),
        (there(&seen["conversion"]) == (status == "CLOSED_CONVERTED"), "converted where it is converted"),
        (status != "QUALIFIED" || there(&facts["qualifiedAt"]) && there(&facts["qualifiedBy"]), "qualified by somebody"),
        (!open || !there(&facts["qualifiedAt"]) && !there(&facts["overrideReason"]), "not qualified while it is open"),
        (status != "QUALIFIED" || there(&facts["overrideReason"]) || qualifies(seen), "qualified for a reason"),
        (there(&seen["lastName"]) || there(&seen["company"]), "named"),
    ];
    rules.iter().find(|(holds, _)| !holds).map_or(Ok(()), |(_, rule)| Err(format!("the lead isn't {rule}")))
}

/// The criteria may have been assessed anew since; then the history tells that they were met.
fn qualifies(seen: &Value) -> bool {
    let assessed_since = |entry: &&Value| entry["action"] == "assessed" || entry["action"] == "qualified";
    let latest = seen["history"]["nodes"].as_array().and_then(|entries| entries.iter().find(assessed_since));
    seen["qualification"]["missing"] == json!([]) || latest.is_some_and(|entry| entry["action"] == "assessed")
}

/// Every activity is on its lead, and on all that the lead became.
fn no_lost_activity(model: &Model, index: usize, seen: &Value) -> Check {
    let ids = |nodes: &Value| -> Vec<String> {
        nodes["nodes"].as_array().into_iter().flatten().filter_map(|node| node["id"].as_str()).map(str::to_owned).collect()
    };
    let mut wanted: Vec<String> = model.activities_of(index).map(|activity| activity.id.clone()).collect();
    let mut found = ids(&seen["activities"]);
    wanted.sort();
    found.sort();
    same("its activities", &json!(found), &json!(wanted))?;
    same("their number", &seen["activities"]["totalCount"], &json!(wanted.len()))?;
    for kind in ["account", "contact", "opportunity"] {
        let record = &seen["became"][kind];
        let there = ids(&record["activities"]);
        if let Some(lost) = wanted.iter().find(|id| !record.is_null() && !there.contains(id)) {
            return Err(format!("{lost} is not on the {kind} that the lead became"));
        }
    }
    Ok(())
}

/// The history, played from its beginning, gives the lead as it is; each entry starts from what the one before it left.
fn complete_history(model: &Model, index: usize, seen: &Value) -> Check {
    let mut entries = seen["history"]["nodes"].as_array().cloned().unwrap_or_default();
    entries.reverse();
    let lead = &model.leads[index];
    same("the number of its changes", &json!(entries.len()), &json!(lead.version))?;
    let mut fields: BTreeMap<String, Value> = BTreeMap::new();
    let mut signals = Vec::new();
    for entry in &entries {
        for change in entry["fields"].as_array().into_iter().flatten() {
            let (field, before, after) = (change["field"].as_str().unwrap_or_default(), &change["before"], &change["after"]);
            if field == "buyingSignals" {
                signals.push(after.clone());
                continue;
            }
            same(&format!("{field} before {entry}"), before, fields.get(field).unwrap_or(&Value::Null))?;
            if before == after {
                return Err(format!("{field} didn't change in {entry}"));
            }
            if field == "status" && !before.is_null() && !may_move(&text(before), &text(after)) {
                return Err(format!("there is no move as in {entry}"));
            }
            fields.insert(field.to_owned(), after.clone());
        }
    }
    fields.retain(|_, value| !value.is_null());
    let conversion = fields.remove("conversion").unwrap_or_default();
    same("what the history says that it became", &conversion, &model.became(index))?;
    same("what the history says that it is", &json!(fields), &json!(observed(seen)))?;
    same("the signals of the history", &json!(signals), &json!(lead.signals))?;
    let count = |action: &str| entries.iter().filter(|entry| entry["action"] == action).count();
    same("how often it was converted", &json!(count("converted")), &json!(lead.conversions))?;
    same("how often that was undone", &json!(count("conversion_reverted")), &json!(lead.reversions))?;
    if count("converted") - count("conversion_reverted") > 1 { Err("it was converted twice".to_owned()) } else { Ok(()) }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
