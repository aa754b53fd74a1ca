//! A cluster written in a few lines, and what it must fold to.

use std::sync::Arc;

use onefold::merge::{self, Claim, ClaimPaths, Claims, Field, Ingredients, fold};
use onefold::model::{
    BatchId, Body, Clock, Fragment, Grain, Identity, ImportId, Leaf, MergePolicy, Moment,
    Operation, Path, Profile, Rule, SourceLine, Touch, Version,
};
use serde_json::Value;

/// The policy of a new store.
pub fn policy() -> MergePolicy {
    MergePolicy::latest_wins()
}

/// A policy of these datasets, first is highest.
pub fn precedence(order: &[&str]) -> MergePolicy {
    MergePolicy {
        method: "dataSetPrecedence".into(),
        order: order.iter().map(ToString::to_string).collect(),
        ..policy()
    }
}

/// The same policy by field.
pub fn field(mut policy: MergePolicy) -> MergePolicy {
    policy.options.grain = Grain::Field;
    policy
}

/// A policy by the records' own times, with this grain.
pub fn customer_clock(grain: Grain) -> MergePolicy {
    let mut policy = policy();
    policy.options.clock = Clock::Customer;
    policy.options.grain = grain;
    policy
}

/// A path with what wins and what loses there.
#[derive(Debug, PartialEq)]
pub struct WeighedField {
    pub path: Vec<String>,
    pub winner: Value,
    pub losers: Vec<Value>,
    pub is_disputed: bool,
}

/// Fragments under construction, with the policy and the identity to ask by; a batch's number is its moment too.
#[derive(Clone)]
pub struct Cluster {
    pub fragments: Vec<Fragment>,
    pub identities: Vec<Identity>,
    policy: MergePolicy,
    requested: Option<Identity>,
    import: Option<u32>,
    last: usize,
}

/// A folded profile under test.
pub struct Folded(Profile);

impl Cluster {
    pub fn new() -> Cluster {
        Cluster {
            fragments: Vec::new(),
            identities: Vec::new(),
            policy: policy(),
            requested: None,
            import: None,
            last: 0,
        }
    }

    /// A record that replaces what its dataset held of its identity.
    pub fn record(self, batch: u32, dataset: &str, identity: &str, body: &str) -> Cluster {
        self.version(batch, dataset, identity, (Operation::Create, body))
    }

    /// A record that patches its fragment.
    pub fn patch(self, batch: u32, dataset: &str, identity: &str, body: &str) -> Cluster {
        self.version(batch, dataset, identity, (Operation::Merge, body))
    }

    /// A record that patches its fragment and appends to its arrays.
    pub fn append(self, batch: u32, dataset: &str, identity: &str, body: &str) -> Cluster {
        self.version(batch, dataset, identity, (Operation::Append, body))
    }

    /// A record that ends its fragment.
    pub fn delete(self, batch: u32, dataset: &str, identity: &str) -> Cluster {
        self.version(batch, dataset, identity, (Operation::Delete, "null"))
    }

    /// The newest record of a fragment once more.
    pub fn touch(mut self, batch: u32, dataset: &str, identity: &str) -> Cluster {
        let place = self.place(dataset, identity);
        let version = self.fragments[place].versions.last_mut();
        version.expect("a record to repeat").touches.push(Touch {
            batch: BatchId(batch),
            import: ImportId(batch),
            line: SourceLine { file: 0, line: 1 },
            ingested_at: Moment(i64::from(batch)),
        });
        self
    }

    /// The last record names this identity too.
    pub fn with_secondary(mut self, identity: &str) -> Cluster {
        let identity: Identity = identity.parse().expect("an identity");
        self.know(&identity);
        self.last_version().secondary.push(identity);
        self
    }

    /// The last record has a time of its own.
    pub fn changed_at(mut self, time: &str) -> Cluster {
        self.last_version().customer_time = Moment::read(time);
        self
    }

    /// The records from here on come in this import command; else each batch is an import.
    pub fn import(mut self, import: u32) -> Cluster {
        self.import = Some(import);
        self
    }

    pub fn under(&self, policy: MergePolicy) -> Cluster {
        Cluster {
            policy,
            ..self.clone()
        }
    }

    pub fn asked_for(mut self, identity: &str) -> Cluster {
        self.requested = identity.parse().ok();
        self
    }

    /// Only what batches up to this one brought.
    pub fn until(mut self, batch: u32) -> Cluster {
        for fragment in &mut self.fragments {
            fragment.versions.retain(|version| version.batch.0 <= batch);
        }
        self
    }

    /// Without what this batch brought.
    pub fn without(mut self, batch: u32) -> Cluster {
        for fragment in &mut self.fragments {
            fragment.versions.retain(|version| version.batch.0 != batch);
        }
        self
    }

    pub fn fold(&self) -> Profile {
        let requested = self.requested.as_ref().unwrap_or(&self.identities[0]);
        let ingredients = Ingredients {
            requested,
            cluster: &self.identities,
            fragments: &self.fragments,
        };
        fold(&ingredients, &self.policy)
    }

    /// The same from what the fragments claim.
    pub fn fold_claims(&self) -> Profile {
        self.claimed(|ingredients, claims, _| {
            merge::fold_claims(ingredients, claims, &self.policy).0
        })
    }

    /// Each path with what wins and what loses there, weighed; `None` where only the fold can tell.
    pub fn weigh(&self) -> Option<Vec<WeighedField>> {
        self.claimed(|ingredients, claims, paths| self.weigh_claims(ingredients, claims, paths))
    }

    fn claimed<T>(&self, ask: impl FnOnce(&Ingredients<'_>, &[Claims], &ClaimPaths) -> T) -> T {
        let mut paths = ClaimPaths::default();
        let outlines = self.fragments.iter();
        let outlines = outlines.filter_map(|own| merge::outlined(own, &mut paths));
        let (fragments, claims): (Vec<_>, Vec<_>) = outlines.unzip();
        let ingredients = Ingredients {
            requested: self.requested.as_ref().unwrap_or(&self.identities[0]),
            cluster: &self.identities,
            fragments: &fragments,
        };
        ask(&ingredients, &claims, &paths)
    }

    fn weigh_claims(
        &self,
        ingredients: &Ingredients<'_>,
        claims: &[Claims],
        paths: &ClaimPaths,
    ) -> Option<Vec<WeighedField>> {
        let is_outer = |no| paths.is_outer(no);
        let weighed = merge::weigh_claims(ingredients, claims, &is_outer, &self.policy)?;
        let value = |claim: &Claim| claim.value.clone().expect("a value");
        let field = |field: Field<'_, '_>| WeighedField {
            path: field.winner.path.keys.clone(),
            winner: value(field.winner),
            losers: field.losers().map(value).collect(),
            is_disputed: field.is_disputed(),
        };
        let mut fields: Vec<_> = weighed.fields().map(field).collect();
        fields.sort_by(|a, b| a.path.cmp(&b.path));
        let folded = self.fold_claims();
        assert_eq!(weighed.sources, folded.sources);
        assert_eq!(weighed.last_modified_at, folded.last_modified_at);
        Some(fields)
    }

    /// The attributes of the profile, key order included.
    #[track_caller]
    pub fn folds_to(&self, expected: &str) -> Folded {
        let profile = self.fold();
        let mut entity = profile.entity.clone();
        entity.shift_remove("identityMap");
        let written = serde_json::to_string(&entity).expect("JSON");
        assert_eq!(written, expected);
        Folded(profile)
    }

    fn version(
        mut self,
        batch: u32,
        dataset: &str,
        identity: &str,
        (operation, body): (Operation, &str),
    ) -> Cluster {
        let place = self.place(dataset, identity);
        self.last = place;
        self.fragments[place].versions.push(Version {
            batch: BatchId(batch),
            import: ImportId(self.import.unwrap_or(batch)),
            line: SourceLine { file: 0, line: 1 },
            ingested_at: Moment(i64::from(batch)),
            touches: Vec::new(),
            customer_time: None,
            operation,
            body: Body::new(body),
            secondary: Vec::new(),
        });
        self
    }

    fn place(&mut self, dataset: &str, identity: &str) -> usize {
        let identity: Identity = identity.parse().expect("an identity");
        self.know(&identity);
        let mut fragments = self.fragments.iter();
        let known = fragments.position(|f| &*f.dataset == dataset && *f.identity == identity);
        known.unwrap_or_else(|| {
            let priority = match identity.namespace.as_str() {
                "CRMID" => 1,
                "Email" => 2,
                _ => 3,
            };
            self.fragments.push(Fragment {
                dataset: dataset.into(),
                identity: Arc::new(identity),
                priority,
                versions: Vec::new(),
            });
            self.fragments.len() - 1
        })
    }

    fn know(&mut self, identity: &Identity) {
        // A set would forget the order; the last ones are the likely ones, and tests are small but one.
        if !self
            .identities
            .iter()
            .rev()
            .take(50)
            .any(|known| known == identity)
        {
            self.identities.push(identity.clone());
        }
    }

    fn last_version(&mut self) -> &mut Version {
        let versions = &mut self.fragments[self.last].versions;
        versions.last_mut().expect("a record before")
    }
}

impl Folded {
    #[track_caller]
    pub fn rule(self, path: &str, rule: Rule) -> Folded {
        assert_eq!(self.leaf(path).rule, rule, "{path}");
        self
    }

    #[track_caller]
    pub fn says(self, path: &str, holds: impl Fn(&Leaf) -> bool) -> Folded {
        assert!(holds(self.leaf(path)), "{:?}", self.leaf(path));
        self
    }

    #[track_caller]
    pub fn has_sources(self, expected: &[&str]) -> Folded {
        let sources: Vec<&str> = self.0.sources.iter().map(|source| &**source).collect();
        assert_eq!(sources, expected);
        self
    }

    #[track_caller]
    pub fn has_identities(self, expected: &str) -> Folded {
        let expected: Value = serde_json::from_str(expected).expect("JSON");
        assert_eq!(self.0.entity["identityMap"], expected);
        self
    }

    fn leaf(&self, path: &str) -> &Leaf {
        let path: Path = path.parse().expect("every text is a path");
        self.0.leaf(&path).expect("a leaf")
    }
}
