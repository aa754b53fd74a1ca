//! Calls of Segment and `RudderStack`: `identify` is a record; `track`, `page`, `screen`, `group` and `alias` are events.

use serde_json::{Map, Value};

use super::{Notation, Shape, path};
use crate::ingest::formats::Slot;
use crate::ingest::interpret::Draft;
use crate::ingest::mapping::{Address, IdentityField, Mapping, Update};
use crate::model::{DatasetKind, Path};

/// A call of an analytics library.
pub struct Segment;

const IDENTIFY: &str = "identify";
const CALLS: [&str; 6] = [IDENTIFY, "track", "page", "screen", "group", "alias"];

/// Keys of which every call has at least one.
const SIGNS: [&str; 5] = [
    "userId",
    "anonymousId",
    "previousId",
    "messageId",
    "groupId",
];

/// Where a call names somebody; an alias names the former id, which most often is an anonymous one.
const IDENTITIES: [(&str, &str); 6] = [
    ("userId", USER),
    ("anonymousId", ANONYMOUS),
    ("previousId", ANONYMOUS),
    ("context.device.id", "deviceId"),
    ("traits.email", "Email"),
    ("context.traits.email", "Email"),
];
const USER: &str = "userId";
const ANONYMOUS: &str = "anonymousId";

const OTHER_TIMES: [&str; 3] = ["originalTimestamp", "sentAt", "receivedAt"];

impl Shape for Segment {
    fn code(&self) -> &'static str {
        "segment"
    }

    fn name(&self) -> &'static str {
        "Segment calls"
    }

    fn fits(&self, row: &Map<String, Value>) -> bool {
        let call = row.get("type").and_then(Value::as_str);
        call.is_some_and(|call| CALLS.contains(&call))
            && SIGNS.iter().any(|key| row.contains_key(*key))
    }

    /// Traits add up from call to call, so that records patch.
    fn mapping(&self, kind: DatasetKind) -> Mapping {
        let identity = |(address, namespace): (&str, &str)| IdentityField {
            address: Address::new(address),
            namespace: namespace.to_owned(),
            normalise: Vec::new(),
        };
        Mapping {
            identities: IDENTITIES.map(identity).to_vec(),
            time: Some(Address::new("timestamp")),
            id: Some(Address::new("messageId")),
            update: match kind {
                DatasetKind::Record => Update::Patch,
                DatasetKind::Event => Update::Replace,
            },
            ..Mapping::default()
        }
    }

    fn fields(&self, _: DatasetKind) -> Vec<(Path, Slot)> {
        let external = Slot::Named(Notation::ExternalIds);
        let mut fields = vec![
            (path(&["type"]), Slot::Word),
            (path(&["event"]), Slot::Kind),
            (path(&["context", "externalIds"]), external),
            (path(&["context", "externalId"]), external),
        ];
        let times = OTHER_TIMES.iter().zip(1..);
        fields.extend(times.map(|(key, rank)| (path(&[key]), Slot::OtherTime(rank))));
        fields
    }

    fn other_times(&self, _: DatasetKind) -> &'static [&'static str] {
        &OTHER_TIMES
    }

    fn sorted_by(&self) -> Vec<Path> {
        vec![path(&["type"])]
    }

    fn kind(&self, word: Option<&str>) -> DatasetKind {
        match word {
            Some(IDENTIFY) => DatasetKind::Record,
            _ => DatasetKind::Event,
        }
    }

    fn records(&self) -> &'static str {
        IDENTIFY
    }

    /// A track call is of the type that its event names, others of their call's; whoever is known is primary.
    fn complete(&self, draft: &mut Draft) {
        if let Some(call) = draft.word.take()
            && (call != "track" || draft.kind.is_none())
        {
            draft.kind = Some(call);
        }
        draft.mark_first_of(&[USER, ANONYMOUS]);
        draft.may_lack_time();
    }
}
