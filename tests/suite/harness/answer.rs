//! An answer, and what tests want to know about it.

use reqwest::header::HeaderMap;
use reqwest::{RequestBuilder, StatusCode};
use serde_json::Value;

/// An answer of the server.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
    /// The body, if it is JSON; otherwise null.
    pub json: Value,
}

/// Sends a request and reads the answer to its end.
pub async fn answer_of(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let text = response.text().await.unwrap();
    let json = serde_json::from_str(&text).unwrap_or_default();
    Answer { status, headers, text, json }
}

impl Answer {
    /// The data at this path, as `/lead/name`. Fails where the answer has errors.
    #[track_caller]
    pub fn data(&self, path: &str) -> &Value {
        assert!(self.json.get("errors").is_none(), "unexpected errors: {}", self.text);
        self.json["data"].pointer(path).unwrap_or_else(|| panic!("nothing at {path} in {}", self.text))
    }

    /// The data at this path as text.
    #[track_caller]
    pub fn text_at(&self, path: &str) -> String {
        self.data(path).as_str().unwrap_or_else(|| panic!("no text at {path} in {}", self.text)).to_owned()
    }

    /// The payload of a mutation that was carried out. Fails where it was refused.
    #[track_caller]
    pub fn payload(&self, mutation: &str) -> &Value {
        let payload = self.data(&format!("/{mutation}"));
        assert_eq!(payload["userErrors"], Value::Array(Vec::new()), "refused: {}", self.text);
        payload
    }

    /// The codes and paths of what stood in the way of a mutation, as `REQUIRED input.lastName`.
    #[track_caller]
    pub fn refusals(&self, mutation: &str) -> Vec<String> {
        let problems = self.data(&format!("/{mutation}/userErrors")).as_array().unwrap();
        let refusal = |problem: &Value| {
            let path: Vec<_> = problem["field"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            format!("{} {}", problem["code"].as_str().unwrap(), path.join(".")).trim_end().to_owned()
        };
        problems.iter().map(refusal).collect()
    }

    /// The codes of the errors.
    pub fn codes(&self) -> Vec<&str> {
        let errors = self.json["errors"].as_array();
        errors.into_iter().flatten().map(|error| error["extensions"]["code"].as_str().unwrap_or("(none)")).collect()
    }

    /// The message of the first error.
    #[track_caller]
    pub fn message(&self) -> &str {
        self.json["errors"][0]["message"].as_str().unwrap_or_else(|| panic!("no error in {}", self.text))
    }

    /// A header of the answer.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}
