//! The two servers, each a process of its own, so that what they use is their own.

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

/// The program: the one that was built with the benchmark, unless `LEADGRAPH_BENCH_SERVER` names another one.
pub fn program() -> String {
    std::env::var("LEADGRAPH_BENCH_SERVER").unwrap_or_else(|_| env!("CARGO_BIN_EXE_leadgraph").to_owned())
}

/// A running server; it ends with this value.
pub struct Server {
    process: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Server {
    /// Starts leadgraph on a database, with its default settings but for the port.
    pub fn leadgraph(database: &str) -> Result<Self, Box<dyn Error>> {
        let mut command = Command::new(program());
        command.args(["serve", "--listen", "127.0.0.1:0", "--database", database]);
        Self::start(command)
    }

    /// Starts the limit on a database: this program itself, in its other part.
    pub fn limit(database: &str) -> Result<Self, Box<dyn Error>> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["--limit", database]);
        Self::start(command)
    }

    fn start(mut command: Command) -> Result<Self, Box<dyn Error>> {
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let output = process.stdout.take().ok_or("a server without output")?;
        let mut lines = BufReader::new(output).lines();
        let address = loop {
            let Some(line) = lines.next() else { return Err(format!("{command:?} ended before it listened").into()) };
            if let Some((_, address)) = line?.rsplit_once("http://") {
                break address.trim().parse()?;
            }
        };
        // What it says later is read, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(Self { process, address })
    }

    /// The process's id.
    pub fn process(&self) -> u32 {
        self.process.id()
    }

    /// What it has in memory now, in MiB.
    pub fn memory(&self) -> f64 {
        self.status("VmRSS:")
    }

    /// The most that it ever had in memory, in MiB.
    pub fn peak_memory(&self) -> f64 {
        self.status("VmHWM:")
    }

    fn status(&self, name: &str) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        line.trim().trim_end_matches(" kB").parse::<f64>().map_or(f64::NAN, |kib| kib / 1_024.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both calls fail only where it has ended already.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// The processor time that a process has had so far, in seconds; no number where the system doesn't tell.
pub fn cpu_seconds(process: u32) -> f64 {
    /// Linux counts in hundredths of a second, whatever the machine.
    const TICKS: f64 = 100.0;
    let line = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The name in brackets may have blanks; user and system time are the 12th and 13th field behind it.
    let fields = line.rsplit_once(')').map_or("", |(_, fields)| fields).split_whitespace().skip(11).take(2);
    let times: Vec<f64> = fields.filter_map(|field| field.parse().ok()).collect();
    if times.len() == 2 { times.iter().sum::<f64>() / TICKS } else { f64::NAN }
}
