//! The playground: the page that `build.rs` put together, served from the binary itself, so that it works without internet.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use actix_web::web::{Data, Path, ServiceConfig, resource};
use actix_web::{HttpResponse, Responder};
use rust_embed::RustEmbed;
use serde::Serialize;

/// GraphiQL's editor makes its own style elements and starts workers; apart from that, nothing but what comes from here
/// runs or is asked, and nobody may put the page into a frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
    font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

/// What the page is told about this server, at `/playground/config.json`.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlaygroundConfig {
    /// The sign-in that the form is filled in with. `None` unless the server runs on demo data: anybody can read it.
    pub demo_sign_in: Option<DemoSignIn>,
}

/// The sign-in of the demo data.
#[derive(Debug, Clone, Serialize)]
pub struct DemoSignIn {
    /// The e-mail address of the demo user.
    pub email: String,
    /// Their password, in the clear.
    pub password: String,
}

#[derive(RustEmbed)]
#[folder = "$OUT_DIR/playground"]
struct Assets;

/// Serves the page at `/` and its parts below `/playground/`. Needs a `Data<PlaygroundConfig>` in the application.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(resource("/").get(index).head(index))
        .service(resource("/playground/config.json").get(settings))
        .service(resource("/playground/{path:.*}").get(part).head(part));
}

/// Says at `/` that there is no page: it would send documents that aren't carried out.
pub fn configure_absent(config: &mut ServiceConfig) {
    config.service(resource("/").to(absent));
}

async fn absent() -> HttpResponse {
    let sentence = "This server carries out trusted documents only, so it has no playground.\n";
    HttpResponse::NotFound().content_type("text/plain; charset=utf-8").body(sentence)
}

async fn index() -> HttpResponse {
    asset("index.html")
}

async fn settings(config: Data<PlaygroundConfig>) -> impl Responder {
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(config.as_ref())
}

async fn part(path: Path<String>) -> HttpResponse {
    asset(&format!("playground/{path}"))
}

fn asset(path: &str) -> HttpResponse {
    let Some(file) = Assets::get(path) else {
        return HttpResponse::NotFound().finish();
    };
    // The names of assets contain a hash of their content. Everything else may be another one after an upgrade.
    let caching = if path.starts_with("playground/assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    HttpResponse::Ok()
        .content_type(content_type(path))
        .insert_header((CACHE_CONTROL, caching))
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .body(file.data)
}

/// All texts are UTF-8, and the browser should not have to guess it.
fn content_type(path: &str) -> String {
    let guessed = mime_guess::from_path(path).first_or(mime_guess::mime::TEXT_PLAIN);
    match (guessed.type_(), guessed.subtype()) {
        (mime_guess::mime::TEXT, _) | (_, mime_guess::mime::JAVASCRIPT) => format!("{}; charset=utf-8", guessed.essence_str()),
        _ => guessed.essence_str().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::StatusCode;
    use actix_web::http::header::CONTENT_TYPE;
    use actix_web::test::{TestRequest, call_service, init_service, read_body_json};
    use actix_web::{App, dev::ServiceResponse};

    use super::*;

    async fn answer(path: &str, demo_sign_in: Option<DemoSignIn>) -> ServiceResponse {
        let app = init_service(App::new().app_data(Data::new(PlaygroundConfig { demo_sign_in })).configure(configure)).await;
        call_service(&app, TestRequest::get().uri(path).to_request()).await
    }

    fn header(response: &ServiceResponse, name: impl actix_web::http::header::AsHeaderName) -> &str {
        response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    #[actix_web::test]
    async fn the_page_is_embedded_and_guarded() {
        let page = answer("/", None).await;
        assert_eq!(page.status(), StatusCode::OK);
        assert_eq!(header(&page, CONTENT_TYPE), "text/html; charset=utf-8");
        assert_eq!(header(&page, CACHE_CONTROL), "no-cache");
        assert_eq!(header(&page, X_CONTENT_TYPE_OPTIONS), "nosniff");
        assert!(header(&page, CONTENT_SECURITY_POLICY).contains("frame-ancestors 'none'"));
    }

    #[actix_web::test]
    async fn every_part_is_served_with_its_type() {
        for path in Assets::iter() {
            let part = answer(&format!("/{}", path.trim_start_matches("index.html")), None).await;
            assert_eq!(part.status(), StatusCode::OK, "{path}");
            assert_eq!(header(&part, CACHE_CONTROL).contains("immutable"), path.contains("/assets/"), "{path}");
            if path.ends_with(".js") {
                assert_eq!(header(&part, CONTENT_TYPE), "text/javascript; charset=utf-8", "{path}");
            }
        }
    }

    #[actix_web::test]
    async fn what_is_not_there_is_not_found() {
        for path in ["/playground/nothing.js", "/playground/../Cargo.toml", "/playground/%2e%2e/index.html", "/playground/"] {
            assert_eq!(answer(path, None).await.status(), StatusCode::NOT_FOUND, "{path}");
        }
    }

    #[actix_web::test]
    async fn only_a_demo_tells_its_sign_in() {
        let plain: serde_json::Value = read_body_json(answer("/playground/config.json", None).await).await;
        assert_eq!(plain, serde_json::json!({ "demoSignIn": null }));
        let sign_in = DemoSignIn { email: "demo@example.com".to_owned(), password: "demo".to_owned() };
        let demo: serde_json::Value = read_body_json(answer("/playground/config.json", Some(sign_in)).await).await;
        assert_eq!(demo, serde_json::json!({ "demoSignIn": { "email": "demo@example.com", "password": "demo" } }));
    }
}
