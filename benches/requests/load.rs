//! The load: 16 connections that stay open, each with one request after the other, on one thread.

use std::cell::{Cell, RefCell};
use std::error::Error;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use hdrhistogram::Histogram;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::server::{Server, cpu_seconds};

/// How many connections there are at once.
pub const CONNECTIONS: usize = 16;

/// One request, ready to be sent.
#[derive(Clone)]
pub struct Prepared {
    /// Path and query.
    pub path: String,
    /// What is posted; a request without it is a GET.
    pub body: Option<Bytes>,
}

/// What each connection sends, one after the other.
pub struct Requests {
    lists: Vec<Vec<Prepared>>,
    next: Vec<Cell<usize>>,
    again: bool,
}

impl Requests {
    /// All connections send all of these, over and over, each from another one on.
    pub fn cycle(all: &[Prepared]) -> Self {
        let lists = (0..CONNECTIONS).map(|connection| {
            let mut list = all.to_vec();
            list.rotate_left(connection * all.len() / CONNECTIONS);
            list
        });
        Self::new(lists.collect(), true)
    }

    /// Each connection has its own, over and over.
    pub fn own(lists: Vec<Vec<Prepared>>) -> Self {
        Self::new(lists, true)
    }

    /// Each is sent once; the measurement ends early where none is left.
    pub fn once(all: &[Prepared]) -> Self {
        let lists = (0..CONNECTIONS).map(|connection| all.iter().skip(connection).step_by(CONNECTIONS).cloned().collect());
        Self::new(lists.collect(), false)
    }

    fn new(lists: Vec<Vec<Prepared>>, again: bool) -> Self {
        let next = lists.iter().map(|_| Cell::new(0)).collect();
        Self { lists, next, again }
    }

    fn next(&self, connection: usize) -> Option<&Prepared> {
        let (list, next) = (self.lists.get(connection)?, self.next.get(connection)?);
        let number = next.replace(next.get() + 1);
        if self.again { list.get(number % list.len().max(1)) } else { list.get(number) }
    }
}

/// What was measured in one go.
#[derive(Clone)]
pub struct Measured {
    /// Requests in a second.
    pub throughput: f64,
    /// Times of single requests, in nanoseconds.
    pub times: Histogram<u64>,
    /// What the server's process spent on a request, in microseconds.
    pub cpu: f64,
}

impl Measured {
    /// The time within which so many of a hundred requests were answered, in milliseconds.
    pub fn percentile(&self, percent: f64) -> f64 {
        self.times.value_at_quantile(percent / 100.0) as f64 / 1e6
    }
}

async fn open(address: SocketAddr) -> Result<SendRequest<Full<Bytes>>, Box<dyn Error>> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(sender)
}

/// Open connections to a server.
pub struct Client {
    address: SocketAddr,
    process: u32,
    authorization: String,
    connections: Vec<RefCell<SendRequest<Full<Bytes>>>>,
}

impl Client {
    /// Connects. The token goes along with every request.
    pub async fn connect(server: &Server, token: &str) -> Result<Self, Box<dyn Error>> {
        let (address, process) = (server.address, server.process());
        let mut connections = Vec::new();
        for _ in 0..CONNECTIONS {
            connections.push(RefCell::new(open(address).await?));
        }
        Ok(Self { address, process, authorization: format!("Bearer {token}"), connections })
    }

    /// Sends one request and answers the body, which must come with status 200.
    pub async fn send(&self, request: &Prepared) -> Result<Bytes, Box<dyn Error>> {
        self.send_on(0, request).await
    }

    #[allow(clippy::await_holding_refcell_ref, reason = "a connection is used by one loop only")]
    async fn send_on(&self, connection: usize, request: &Prepared) -> Result<Bytes, Box<dyn Error>> {
        let mut sender = self.connections[connection].try_borrow_mut()?;
        let method = if request.body.is_some() { Method::POST } else { Method::GET };
        let http = Request::builder()
            .method(method)
            .uri(&request.path)
            .header("host", self.address.to_string())
            .header("authorization", &self.authorization)
            .header("content-type", "application/json")
            .body(Full::new(request.body.clone().unwrap_or_default()))?;
        if sender.ready().await.is_err() {
            // Servers close what lay idle for some seconds.
            *sender = open(self.address).await?;
        }
        let answer = sender.send_request(http).await?;
        let status = answer.status();
        let body = answer.into_body().collect().await?.to_bytes();
        if status == 200 { Ok(body) } else { Err(format!("{status}: {}", String::from_utf8_lossy(&body)).into()) }
    }

    /// Sends requests on all connections for so long. An answer that `check` finds wrong ends it.
    pub async fn drive(
        &self,
        requests: &Requests,
        duration: Duration,
        check: fn(&[u8]) -> bool,
    ) -> Result<Measured, Box<dyn Error>> {
        let spent = cpu_seconds(self.process);
        let begun = Instant::now();
        let stopped = Cell::new(false);
        let times = RefCell::new(Histogram::<u64>::new(3)?);
        let loops = (0..self.connections.len()).map(|connection| {
            let (stopped, times) = (&stopped, &times);
            async move {
                while !stopped.get() && begun.elapsed() < duration {
                    let Some(request) = requests.next(connection) else {
                        stopped.set(true);
                        break;
                    };
                    let sent = Instant::now();
                    let answer = self.send_on(connection, request).await?;
                    let time = u64::try_from(sent.elapsed().as_nanos())?;
                    times.borrow_mut().record(time)?;
                    if !check(&answer) {
                        stopped.set(true);
                        return Err(format!("wrong answer: {}", String::from_utf8_lossy(&answer)).into());
                    }
                }
                Ok::<_, Box<dyn Error>>(())
            }
        });
        for outcome in join_all(loops).await {
            outcome?;
        }
        let times = times.into_inner();
        let requests = times.len() as f64;
        let throughput = requests / begun.elapsed().as_secs_f64();
        Ok(Measured { throughput, times, cpu: (cpu_seconds(self.process) - spent) * 1e6 / requests })
    }
}
