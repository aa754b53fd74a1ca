//! Ids as types, so that two of them can never be swapped.

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id!(
    /// An identity in the store, numbered from 1 in the order in which identities were first seen.
    IdentityId(u32)
);
id!(
    /// A namespace in the store, numbered from 1.
    NamespaceId(u16)
);
id!(
    /// A dataset in the store, numbered from 1.
    DatasetId(u16)
);
id!(
    /// A batch in the store, numbered from 1 in the order of ingestion.
    BatchId(u32)
);
id!(
    /// An import command, numbered from 1; it makes one batch per dataset.
    ImportId(u32)
);
id!(
    /// A cluster: the smallest id among its identities.
    ClusterId(u32)
);
