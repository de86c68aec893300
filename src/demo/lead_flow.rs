//! How leads come in and who gets them: a form on the website, and a draft of assignment rules to try before they are switched on.

use serde_json::json;

use super::{Demo, text};
use crate::error::Result;

impl Demo {
    /// Creates the form and the draft.
    pub(super) async fn direct_leads(&self) -> Result<()> {
        let form = json!({ "input": {
            "name": "Contact us", "sourceId": self.id("source", "Web form")?,
            "redirectUrl": "https://www.leadgraph.example/thanks",
        } });
        let query = "mutation($input: CreateIntakeFormInput!) { createIntakeForm(input: $input) { userErrors { message } } }";
        self.run("", query, form).await?;
        let teams = self.run("", "{ teams { id name } }", json!({})).await?;
        let europe = teams["teams"].as_array().into_iter().flatten().find(|team| team["name"] == "Europe");
        let team = europe.map(|team| text(&team["id"]));
        let draft = json!({ "input": { "name": "Nordic leads first", "rules": [
            { "name": "Nordic countries", "countries": ["DK", "FI", "IS", "NO", "SE"], "target": "TEAM", "teamId": team },
            { "name": "Large companies", "employeesFrom": 250, "target": "TEAM", "teamId": team },
            { "name": "All others", "target": "POOL" },
        ] } });
        let query = "mutation($input: CreateAssignmentRuleSetInput!) { createAssignmentRuleSet(input: $input) { userErrors { message } } }";
        self.run("", query, draft).await.map(drop)
    }
}
