//! The query language: one parser and one evaluation for the search box, the command line and every filter.
