//! A plan as screens and programs see it, and a plan that somebody corrected.

use super::{DatasetPlan, Plan, PlannedFile, Understood};
use crate::ingest::guess::{ColumnEvidence, Opinion};
use crate::ingest::input::Compression;
use crate::ingest::mapping::{Address, FieldMove, IdentityField, Mapping, Normalise};
use crate::ingest::shapes::Share;
use crate::model::{
    Confidence, FieldRole, FileFacts, PlanAnswer, PlannedDataset, PlannedField, PlannedIdentity,
};

impl Plan {
    /// The plan as it is shown before anything is written.
    pub fn answer(&self) -> PlanAnswer {
        PlanAnswer {
            datasets: self.datasets.iter().map(DatasetPlan::answer).collect(),
            notes: self.notes.clone(),
        }
    }

    /// Takes over what somebody corrected; the datasets are known by their files, two that divide one by their kinds.
    pub fn correct(&mut self, corrected: &[PlannedDataset]) {
        for dataset in &mut self.datasets {
            let is_same = |other: &&PlannedDataset| {
                let names = other.files.iter().map(|file| file.name.as_str());
                let is_divided = dataset.files.iter().any(|f| f.share == Share::OfItsKind);
                names.eq(dataset.files.iter().map(|file| &*file.name))
                    && (!is_divided || other.kind == dataset.kind)
            };
            if let Some(corrected) = corrected.iter().find(is_same) {
                dataset.correct(corrected);
            }
        }
    }
}

impl DatasetPlan {
    /// The dataset as it is shown before anything is written.
    pub fn answer(&self) -> PlannedDataset {
        let understood = self.understood.as_ref();
        let evidence = understood
            .map(|understood| understood.evidence.clone())
            .unwrap_or_default();
        PlannedDataset {
            name: self.name.clone(),
            kind: self.kind,
            kind_opinion: confidence(&evidence.kind),
            channel: self.channel.clone(),
            guessed: understood.is_some(),
            rows_sampled: evidence.rows,
            bytes_sampled: evidence.bytes,
            is_part: evidence.is_part,
            files: self.files.iter().map(facts).collect(),
            primary: self.mapping.primary.clone(),
            fields: planned_fields(&self.mapping, &evidence.columns),
            glued: understood
                .map(|understood| understood.glued.clone())
                .unwrap_or_default(),
            warnings: understood
                .map(|understood| understood.warnings.clone())
                .unwrap_or_default(),
        }
    }

    fn correct(&mut self, corrected: &PlannedDataset) {
        self.name.clone_from(&corrected.name);
        self.kind = corrected.kind;
        let fields = || corrected.fields.iter();
        let with_role = |role| {
            fields()
                .find(|field| field.role == role)
                .map(|field| Address::new(&field.source))
        };
        self.mapping.identities = fields().filter_map(identity).collect();
        self.mapping.fields = fields().filter_map(field_move).collect();
        self.mapping.primary.clone_from(&corrected.primary);
        self.mapping.time = with_role(FieldRole::Time);
        let dates = fields().filter(|field| field.role == FieldRole::Time);
        let mut dates = dates.filter_map(|field| field.dates.as_ref()?.parse().ok());
        self.mapping.dates = dates.next();
        self.mapping.id = with_role(FieldRole::Id);
        if let Some(Understood { glued, .. }) = &mut self.understood {
            glued.clone_from(&corrected.glued);
        }
    }
}

fn identity(field: &PlannedField) -> Option<IdentityField> {
    let identity = field.identity.as_ref()?;
    let steps = identity
        .normalise
        .iter()
        .filter_map(|step| step.parse::<Normalise>().ok());
    Some(IdentityField {
        address: Address::new(&field.source),
        namespace: identity.namespace.clone(),
        normalise: steps.collect(),
    })
}

fn field_move(field: &PlannedField) -> Option<FieldMove> {
    Some(FieldMove {
        from: Address::new(&field.source),
        to: Address::new(field.path.as_ref()?).path,
    })
}

fn facts(file: &PlannedFile) -> FileFacts {
    let shape = file
        .shape
        .map_or_else(String::new, |shape| format!(", {}", shape.name()));
    let is_packed = file.compression != Compression::None;
    FileFacts {
        name: file.name.to_string(),
        format: format!("{}{shape}", file.format.name()),
        packing: is_packed.then(|| file.compression.to_string()),
        bytes: file.bytes,
    }
}

/// The columns that were seen, then what the mapping names beside them.
fn planned_fields(mapping: &Mapping, columns: &[ColumnEvidence]) -> Vec<PlannedField> {
    let mut fields: Vec<PlannedField> = columns
        .iter()
        .map(|column| field(mapping, column))
        .collect();
    for (key, address) in mapping.addresses() {
        let is_listed = fields.iter().any(|field| field.source == address.text);
        if key != "nulls" && key != "ingested" && !is_listed {
            let unseen = ColumnEvidence {
                source: address.text.clone(),
                ..ColumnEvidence::default()
            };
            fields.push(field(mapping, &unseen));
        }
    }
    fields
}

fn field(mapping: &Mapping, column: &ColumnEvidence) -> PlannedField {
    let is_it = |address: &Address| address.text == column.source;
    let identity = mapping
        .identities
        .iter()
        .find(|field| is_it(&field.address));
    let moved = mapping.fields.iter().find(|field| is_it(&field.from));
    let role = match (&mapping.time, &mapping.id) {
        (Some(time), _) if is_it(time) => FieldRole::Time,
        (_, Some(id)) if is_it(id) => FieldRole::Id,
        _ => FieldRole::Plain,
    };
    PlannedField {
        source: column.source.clone(),
        identity: identity.map(|field| PlannedIdentity {
            namespace: field.namespace.clone(),
            normalise: field
                .normalise
                .iter()
                .map(|step| step.name().to_owned())
                .collect(),
        }),
        role,
        dates: mapping
            .dates
            .filter(|_| role == FieldRole::Time)
            .map(|order| order.name().to_owned()),
        path: moved.map(|field| field.to.to_string()),
        samples: column.samples.clone(),
        filled: column.filled,
        opinion: confidence(&column.opinion),
    }
}

fn confidence(opinion: &Opinion) -> Confidence {
    Confidence {
        percent: opinion.confidence,
        reason: opinion.reason.clone(),
    }
}
