//! Files that are written here and read back, whole and damaged.

use std::io::{Seek, SeekFrom, Write};
use std::sync::Arc;

use ::parquet::basic::{Compression, GzipLevel, ZstdLevel};
use ::parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArray,
    FixedLenByteArrayType, Int32Type, Int64Type,
};
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use ::parquet::schema::parser::parse_message_type;
use proptest::prelude::*;

use super::*;

const SCHEMA: &str = "message rows {
    required int64 n (INTEGER(64,false));
    optional binary name (UTF8);
    required int64 us (TIMESTAMP(MICROS,true));
    required int64 local (TIMESTAMP(NANOS,false));
    required int32 day (DATE);
    required int32 clock (TIME(MILLIS,true));
    required int64 price (DECIMAL(18,2));
    required fixed_len_byte_array(16) large (DECIMAL(38,0));
    required binary raw;
    required fixed_len_byte_array(16) id (UUID);
    required binary doc (JSON);
    required double f;
    optional group tags (LIST) { repeated group list { optional boolean element; } }
    optional group sizes (MAP) { repeated group key_value { required binary key (UTF8); optional int32 value; } }
}";

type Levels<'l> = Option<(&'l [i16], Option<&'l [i16]>)>;

fn put<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, &mut Vec<u8>>,
    values: &[T::T],
    levels: Levels<'_>,
) {
    let mut column = group.next_column().unwrap().unwrap();
    let (definition, repetition) = levels.unwrap_or((&[], None));
    let definition = levels.map(|_| definition);
    column
        .typed::<T>()
        .write_batch(values, definition, repetition)
        .unwrap();
    column.close().unwrap();
}

/// Two rows in one group.
fn written(compression: Compression) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(SCHEMA).unwrap());
    let properties = WriterProperties::builder()
        .set_compression(compression)
        .build();
    let mut bytes = Vec::new();
    let mut file = SerializedFileWriter::new(&mut bytes, schema, Arc::new(properties)).unwrap();
    let mut group = file.next_row_group().unwrap();
    let text = |text: &str| ByteArray::from(text);
    let fixed = |bytes: [u8; 16]| FixedLenByteArray::from(bytes.to_vec());
    put::<Int64Type>(&mut group, &[-1, 7], None);
    put::<ByteArrayType>(&mut group, &[text("zo\u{eb}\n\"")], Some((&[1, 0], None)));
    put::<Int64Type>(&mut group, &[1_704_067_200_000_001, -1], None);
    put::<Int64Type>(&mut group, &[1_704_067_200_000_000_001, 0], None);
    put::<Int32Type>(&mut group, &[19_782, -1], None);
    put::<Int32Type>(&mut group, &[3_723_004, -5], None);
    put::<Int64Type>(&mut group, &[-5, 123_456], None);
    let nines = 99_999_999_999_999_999_999_999_999_999_999_999_999_i128;
    let large = [fixed(nines.to_be_bytes()), fixed((-nines).to_be_bytes())];
    put::<FixedLenByteArrayType>(&mut group, &large, None);
    let raw = [ByteArray::from(vec![0xff, 0]), text("plain")];
    put::<ByteArrayType>(&mut group, &raw, None);
    let ids = [fixed([0x12; 16]), fixed([0xab; 16])];
    put::<FixedLenByteArrayType>(&mut group, &ids, None);
    put::<ByteArrayType>(&mut group, &[text("{\"a\":\n1.50}"), text("{")], None);
    put::<DoubleType>(&mut group, &[1e300, f64::NAN], None);
    let tags: Levels<'_> = Some((&[3, 2, 0], Some(&[0, 1, 0])));
    put::<BoolType>(&mut group, &[true], tags);
    let keys: Levels<'_> = Some((&[2, 2, 1], Some(&[0, 1, 0])));
    put::<ByteArrayType>(&mut group, &[text("x"), text("y")], keys);
    let sizes: Levels<'_> = Some((&[3, 2, 1], Some(&[0, 1, 0])));
    put::<Int32Type>(&mut group, &[5], sizes);
    group.close().unwrap();
    file.close().unwrap();
    bytes
}

fn lines(bytes: &[u8]) -> io::Result<String> {
    let mut file = tempfile::tempfile()?;
    file.write_all(bytes)?;
    file.seek(SeekFrom::Start(0))?;
    let mut text = String::new();
    rows_of(file)?.read_to_string(&mut text)?;
    Ok(text)
}

const ROWS: [&str; 2] = [
    r#"{"n":18446744073709551615,"name":"zoë\n\"","us":"2024-01-01T00:00:00.000001Z","local":"2024-01-01T00:00:00.000000001","day":"2024-02-29","clock":"01:02:03.004","price":-0.05,"large":99999999999999999999999999999999999999,"raw":"/wA=","id":"12121212-1212-1212-1212-121212121212","doc":{"a": 1.50},"f":1e300,"tags":[true,null],"sizes":{"x":5,"y":null}}"#,
    r#"{"n":7,"name":null,"us":"1969-12-31T23:59:59.999999Z","local":"1970-01-01T00:00:00.000000000","day":"1969-12-31","clock":-5,"price":1234.56,"large":-99999999999999999999999999999999999999,"raw":"plain","id":"abababab-abab-abab-abab-abababababab","doc":"{","f":"NaN","tags":null,"sizes":{}}"#,
];

#[test]
fn every_value_keeps_its_digits_and_its_meaning_however_it_is_packed() {
    let packings = [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::ZSTD(ZstdLevel::default()),
        Compression::LZ4_RAW,
    ];
    for packing in packings {
        let text = lines(&written(packing)).unwrap();
        assert_eq!(text.lines().collect::<Vec<_>>(), ROWS, "{packing:?}");
    }
}

#[test]
fn decimals_of_any_length_are_written_out() {
    let check = |bytes: &[u8], scale: i32, expected: &str| {
        let value = ::parquet::data_type::Decimal::from_bytes(bytes.to_vec().into(), 9, scale);
        let mut out = String::new();
        super::super::parquet_value::write_decimal(&mut out, &value);
        assert_eq!(out, expected, "{bytes:?}");
    };
    check(&[], 2, "0.00");
    check(&[0x80], 0, "-128");
    check(&[0xff], 3, "-0.001");
    check(&[0, 0, 1], 0, "1");
    check(&[0x7f; 16], 0, "169473963133173273960190490760135540607");
    check(&[1], -2, "1e2");
    check(&[0xfe], i32::MAX, "-2e-2147483647");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn a_damaged_file_is_said_or_read_but_never_ends_the_program(
        cut in 0_usize..4000,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
    ) {
        let mut bytes = written(Compression::SNAPPY);
        bytes.truncate(bytes.len().saturating_sub(cut / 100 * (cut % 100)));
        for (at, byte) in changes {
            let at = at.index(bytes.len().max(1));
            if let Some(place) = bytes.get_mut(at) {
                *place = byte;
            }
        }
        if let Err(error) = lines(&bytes) {
            prop_assert!(!error.to_string().is_empty());
        }
    }
}
