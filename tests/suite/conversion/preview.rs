//! Looking at a conversion beforehand.

use serde_json::{Value, json};

use super::{World, field, field_names};

#[tokio::test]
async fn a_preview_says_what_would_be_created() {
    let world = World::start().await;
    let lead = world.full_lead().await;
    let lead_row = world.read(&lead).await;
    let before = world.dump().await;
    // Whoever reads may look; whether they may convert is another question.
    let preview = world.preview(&world.viewer, json!({ "leadId": lead, "ownerId": world.rep.id.to_string() })).await;
    before.assert_same(&world.dump().await, "a preview");
    assert_eq!((&preview["userErrors"], &preview["activitiesCarriedOver"]), (&json!([]), &json!(2)));
    for kind in ["account", "contact", "opportunity"] {
        assert_eq!((&preview[kind]["action"], &preview[kind]["existing"]), (&json!("CREATE"), &Value::Null), "{kind}");
        assert_eq!(preview[kind]["duplicates"], json!([]));
        assert_eq!(field(&preview[kind], "owner").unwrap(), (&Value::Null, &json!(world.rep.id.to_string())));
    }
    assert_eq!(field_names(&preview["account"]), ["name", "kind", "lifecycle", "website", "phone", "address", "owner"]);
    assert_eq!(field(&preview["account"], "website").unwrap().1, &lead_row["website"]);
    assert_eq!(field(&preview["contact"], "source").unwrap().1, &lead_row["source"]["id"]);
    assert_eq!(field(&preview["contact"], "account"), None, "there is no account to refer to yet");
    assert_eq!(field(&preview["opportunity"], "name").unwrap().1, "Hải Âu JSC - June 2026");
    assert_eq!(field(&preview["opportunity"], "closeDate").unwrap().1, "2026-06-30");
    assert_eq!(field(&preview["opportunity"], "lead").unwrap().1, &json!(lead));
    let none = world.preview(&world.manager, json!({ "leadId": lead, "withoutOpportunity": true })).await;
    assert_eq!(none["opportunity"], json!({ "action": "SKIP", "existing": null, "fields": [], "duplicates": [] }));
}

#[tokio::test]
async fn a_preview_says_what_would_be_filled() {
    let world = World::start().await;
    let lead = world.full_lead().await;
    let account = world
        .make("createAccount", json!({ "name": "Hai Au", "phone": "+47 99 99 99 99", "website": "https://a.example" }))
        .await;
    let sale = world.opportunity("Crane", &account).await;
    let contact = world.contact("An", Some(&account)).await;
    let input = json!({ "leadId": lead, "contactId": contact, "opportunity": { "id": sale } });
    let preview = world.preview(&world.manager, input).await;
    for (kind, id) in [("account", &account), ("contact", &contact), ("opportunity", &sale)] {
        assert_eq!((&preview[kind]["action"], &preview[kind]["existing"]["id"]), (&json!("USE_EXISTING"), &json!(id)), "{kind}");
    }
    assert_eq!(field_names(&preview["account"]), ["address"]);
    let expected = ["jobTitle", "email", "phone", "address", "description", "source", "campaign"];
    assert_eq!(field_names(&preview["contact"]), expected);
    let expected = ["primaryContact", "source", "campaign", "lead", "description", "qualification", "contactRoles"];
    assert_eq!(field_names(&preview["opportunity"]), expected);
    assert_eq!(
        field(&preview["opportunity"], "contactRoles").unwrap(),
        (&Value::Null, &json!({ "contact": contact, "role": "CHAMPION" }))
    );
    let input = json!({ "leadId": lead, "opportunity": { "id": sale } });
    let preview = world.preview(&world.manager, input).await;
    assert_eq!(preview["contact"]["action"], "CREATE");
    assert_eq!(field(&preview["contact"], "account").unwrap().1, &json!(account));
    assert_eq!(field(&preview["opportunity"], "primaryContact"), None, "there is no contact to refer to yet");
    assert_eq!(field(&preview["opportunity"], "contactRoles").unwrap().1, &json!({ "role": "CHAMPION" }));
}

#[tokio::test]
async fn a_preview_names_duplicates_with_scores_and_reasons() {
    let world = World::start().await;
    let lead = world.full_lead().await;
    let same = world.account("HAI AU JSC").await;
    let near = world.make("createAccount", json!({ "name": "Elsewhere", "website": "https://www.haiau.example/vn" })).await;
    let person = world.make("createContact", json!({ "lastName": "An", "email": "an@HAIAU.example" })).await;
    let phone = world.make("createContact", json!({ "lastName": "Binh", "phone": "+84 24 38250001" })).await;
    world.account("Unlike").await;
    let preview = world.preview(&world.manager, json!({ "leadId": lead })).await;
    let found = |kind: &str| -> Vec<(String, i64)> {
        let matches = preview[kind]["duplicates"].as_array().unwrap().iter();
        matches.map(|one| (one["record"]["id"].as_str().unwrap().to_owned(), one["score"].as_i64().unwrap())).collect()
    };
    assert_eq!(found("account"), [(same, 90), (near, 80)]);
    assert_eq!(found("contact"), [(person, 95), (phone, 75)]);
    assert_eq!(preview["contact"]["duplicates"][0]["reasons"], json!(["same e-mail address"]));
    assert_eq!(preview["userErrors"], json!([]));
}
