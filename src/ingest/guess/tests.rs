//! Small made-up tables, and what a person would say of them.
