//! The whole interface, tested by its keys and its pictures.

mod addresses;
mod hostile;
mod hostile_views;
mod importing;
mod journeys;
mod marking;
mod pictures;
mod searching;
