//! Files that grow, shrink, are not to be had, unpack to far more than they are, or are no text.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::ingest::{Bytes, Folder, Kind};

/// A folder of one file, which is another one each time that it is opened.
#[derive(Debug)]
struct Shifting {
    contents: Vec<std::io::Result<Vec<u8>>>,
    opened: AtomicUsize,
}

impl Folder for Shifting {
    fn kind(&self, _: &Path) -> Kind {
        Kind::File
    }

    fn list(&self, _: &Path) -> std::io::Result<Vec<PathBuf>> {
        Ok(Vec::new())
    }

    fn size(&self, _: &Path) -> Option<u64> {
        Some(1)
    }

    fn open(&self, _: &Path) -> std::io::Result<Bytes> {
        let place = self.opened.fetch_add(1, Ordering::Relaxed);
        let content = self.contents.get(place).or(self.contents.last()).unwrap();
        match content {
            Ok(bytes) => Ok(Box::new(std::io::Cursor::new(bytes.clone()))),
            Err(error) => Err(error.kind().into()),
        }
    }
}

fn shifting(name: &str, contents: Vec<std::io::Result<Vec<u8>>>) -> Result<Heard, String> {
    let options = PlanOptions {
        folder: Arc::new(Shifting {
            contents,
            opened: AtomicUsize::new(0),
        }),
        ..keep()
    };
    let plan = plan(&[name.into()], &options, &Known::default()).map_err(|e| e.to_string())?;
    let mut heard = Heard::default();
    let outcome = read(&plan.datasets[0], 2, &mut heard).map_err(|e| e.to_string())?;
    let told = heard.rows.len() + heard.rejected.len();
    assert_eq!(outcome.rows as usize, told);
    Ok(heard)
}

#[test]
fn a_file_that_grows_or_shrinks_after_the_first_look_is_read_as_it_is_then() {
    let text = |text: &str| Ok(text.as_bytes().to_vec());
    let grown = shifting(
        "x.jsonl",
        vec![text("{\"a\":1}\n"), text("{\"a\":1}\n{\"a\":2}\n{\"a")],
    )
    .unwrap();
    assert_eq!((grown.lines(), grown.rejected.len()), (vec![1, 2], 1));
    let shrunk = shifting(
        "x.jsonl",
        vec![text("{\"a\":1}\n{\"a\":2}\n"), text("{\"a\":1}\n{\"a\"")],
    )
    .unwrap();
    assert_eq!((shrunk.lines(), shrunk.rejected.len()), (vec![1], 1));
    let gone = shifting("x.csv", vec![text("a,b\n1,2\n"), text("")]).unwrap();
    assert_eq!(gone.rows.len(), 0);
    let narrow = shifting("x.csv", vec![text("a,b\n1,2\n"), text("a\n1\n")]).unwrap();
    assert_eq!(
        narrow.refusals(),
        [(2, "1 values where the header names 2 columns".to_owned())]
    );
}

#[test]
fn a_file_that_may_not_be_read_is_named() {
    let denied = || Err(std::io::ErrorKind::PermissionDenied.into());
    let said = shifting("d/x.csv", vec![denied()]).unwrap_err();
    assert_eq!(said, "cannot read d/x.csv: permission denied");
    let later = shifting("d/x.csv", vec![Ok(b"a,b\n1,2\n".to_vec()), denied()]).unwrap_err();
    assert_eq!(later, "cannot read d/x.csv: permission denied");
}

#[test]
fn packed_files_that_are_empty_or_break_off_are_said() {
    for name in ["x.jsonl.gz", "x.csv.zst", "x.parquet"] {
        let (heard, outcome) = read_file(name, b"");
        assert_eq!((heard.rows.len(), outcome.unwrap().rows), (0, 0), "{name}");
    }
    let text = "{\"a\":1}\n".repeat(100_000).into_bytes();
    let zstd = zstd::encode_all(&text[..], 1).unwrap();
    for bytes in [
        &gzip(&text)[..12],
        &gzip(&text)[..1000],
        &zstd[..20],
        &zstd[..zstd.len() - 5],
    ] {
        let (_, outcome) = read_file("x.jsonl", bytes);
        let said = outcome.unwrap_err().to_string();
        assert!(said.starts_with("x.jsonl, line "), "{said}");
        assert!(
            said.contains("can't be read on") && said.contains("--keep-partial"),
            "{said}"
        );
    }
    let parquet = planned(&[("x.parquet", b"PAR1 and no more of it")], &keep()).unwrap_err();
    let said = parquet.to_string();
    assert!(
        said.starts_with("cannot read x.parquet: not a whole Parquet file"),
        "{said}"
    );
}

#[test]
fn a_little_file_that_unpacks_to_a_very_long_line_costs_that_line() {
    let line = vec![b'x'; 70 << 20];
    let text = [b"{\"a\":1}\n", &line[..], b"\n{\"a\":2}\n"].concat();
    for packed in [gzip(&text), zstd::encode_all(&text[..], 1).unwrap()] {
        assert!(packed.len() < 1 << 20);
        let (heard, outcome) = read_file("x.jsonl", &packed);
        assert_eq!((heard.lines(), outcome.unwrap().rejected), (vec![1, 3], 1));
        let rejected = &heard.rejected[0];
        assert_eq!(rejected.reason, Reason::TooLong { length: 70 << 20 });
        assert!(rejected.row.len() < 70_000);
    }
}

#[test]
fn text_of_two_bytes_a_letter_is_read_both_ways() {
    let text = "id,name\n7,zo\u{eb} \u{1f600}\n8,x\n";
    let units = || std::iter::once(0xfeff).chain(text.encode_utf16());
    let little: Vec<u8> = units().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = units().flat_map(u16::to_be_bytes).collect();
    for bytes in [&little, &big, &gzip(&big)] {
        let (heard, _) = read_file("x.csv", bytes);
        let expected = [
            "{\"id\":\"7\",\"name\":\"zo\u{eb} \u{1f600}\"}",
            "{\"id\":\"8\",\"name\":\"x\"}",
        ];
        assert_eq!(heard.bodies(), expected);
    }
    // Half a letter at the end is no letter, and no reason to lose the rest.
    let (heard, _) = read_file("x.csv", &big[..big.len() - 3]);
    assert_eq!(heard.rows.len(), 2);
}

#[test]
fn nested_a_hundred_thousand_deep_costs_a_row_in_every_container() {
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let objects = format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
    for row in [deep, objects] {
        for (name, text) in [
            ("x.jsonl", format!("{{}}\n{row}\n{{}}\n")),
            ("x.json", format!("[{{}},{row},{{}}]")),
            ("x.json", format!("{{\"results\":[{{}},{row},{{}}]}}")),
            ("x.json", format!("{row}\n{{}}\n{{}}")),
        ] {
            let (heard, outcome) = read_file(name, text.as_bytes());
            assert_eq!(
                (heard.rows.len(), outcome.unwrap().rejected),
                (2, 1),
                "{name}"
            );
            assert_eq!(heard.rejected[0].reason, Reason::TooDeep { limit: 127 });
        }
    }
}

#[test]
fn bytes_without_meaning_are_refused_row_by_row_or_as_a_file() {
    let nuls = [b"{\"a\":1}\n", &[0; 5000][..], b"\n{\"a\":2}\n"].concat();
    let (heard, outcome) = read_file("x.jsonl", &nuls);
    assert_eq!((heard.lines(), outcome.unwrap().rejected), (vec![1, 3], 1));
    assert!(planned(&[("x.bin", &[0; 5000])], &keep()).is_err());
    assert!(planned(&[("x.bin", b"\x89PNG\r\n\x1a\n\0\0")], &keep()).is_err());
}
