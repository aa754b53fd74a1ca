//! The rules of policies in words: each state by its name, and by what it means.

use crate::model::{Arrays, Clock, Grain, PolicyOptions, Stitching};

/// A state's name, and one sentence.
pub type Words = (&'static str, &'static str);

/// Which identities a profile is made of.
pub fn stitching(stitching: Stitching) -> Words {
    match stitching {
        Stitching::Pdg => (
            "whole graph",
            "A profile is made of every identity that links hold together.",
        ),
        Stitching::None => (
            "one identity",
            "A profile is made of the asked identity alone.",
        ),
    }
}

/// How arrays join.
pub fn arrays(arrays: Arrays) -> Words {
    match arrays {
        Arrays::Union => ("union", "Arrays are joined; exact duplicates are dropped."),
        Arrays::Replace => ("replace", "The highest fragment's array is taken whole."),
        Arrays::Concat => ("concat", "Arrays are joined; duplicates are kept."),
    }
}

/// What a newer update lifts.
pub fn grain(grain: Grain) -> Words {
    match grain {
        Grain::Fragment => (
            "fragment",
            "A newer update lifts its whole fragment above the others.",
        ),
        Grain::Field => (
            "field",
            "Each value counts from the time at which it last changed.",
        ),
    }
}

/// Whose time counts.
pub fn clock(clock: Clock) -> Words {
    match clock {
        Clock::System => ("system", "The moment of ingestion counts."),
        Clock::Customer => (
            "customer",
            "The record's own time counts, where it carries one.",
        ),
    }
}

/// What an empty text is.
pub fn empty_texts(options: PolicyOptions) -> Words {
    if options.empty_as_null {
        ("nothing", "An empty text counts as null and never wins.")
    } else {
        ("a value", "An empty text can win.")
    }
}

/// Whether datasets merge without stitching.
pub fn apart(options: PolicyOptions) -> Words {
    if options.strict_none {
        (
            "stay apart",
            "Without stitching, the highest-ranked fragment is taken alone.",
        )
    } else {
        (
            "merge",
            "Without stitching, fragments of one identity merge across datasets.",
        )
    }
}
