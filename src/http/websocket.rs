//! GraphQL over WebSocket, with the protocol `graphql-transport-ws`: queries and mutations, and subscriptions as soon as
//! the schema has some.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, SEC_WEBSOCKET_PROTOCOL};
use actix_web::web::{Data, Payload, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use actix_ws::{AggregatedMessage, AggregatedMessageStream, CloseCode, CloseReason, Session};
use async_graphql::http::{WebSocket, WebSocketProtocols, WsMessage};
use async_graphql::{Executor, Request, Response};
use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt};
use serde_json::Value;
use tracing::Instrument;

use super::answer::{MediaType, Refusal};
use super::identity::Sender;
use super::operation::{Form, Operations};
use super::parameters::Parameters;
use super::request_log::RequestId;
use super::{State, identity};
use crate::error::FaultCode;

/// How often the client is asked whether it is still there.
const HEARTBEAT: Duration = Duration::from_secs(20);
/// How many messages of a client may wait.
const MOST_WAITING: usize = 32;
const PROTOCOL: &str = "graphql-transport-ws";

/// Opens a WebSocket. The session cookie counts if the request comes from our own pages; a token in the payload of
/// `connection_init` goes before it.
pub async fn connect(request: HttpRequest, payload: Payload, state: Data<State>, id: ReqData<RequestId>) -> HttpResponse {
    match open(&request, payload, &state, id.into_inner()) {
        Ok(response) => response,
        Err(refusal) => refusal.into_http(MediaType::Json),
    }
}

fn open(request: &HttpRequest, payload: Payload, state: &Data<State>, id: RequestId) -> Result<HttpResponse, Refusal> {
    let sender = identity::sender(request, &state.settings.allowed_origins, &id)?;
    let offered = request.headers().get_all(SEC_WEBSOCKET_PROTOCOL).filter_map(|value| value.to_str().ok());
    if !offered.flat_map(|value| value.split(',')).any(|protocol| protocol.trim() == PROTOCOL) {
        return Err(Refusal::bad_request(format!("Offer the WebSocket protocol `{PROTOCOL}`.")));
    }
    let (mut response, session, messages) = actix_ws::handle(request, payload).map_err(|error| {
        Refusal::new(
            StatusCode::BAD_REQUEST,
            FaultCode::BadUserInput.as_str(),
            format!("This is no WebSocket handshake: {error}."),
        )
    })?;
    let name = HeaderName::from_static("sec-websocket-protocol");
    response.headers_mut().insert(name, actix_web::http::header::HeaderValue::from_static(PROTOCOL));

    let limit = state.settings.body_bytes;
    let messages = messages.max_frame_size(limit).aggregate_continuations().max_continuation_size(limit);
    let span = tracing::Span::current();
    actix_web::rt::spawn(converse(state.clone(), session, messages, sender).instrument(span));
    Ok(response)
}

/// Passes messages between the socket and the protocol until one of the two ends it.
async fn converse(state: Data<State>, mut session: Session, mut messages: AggregatedMessageStream, sender: Sender) {
    let (inbox, receiver) = tokio::sync::mpsc::channel(MOST_WAITING);
    let mut answers = Box::pin(protocol(&state, sender, receiver));
    let mut stopping = state.stopping.clone();
    let mut heartbeat = tokio::time::interval(HEARTBEAT);
    let mut heard = true;
    let goodbye = loop {
        tokio::select! {
            message = messages.next() => match message {
                Some(Ok(AggregatedMessage::Text(text))) => {
                    heard = true;
                    if inbox.send(text.into_bytes()).await.is_err() { break None }
                }
                Some(Ok(AggregatedMessage::Ping(bytes))) => {
                    heard = true;
                    if session.pong(&bytes).await.is_err() { break None }
                }
                Some(Ok(AggregatedMessage::Pong(_))) => heard = true,
                Some(Ok(AggregatedMessage::Binary(_))) => break Some((CloseCode::Unsupported, "Send text.".to_owned())),
                Some(Err(_)) => break Some((CloseCode::Size, "This message can't be read, or is too large.".to_owned())),
                Some(Ok(AggregatedMessage::Close(_))) | None => break None,
            },
            answer = answers.next() => match answer {
                Some(WsMessage::Text(text)) => if session.text(text).await.is_err() { break None },
                Some(WsMessage::Close(code, reason)) => break Some((CloseCode::from(code), reason)),
                None => break None,
            },
            _ = heartbeat.tick() => {
                if !std::mem::take(&mut heard) || session.ping(b"").await.is_err() { break None }
            }
            _ = stopping.wait_for(|stopping| *stopping) => break Some((CloseCode::Away, "The server is stopping.".to_owned())),
        }
    };
    let reason = goodbye.map(|(code, description)| CloseReason { code, description: Some(description) });
    // The client may be gone already.
    drop(session.close(reason).await);
}

/// The protocol, from the messages of the client to ours.
fn protocol(
    state: &State,
    sender: Sender,
    receiver: tokio::sync::mpsc::Receiver<actix_web::web::Bytes>,
) -> impl Stream<Item = WsMessage> {
    let token = Arc::new(OnceLock::new());
    let cookie = sender.token.clone();
    let connection = Connection { operations: state.operations.clone(), sender, token: token.clone() };
    let incoming = stream::unfold(receiver, |mut receiver| async { receiver.recv().await.map(|message| (message, receiver)) });
    WebSocket::new(connection, Box::pin(incoming), WebSocketProtocols::GraphQLWS).on_connection_init(move |payload| async move {
        let given = ["Authorization", "authorization"].iter().find_map(|name| payload.get(name)).and_then(Value::as_str);
        drop(token.set(given.and_then(identity::bearer).map(str::to_owned).or(cookie)));
        Ok(async_graphql::Data::default())
    })
}

/// Carries out the operations of one connection. Its token is looked up anew for each, so that signing out takes effect.
#[derive(Clone)]
struct Connection {
    operations: Operations,
    sender: Sender,
    /// The token that counts, once `connection_init` has come.
    token: Arc<OnceLock<Option<String>>>,
}

impl Executor for Connection {
    async fn execute(&self, request: Request) -> Response {
        let parameters = serde_json::to_value(&request).unwrap_or_default();
        let parameters = if let Value::Object(parameters) = parameters { parameters } else { serde_json::Map::new() };
        let parameters = match Parameters::of_object(parameters) {
            Ok(parameters) => parameters,
            Err(refusal) => return Response::from_errors(refusal.into_errors()),
        };
        let operation = match self.operations.prepare(parameters) {
            Ok(operation) => operation,
            Err(errors) => return Response::from_errors(errors),
        };
        let sender = Sender { token: self.token.get().cloned().flatten(), ..self.sender.clone() };
        self.operations.execute(operation, sender, Form::Values).await
    }

    fn execute_stream(&self, request: Request, _: Option<Arc<async_graphql::Data>>) -> BoxStream<'static, Response> {
        let connection = self.clone();
        Box::pin(stream::once(async move { connection.execute(request).await }))
    }
}
