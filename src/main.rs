//! The door: parses the arguments and hands over.

fn main() {}
