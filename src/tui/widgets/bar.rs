//! Bars and small charts of one row.

/// A bar of a width that is filled to a part between 0 and 1.
pub fn bar(part: f64, width: usize, full: &str, rest: &str) -> String {
    let filled = (part.clamp(0.0, 1.0) * width as f64).round() as usize;
    format!("{}{}", full.repeat(filled), rest.repeat(width - filled))
}

/// A chart of numbers, one sign each, the highest of all as high as a row.
pub fn chart(numbers: &[u64], steps: &[&str; 8]) -> String {
    let most = numbers.iter().copied().max().unwrap_or(0).max(1);
    numbers
        .iter()
        .map(|number| {
            let step = (u128::from(*number) * 7).div_ceil(u128::from(most)) as usize;
            steps.get(step).copied().unwrap_or(" ")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_filled_to_its_part() {
        let check = |part: f64, expected: &str| assert_eq!(bar(part, 4, "#", "."), expected);
        check(0.0, "....");
        check(0.5, "##..");
        check(7.0, "####");
        check(-1.0, "....");
        check(f64::NAN, "....");
    }

    #[test]
    fn a_chart_is_as_high_as_its_highest() {
        let steps = ["0", "1", "2", "3", "4", "5", "6", "7"];
        assert_eq!(chart(&[0, 1, 4, 8], &steps), "0147");
        assert_eq!(chart(&[0, 0], &steps), "00");
        assert_eq!(chart(&[u64::MAX, 1], &steps), "71");
    }
}
