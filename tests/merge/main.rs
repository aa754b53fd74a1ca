//! Merging, from the outside: fragments and a policy in, a profile out.

#[cfg(test)]
mod cluster;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod rules;
