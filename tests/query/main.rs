//! The query language, from the outside: a query and a profile in, what matched out.

#[cfg(test)]
mod answers;
#[cfg(test)]
mod language;
#[cfg(test)]
mod world;
