//! One `[[dataset]]` of a manifest, or the same in a mapping's own file.

use crate::config::{ConfigError, Document, Section, alternatives, nearest};
use crate::ingest::mapping::{
    Address, DEEPEST_PATH, FieldMove, IdentityField, Mapping, Normalise, Nulls, Update,
    encoding_named, zone_named,
};
use crate::ingest::shapes::{Shape, shape_called};
use crate::model::DatasetKind;

const DATASET_KEYS: [&str; 18] = [
    "name",
    "kind",
    "shape",
    "channel",
    "files",
    "upsert",
    "keep_versions",
    "unidentified",
    "primary",
    "time",
    "id",
    "ingested",
    "timezone",
    "dates",
    "encoding",
    "identities",
    "fields",
    "nulls",
];

/// A dataset with its files and mapping.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DatasetDeclaration {
    /// Its name; a mapping may leave it out.
    pub name: Option<String>,
    /// What it holds, where that is said.
    pub kind: Option<DatasetKind>,
    /// The shape of its rows, where they follow more than the conventions of XDM.
    pub shape: Option<&'static dyn Shape>,
    /// Where it comes from.
    pub channel: Option<String>,
    /// Whether every version of a fragment is kept.
    pub keeps_versions: Option<bool>,
    /// Its files and patterns, relative to the manifest.
    pub files: Vec<String>,
    /// How its rows are read.
    pub mapping: Mapping,
    /// The manifest and the line where it stands, for complaints.
    pub place: String,
}

impl DatasetDeclaration {
    /// Where the manifest names no identities, those count that rows of the shape have by convention.
    fn take_identities_of_shape(&mut self) {
        if let (true, Some(shape), Some(kind)) =
            (self.mapping.identities.is_empty(), self.shape, self.kind)
        {
            self.mapping.identities = shape.mapping(kind).identities;
        }
    }
}

/// Reads a mapping: the body of one `[[dataset]]`, at the top of its own file.
pub fn parse_mapping(
    file: &str,
    text: &str,
    known: &[String],
) -> Result<DatasetDeclaration, ConfigError> {
    let document = Document::parse(file, text)?;
    let root = document.root();
    if root.has("files") {
        let message =
            "`files` belongs into onefold.toml; with a mapping, name the files on the command line";
        return Err(root.error("files", message));
    }
    let inner = root.section("dataset").ok().flatten();
    let mut declaration = match (root.keys().eq(["dataset"]), root.sections("dataset")) {
        (true, Ok(datasets)) if datasets.len() == 1 => {
            let dataset = datasets.into_iter().next().unwrap_or_else(|| root.clone());
            read_dataset(&dataset, known)?
        }
        _ => read_mapping_body(&root, inner.as_ref(), known)?,
    };
    declaration.files.clear();
    Ok(declaration)
}

/// The top of a mapping's file, with `[dataset.identities]` written as in a manifest or as `[identities]`.
fn read_mapping_body(
    root: &Section<'_>,
    inner: Option<&Section<'_>>,
    known: &[String],
) -> Result<DatasetDeclaration, ConfigError> {
    let mut declaration = read_settings(root, &[&DATASET_KEYS[..], &["dataset"]].concat())?;
    for section in [Some(root), inner].into_iter().flatten() {
        read_tables(section, &mut declaration.mapping)?;
    }
    declaration.take_identities_of_shape();
    if let Some(inner) = inner {
        inner.expect_keys(&["identities", "fields", "nulls"])?;
    }
    check_mapping(root, &declaration.mapping, known)?;
    Ok(declaration)
}

pub(super) fn read_dataset(
    section: &Section<'_>,
    known: &[String],
) -> Result<DatasetDeclaration, ConfigError> {
    let mut declaration = read_settings(section, &DATASET_KEYS)?;
    read_tables(section, &mut declaration.mapping)?;
    declaration.take_identities_of_shape();
    check_mapping(section, &declaration.mapping, known)?;
    Ok(declaration)
}

fn read_settings(section: &Section<'_>, keys: &[&str]) -> Result<DatasetDeclaration, ConfigError> {
    section.expect_keys(keys)?;
    let address = |key| -> Result<Option<Address>, ConfigError> {
        Ok(section.text(key)?.map(|text| Address::new(&text)))
    };
    let explained = |key: &'static str| move |why: String| section.error(key, why);
    let timezone = section.text("timezone")?;
    let encoding = section.text("encoding")?;
    let kind = section.named("kind")?;
    let shape = section.text("shape")?;
    let shape = shape
        .map(|code| shape_called(&code).map_err(explained("shape")))
        .transpose()?;
    let usual = usual_mapping(section, shape, kind)?;
    let update = match section.switch("upsert")? {
        Some(true) => Update::Patch,
        Some(false) => Update::Replace,
        None => usual.update,
    };
    let mapping = Mapping {
        primary: section.text("primary")?,
        time: address("time")?.or(usual.time),
        id: address("id")?.or(usual.id),
        ingested: address("ingested")?,
        timezone: timezone
            .map(|name| zone_named(&name).map_err(explained("timezone")))
            .transpose()?,
        encoding: encoding
            .map(|name| encoding_named(&name).map_err(explained("encoding")))
            .transpose()?
            .flatten(),
        dates: section.named("dates")?,
        unidentified: section.named("unidentified")?.unwrap_or_default(),
        update,
        ..Mapping::default()
    };
    Ok(DatasetDeclaration {
        name: section.text("name")?,
        kind,
        shape,
        channel: section.text("channel")?,
        keeps_versions: section.switch("keep_versions")?,
        files: section.texts("files")?.unwrap_or_default(),
        mapping,
        place: section.place(),
    })
}

/// What holds of rows of a shape where the section does not say it.
fn usual_mapping(
    section: &Section<'_>,
    shape: Option<&'static dyn Shape>,
    kind: Option<DatasetKind>,
) -> Result<Mapping, ConfigError> {
    match (shape, kind) {
        (Some(shape), Some(kind)) => Ok(shape.mapping(kind)),
        (None, _) => Ok(Mapping::default()),
        (Some(_), None) => {
            let message = "`shape` needs `kind` beside it: \"record\" or \"event\"";
            Err(section.error("shape", message))
        }
    }
}

/// The tables `identities`, `fields` and `nulls`.
fn read_tables(section: &Section<'_>, mapping: &mut Mapping) -> Result<(), ConfigError> {
    if let Some(identities) = section.section("identities")? {
        read_identities(&identities, "", &mut mapping.identities)?;
    }
    if let Some(fields) = section.section("fields")? {
        read_fields(&fields, "", &mut mapping.fields)?;
    }
    if let Some(nulls) = section.section("nulls")? {
        read_nulls(&nulls, "", &mut mapping.nulls)?;
    }
    Ok(())
}

/// `a.b = …` without quotes makes a table in a table, and means the path all the same.
fn joined(prefix: &str, key: &str) -> String {
    match prefix {
        "" => key.to_owned(),
        _ => format!("{prefix}.{key}"),
    }
}

fn read_identities(
    section: &Section<'_>,
    prefix: &str,
    found: &mut Vec<IdentityField>,
) -> Result<(), ConfigError> {
    for key in section.keys() {
        let name = joined(prefix, key);
        let Ok(Some(table)) = section.section(key) else {
            found.push(IdentityField {
                address: Address::new(&name),
                namespace: section.required(key)?,
                normalise: Vec::new(),
            });
            continue;
        };
        if table.text("namespace").is_ok_and(|text| text.is_some()) {
            table.expect_keys(&["namespace", "normalise"])?;
            found.push(IdentityField {
                address: Address::new(&name),
                namespace: table.required("namespace")?,
                normalise: read_steps(&table)?,
            });
        } else {
            read_identities(&table, &name, found)?;
        }
    }
    Ok(())
}

fn read_steps(table: &Section<'_>) -> Result<Vec<Normalise>, ConfigError> {
    let steps = table.texts("normalise")?.unwrap_or_default();
    steps
        .iter()
        .map(|step| {
            step.parse()
                .map_err(|why: String| table.error("normalise", why))
        })
        .collect()
}

fn read_fields(
    section: &Section<'_>,
    prefix: &str,
    found: &mut Vec<FieldMove>,
) -> Result<(), ConfigError> {
    for key in section.keys() {
        let name = joined(prefix, key);
        if let Ok(Some(table)) = section.section(key) {
            read_fields(&table, &name, found)?;
            continue;
        }
        let to = Address::new(&section.required(key)?).path;
        if to.keys().is_empty() || to.keys().len() > DEEPEST_PATH {
            let message = format!("`{name}` needs a path of 1 to {DEEPEST_PATH} keys to go to");
            return Err(section.error(key, message));
        }
        let is_taken = |field: &FieldMove| field.to.starts_with(&to) || to.starts_with(&field.to);
        if let Some(other) = found.iter().find(|field| is_taken(field)) {
            let message = format!("`{name}` and `{}` go to the same path", other.from.text);
            return Err(section.error(key, message));
        }
        found.push(FieldMove {
            from: Address::new(&name),
            to,
        });
    }
    Ok(())
}

fn read_nulls(section: &Section<'_>, prefix: &str, nulls: &mut Nulls) -> Result<(), ConfigError> {
    for key in section.keys() {
        let name = joined(prefix, key);
        if let Ok(Some(table)) = section.section(key) {
            read_nulls(&table, &name, nulls)?;
            continue;
        }
        let values = section.texts(key)?.unwrap_or_default();
        match name.as_str() {
            "any" => nulls.any = values,
            _ => nulls.by_field.push((Address::new(&name), values)),
        }
    }
    Ok(())
}

/// What no single key can say: the primary namespace must be one that the rows can have.
fn check_mapping(
    section: &Section<'_>,
    mapping: &Mapping,
    known: &[String],
) -> Result<(), ConfigError> {
    let Some(primary) = &mapping.primary else {
        return Ok(());
    };
    let mapped = mapping.identities.iter().map(|field| &field.namespace);
    let candidates: Vec<&str> = mapped.chain(known).map(String::as_str).collect();
    if candidates
        .iter()
        .any(|code| code.eq_ignore_ascii_case(primary))
    {
        return Ok(());
    }
    // Rows without mapped identities bring their namespaces in identityMap, under any code.
    if mapping.identities.is_empty() && nearest(primary, candidates.iter().copied()).is_none() {
        return Ok(());
    }
    let hint = alternatives(primary, candidates.iter().copied());
    let message = format!(
        "`primary` names the namespace `{primary}`, which is neither mapped nor declared; {hint}"
    );
    Err(section.error("primary", message))
}
