//! Many texts end to end, in pieces that are never moved.
#![expect(
    clippy::indexing_slicing,
    reason = "places are handed out by this file and stay valid"
)]

/// Bytes of a piece; a longer text has one of its own.
const PIECE_BYTES: usize = 1 << 20;

/// Where a text begins.
#[derive(Clone, Copy)]
pub(super) struct TextPlace {
    piece: u32,
    start: u32,
}

/// Texts that are known by where they begin and how long they are.
#[derive(Default)]
pub(super) struct Texts {
    pieces: Vec<String>,
}

impl Texts {
    /// Adds a text.
    pub(super) fn add(&mut self, text: &str) -> TextPlace {
        let is_full = |piece: &String| piece.len() + text.len() > PIECE_BYTES;
        if self.pieces.last().is_none_or(is_full) {
            // The first piece grows as any text does: few graphs come to a second.
            let room = if self.pieces.is_empty() {
                text.len()
            } else {
                PIECE_BYTES.max(text.len())
            };
            self.pieces.push(String::with_capacity(room));
        }
        let piece = self.pieces.len() - 1;
        let start = self.pieces[piece].len();
        self.pieces[piece].push_str(text);
        TextPlace {
            piece: piece as u32,
            start: start as u32,
        }
    }

    /// The text of a place and length.
    pub(super) fn get(&self, at: TextPlace, length: u32) -> &str {
        let start = at.start as usize;
        &self.pieces[at.piece as usize][start..start + length as usize]
    }

    /// Reads the beginning of a text; the number says nothing.
    pub(super) fn touch(&self, at: TextPlace) -> u32 {
        let piece = self.pieces[at.piece as usize].as_bytes();
        piece
            .get(at.start as usize)
            .map_or(0, |byte| u32::from(*byte))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_however_long_they_are() {
        let long = "é".repeat(PIECE_BYTES);
        let short: Vec<String> = (0..100_000).map(|n| format!("text {n}")).collect();
        let mut texts = Texts::default();
        let all: Vec<&str> = ["", "a", &long, "b"]
            .into_iter()
            .chain(short.iter().map(String::as_str))
            .chain(["", &long])
            .collect();
        let places: Vec<TextPlace> = all.iter().map(|text| texts.add(text)).collect();
        for (at, text) in places.into_iter().zip(all) {
            assert_eq!(texts.get(at, text.len() as u32), text);
            texts.touch(at);
        }
        assert!(texts.pieces.len() > 3);
    }
}
