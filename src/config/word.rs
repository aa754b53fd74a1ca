//! The known word that somebody most likely meant.

const LIKENESS: f64 = 0.75;

/// The candidate most like the word, where one is like it at all; upper and lower case do not matter.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let word = word.to_lowercase();
    let likeness = |candidate: &str| strsim::jaro_winkler(&word, &candidate.to_lowercase());
    candidates
        .into_iter()
        .map(|candidate| (likeness(candidate), candidate))
        .filter(|(likeness, _)| *likeness >= LIKENESS)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// The end of a sentence about an unknown word: `did you mean …?`, or the list of what there is.
pub fn alternatives<'c>(
    word: &str,
    candidates: impl IntoIterator<Item = &'c str> + Clone,
) -> String {
    if let Some(candidate) = nearest(word, candidates.clone()) {
        return format!("did you mean `{candidate}`?");
    }
    let known: Vec<_> = candidates.into_iter().collect();
    if known.is_empty() {
        "there is none".into()
    } else {
        format!("there are {}", known.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typing_error_finds_the_word_that_was_meant() {
        let check = |word: &str, expected: Option<&str>| {
            assert_eq!(nearest(word, ["primary", "time", "timezone"]), expected);
        };
        check("primry", Some("primary"));
        check("PRIMARY", Some("primary"));
        check("timezon", Some("timezone"));
        check("xyz", None);
        check("", None);
    }
}
