//! Plans of small folders.
