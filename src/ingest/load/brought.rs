//! What each batch of an import added to the store, for the list of batches.

use std::collections::HashMap;

use super::Result;
use super::plot::OpenBatch;
use crate::identity::{Graph, LinkNumber};
use crate::model::{BatchId, Brought};
use crate::store::Writer;

/// Notes it for the batches of this import, once their links are known.
pub(super) fn write(
    writer: &Writer,
    batches: &[OpenBatch],
    graph: &Graph,
    new_links: &[LinkNumber],
) -> Result<()> {
    if batches.is_empty() {
        return Ok(());
    }
    let mut links: HashMap<BatchId, u64> = HashMap::new();
    for link in new_links {
        *links.entry(graph.link(*link).first.batch).or_default() += 1;
    }
    for batch in batches {
        let brought = Brought {
            links: Some(links.get(&batch.id).copied().unwrap_or(0)),
            ..batch.brought
        };
        writer.set_brought(batch.id, &brought)?;
    }
    Ok(())
}
