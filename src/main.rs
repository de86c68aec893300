//! The command line of leadgraph.

fn main() {}
