//! The whole interface, tested by its keys and its pictures.

mod hostile;
mod journeys;
mod pictures;
