//! What is hidden in each answer.

use super::value::{Veil, sentence};
use super::{Mask, Personal};
use crate::identity::Simulation;
use crate::model::privacy::HIDDEN;
use crate::model::{
    CompareAnswer, ComparedSide, DeletionAnswer, Effects, EventsAnswer, GraphAnswer, GraphIdentity,
    GraphLink, Hit, Hop, Identity, Leaf, Miss, PlanAnswer, PopulationAnswer, ProfileAnswer,
    Removal, ResolveAnswer, SearchAnswer, StatsAnswer, Suspect, WhyAnswer,
};

impl Personal for ProfileAnswer {
    fn hide(&mut self, mask: &Mask) {
        let veil = Veil::over(mask, &self.identities);
        veil.object(&mut Vec::new(), &mut self.profile.entity);
        for leaf in &mut self.profile.leaves {
            hide_leaf(leaf, &veil, mask);
        }
        for alarm in &mut self.profile.consent_alarms {
            veil.value(&mut Vec::new(), &mut alarm.value);
        }
        self.entity_id.hide(mask);
        self.requested.hide(mask);
        self.identities.hide(mask);
    }
}

fn hide_leaf(leaf: &mut Leaf, veil: &Veil<'_>, mask: &Mask) {
    let mut keys = leaf.path.keys().to_vec();
    veil.value(&mut keys, &mut leaf.value);
    leaf.winner.identity.hide(mask);
    for candidate in &mut leaf.candidates {
        veil.value(&mut keys, &mut candidate.value);
        candidate.origin.identity.hide(mask);
    }
    for superseded in &mut leaf.superseded {
        veil.value(&mut keys, &mut superseded.value);
        superseded.origin.identity.hide(mask);
    }
}

impl Personal for EventsAnswer {
    fn hide(&mut self, mask: &Mask) {
        for event in &mut self.events {
            let own = [&self.identity, event.identity.as_ref()];
            Veil::over(mask, own).body(&mut event.body);
            event.identity.hide(mask);
        }
        self.identity.hide(mask);
    }
}

impl Personal for SearchAnswer {
    fn hide(&mut self, mask: &Mask) {
        self.profiles.hide(mask);
    }
}

impl Personal for Hit {
    fn hide(&mut self, mask: &Mask) {
        let hide_text = |text: &mut Option<String>| {
            if let Some(text) = text {
                HIDDEN.clone_into(text);
            }
        };
        let veil = Veil::over(mask, [&self.entity_id]);
        for found in &mut self.matched {
            let identity = found.value.as_str().map(str::parse::<Identity>);
            match (found.path.as_str(), identity) {
                ("identity", Some(Ok(identity))) => {
                    found.value = mask.apply(identity).to_string().into();
                }
                (path, _) => {
                    let mut keys = path.split('.').map(str::to_owned).collect();
                    veil.value(&mut keys, &mut found.value);
                }
            }
        }
        hide_text(&mut self.name);
        hide_text(&mut self.email);
        self.entity_id.hide(mask);
    }
}

impl Personal for GraphAnswer {
    fn hide(&mut self, mask: &Mask) {
        self.identity.hide(mask);
        self.identities.hide(mask);
        self.links.hide(mask);
    }
}

impl Personal for GraphIdentity {
    fn hide(&mut self, mask: &Mask) {
        self.identity.hide(mask);
    }
}

impl Personal for GraphLink {
    fn hide(&mut self, mask: &Mask) {
        self.a.hide(mask);
        self.b.hide(mask);
        if let Some(end) = &mut self.removed {
            end.reason.hide(mask);
        }
    }
}

impl Personal for Hop {
    fn hide(&mut self, mask: &Mask) {
        self.a.hide(mask);
        self.b.hide(mask);
    }
}

impl Personal for WhyAnswer {
    fn hide(&mut self, mask: &Mask) {
        match self {
            WhyAnswer::Linked { path: hops } | WhyAnswer::Links { links: hops } => hops.hide(mask),
            WhyAnswer::Apart { reason, removed } => {
                let ends = removed.iter().filter_map(|link| link.removed.as_ref());
                let hidden = ends.flat_map(|end| hidden_texts(&end.reason, mask));
                *reason = sentence(reason, hidden);
                removed.hide(mask);
            }
        }
    }
}

fn hidden_texts<'r>(reason: &'r Removal, mask: &Mask) -> Vec<&'r str> {
    match reason {
        Removal::Unique { namespace, a, b } if mask.hides_namespace(namespace) => {
            vec![a.as_str(), b.as_str()]
        }
        Removal::Cap { identity, .. } | Removal::Deleted { identity } if mask.hides(identity) => {
            vec![identity.value.as_str()]
        }
        _ => Vec::new(),
    }
}

impl Personal for CompareAnswer {
    fn hide(&mut self, mask: &Mask) {
        let sides = self
            .sides
            .iter()
            .filter_map(|side| side.profile.as_ref().ok());
        let identities: Vec<Identity> =
            sides.flat_map(|answer| answer.identities.clone()).collect();
        let veil = Veil::over(mask, &identities);
        for field in &mut self.fields {
            let mut keys = field.path.keys().to_vec();
            for said in field.values.iter_mut().flatten() {
                veil.value(&mut keys, &mut said.value);
            }
        }
        self.requested.hide(mask);
        self.sides.hide(mask);
    }
}

impl Personal for ComparedSide {
    fn hide(&mut self, mask: &Mask) {
        match &mut self.profile {
            Ok(answer) => answer.hide(mask),
            Err(miss) => miss.hide(mask),
        }
    }
}

impl Personal for Miss {
    fn hide(&mut self, mask: &Mask) {
        match self {
            Miss::Unknown {
                identity,
                nearest: others,
            }
            | Miss::OtherNamespace {
                identity,
                known: others,
            }
            | Miss::OnlySecondary {
                identity,
                carried_by: others,
                ..
            } => {
                identity.hide(mask);
                others.hide(mask);
            }
            Miss::LeftOut { identity, .. }
            | Miss::NotThen { identity, .. }
            | Miss::Deleted { identity }
            | Miss::Forgotten { identity, .. } => identity.hide(mask),
        }
    }
}

impl Personal for StatsAnswer {
    fn hide(&mut self, mask: &Mask) {
        for (identity, _) in &mut self.largest_graphs {
            identity.hide(mask);
        }
        self.suspects.hide(mask);
    }
}

impl Personal for PopulationAnswer {
    fn hide(&mut self, mask: &Mask) {
        for example in &mut self.examples {
            example.entity_id.hide(mask);
        }
    }
}

impl Personal for ResolveAnswer {
    fn hide(&mut self, mask: &Mask) {
        self.examples.hide(mask);
    }
}

impl Personal for Effects {
    fn hide(&mut self, mask: &Mask) {
        for consent in &mut self.consents.examples {
            consent.entity_id.hide(mask);
        }
        for hot in &mut self.hot {
            hot.identity.hide(mask);
        }
        for example in &mut self.examples {
            example.entity_id.hide(mask);
        }
    }
}

impl Personal for DeletionAnswer {
    fn hide(&mut self, mask: &Mask) {
        self.examples.hide(mask);
    }
}

impl Personal for Simulation {
    fn hide(&mut self, mask: &Mask) {
        let all = self.links.iter().flat_map(|(a, b)| [a, b]);
        let removed = self.removed.iter().flat_map(|link| [&link.a, &link.b]);
        let hidden: Vec<String> = all
            .chain(removed)
            .filter(|identity| mask.hides(identity))
            .map(|identity| identity.value.clone())
            .collect();
        for link in &mut self.removed {
            link.reason = sentence(&link.reason, hidden.iter().map(String::as_str));
            link.a.hide(mask);
            link.b.hide(mask);
        }
        for line in &mut self.rejected {
            line.reason = sentence(&line.reason, hidden.iter().map(String::as_str));
        }
        for (a, b) in &mut self.links {
            a.hide(mask);
            b.hide(mask);
        }
        self.graphs.hide(mask);
        self.singletons.hide(mask);
        self.primary.hide(mask);
    }
}

impl Personal for Suspect {
    fn hide(&mut self, mask: &Mask) {
        self.reason = sentence(&self.reason, [self.entity_id.value.as_str()]);
        self.entity_id.hide(mask);
    }
}

/// What a column means is only guessed, so no value of a sample is shown.
impl Personal for PlanAnswer {
    fn hide(&mut self, _: &Mask) {
        for dataset in &mut self.datasets {
            for field in &mut dataset.fields {
                for sample in &mut field.samples {
                    HIDDEN.clone_into(sample);
                }
            }
            for glued in &mut dataset.glued {
                HIDDEN.clone_into(&mut glued.written);
                HIDDEN.clone_into(&mut glued.value);
            }
        }
    }
}
