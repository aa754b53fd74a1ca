//! What to offer somebody who misspelt a name.

/// "did you mean …?" where a known name is near, else all there are.
pub fn nearest(name: &str, known: &[&str]) -> String {
    let likeness =
        |candidate: &str| strsim::jaro_winkler(&candidate.to_lowercase(), &name.to_lowercase());
    let near = known
        .iter()
        .map(|candidate| (*candidate, likeness(candidate)))
        .filter(|(_, likeness)| *likeness > 0.75)
        .max_by(|a, b| a.1.total_cmp(&b.1));
    match near {
        Some((candidate, _)) => format!("did you mean `{candidate}`?"),
        None if known.is_empty() => "there are none yet".to_owned(),
        None => format!("there are {}", known.join(", ")),
    }
}
