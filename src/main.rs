//! The program. What it does is in the library, where tests reach it.

use std::process::ExitCode;

/// Answers are made of many small pieces on several threads, which is what this allocator is made for: with the C library's one a
/// quarter of the time went into it. Without huge pages, of which each thread would touch several: they tripled what an idle server takes.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    leadgraph::command::main()
}
