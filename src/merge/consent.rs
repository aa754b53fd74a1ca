//! Consent: the alarm for a newer opt-out, and what the choices of a profile come to.

use serde_json::{Map, Value};

use crate::model::{ConsentAlarm, Moment, Path};

use super::cast::Cast;
use super::leaf;
use super::tree::Said;

/// What the choices of a profile come to for one channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelConsent {
    /// The channel: email, push, sms… or `any`, which is every channel without a choice of its own.
    pub channel: String,
    /// The identity whose own choice this is, as namespace and value; `None` for the whole profile.
    pub identity: Option<(String, String)>,
    /// What holds.
    pub consent: Consent,
    /// The choice that decided; `None` where there is none.
    pub decided_by: Option<Path>,
}

/// What holds for a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// The person opted in.
    Yes,
    /// The person opted out.
    No,
    /// The person said neither.
    Unset,
}

/// The effective consent of every channel that a folded entity names, `any` first, those of single identities last.
///
/// `any = n` overrides every channel; `any = y` means yes unless a channel says no; unset leaves each channel to itself.
/// What an identity says of itself counts only where its channel is not opted out.
pub fn effective(entity: &Map<String, Value>) -> Vec<ChannelConsent> {
    let root = Path(vec!["consents".into()]);
    let consents = entity.get("consents");
    let marketing = consents.and_then(|consents| consents.get("marketing"));
    let mut all = channels(marketing, &root.child("marketing"));
    let specific = consents.and_then(|consents| consents.get("idSpecific"));
    let own = identity_choices(specific, &root.child("idSpecific"), &all);
    all.extend(own);
    all
}

/// The newest opt-out that some fragment holds against the opt-in that won; `ranked` are the values here, the winner first.
pub(super) fn alarm(
    cast: &Cast<'_>,
    path: &Path,
    ranked: &[Said],
    watched: &[Said],
) -> Option<ConsentAlarm> {
    let winner = ranked.first()?;
    if !matches!(choice(&winner.value)?, "y" | "dy") {
        return None;
    }
    let since = decided_at(cast, winner);
    let mut newest: Option<(&Said, Moment)> = None;
    for said in ranked.iter().skip(1).chain(watched) {
        let at = decided_at(cast, said);
        let is_opt_out = choice(&said.value) == Some("n");
        if is_opt_out && at > newest.map_or(since, |(_, at)| at) {
            newest = Some((said, at));
        }
    }
    let (said, at) = newest?;
    Some(ConsentAlarm {
        path: path.pointer(),
        value: said.value.clone(),
        dataset: leaf::origin(cast, said).dataset,
        at,
    })
}

/// When a choice was made: by its own time, else the record's, else that of its ingestion.
fn decided_at(cast: &Cast<'_>, said: &Said) -> Moment {
    let own = said.value.get("time").and_then(Value::as_str);
    own.and_then(Moment::read).unwrap_or_else(|| {
        let origin = leaf::origin(cast, said);
        origin.customer_time.unwrap_or(origin.ingested_at)
    })
}

fn choice(value: &Value) -> Option<&str> {
    value.get("val")?.as_str()
}

fn consent(value: &Value) -> Consent {
    match choice(value) {
        Some("y" | "dy") => Consent::Yes,
        Some("n" | "dn") => Consent::No,
        _ => Consent::Unset,
    }
}

fn channels(marketing: Option<&Value>, at: &Path) -> Vec<ChannelConsent> {
    let Some(Value::Object(marketing)) = marketing else {
        return Vec::new();
    };
    let any = marketing.get("any").map_or(Consent::Unset, consent);
    let any_path = at.child("any");
    let whole = marketing.get("any").map(|_| ChannelConsent {
        channel: "any".into(),
        identity: None,
        consent: any,
        decided_by: Some(any_path.clone()),
    });
    let choices = marketing
        .iter()
        .filter(|(channel, value)| *channel != "any" && choice(value).is_some());
    let single = choices.map(|(channel, value)| {
        let own = consent(value);
        let (consent, decided_by) = match (any, own) {
            (Consent::No, _) => (Consent::No, any_path.clone()),
            (Consent::Yes, Consent::Unset) => (Consent::Yes, any_path.clone()),
            _ => (own, at.child(channel)),
        };
        ChannelConsent {
            channel: channel.clone(),
            identity: None,
            consent,
            decided_by: Some(decided_by),
        }
    });
    whole.into_iter().chain(single).collect()
}

fn identity_choices(
    specific: Option<&Value>,
    at: &Path,
    profile: &[ChannelConsent],
) -> Vec<ChannelConsent> {
    let mut all = Vec::new();
    for (namespace, values) in members(specific) {
        for (id, consents) in members(Some(values)) {
            let at = at.child(namespace).child(id).child("marketing");
            for mut own in channels(consents.get("marketing"), &at) {
                overrule(&mut own, profile);
                own.identity = Some((namespace.clone(), id.clone()));
                all.push(own);
            }
        }
    }
    all
}

/// The profile's opt-out of a channel, or of all where the channel has no choice of its own, goes before an identity's.
fn overrule(own: &mut ChannelConsent, profile: &[ChannelConsent]) {
    let of = |channel: &str| profile.iter().find(|c| c.channel == channel);
    let above = of(&own.channel).or_else(|| of("any"));
    if let Some(above) = above.filter(|above| above.consent == Consent::No) {
        own.consent = Consent::No;
        own.decided_by.clone_from(&above.decided_by);
    }
}

fn members(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_no_overrides_and_any_yes_gives_way_to_a_channel() {
        let check = |consents: &str, channel: &str, expected: Consent| {
            let entity = format!(r#"{{"consents":{consents}}}"#);
            let entity: Map<_, _> = serde_json::from_str(&entity).expect(consents);
            let all = effective(&entity);
            let found = all.iter().rfind(|c| c.channel == channel);
            assert_eq!(found.expect(channel).consent, expected, "{consents}");
        };
        let no_any = r#"{"marketing":{"any":{"val":"n"},"email":{"val":"y"}}}"#;
        check(no_any, "email", Consent::No);
        let yes_any = r#"{"marketing":{"any":{"val":"y"},"email":{"val":"n"},"sms":{"val":"u"}}}"#;
        check(yes_any, "email", Consent::No);
        check(yes_any, "sms", Consent::Yes);
        let unset = r#"{"marketing":{"email":{"val":"y"},"sms":{"val":"p"}}}"#;
        check(unset, "email", Consent::Yes);
        check(unset, "sms", Consent::Unset);
        let specific = |channel: &str| {
            format!(
                r#"{{"marketing":{{"email":{{"val":"{channel}"}}}},
                "idSpecific":{{"Email":{{"a@x":{{"marketing":{{"email":{{"val":"y"}}}}}}}}}}}}"#
            )
        };
        check(&specific("n"), "email", Consent::No);
        check(&specific("u"), "email", Consent::Yes);
    }
}
