//! The places of the interface: one for each kind of screen.

/// A kind of screen: what the tabs and the `g` keys name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// Finding profiles.
    Search,
    /// One profile's attributes and reasons.
    Profile,
    /// One profile's identities and their links.
    Graph,
    /// One profile's events.
    Timeline,
    /// One profile under several policies.
    Compare,
    /// Bringing files in.
    Import,
    /// The merge policies.
    Policies,
    /// The store as a whole.
    Overview,
}

impl Place {
    /// Every place, in the order of the tabs.
    pub const ALL: [Place; 8] = [
        Place::Search,
        Place::Profile,
        Place::Graph,
        Place::Timeline,
        Place::Compare,
        Place::Import,
        Place::Policies,
        Place::Overview,
    ];

    /// Its name on the tab.
    pub fn name(self) -> &'static str {
        match self {
            Place::Search => "Search",
            Place::Profile => "Profile",
            Place::Graph => "Graph",
            Place::Timeline => "Timeline",
            Place::Compare => "Compare",
            Place::Import => "Import",
            Place::Policies => "Policies",
            Place::Overview => "Overview",
        }
    }

    /// Its name in an address.
    pub fn word(self) -> String {
        self.name().to_lowercase()
    }

    /// The place that an address names so.
    pub fn named(word: &str) -> Option<Place> {
        let is_it = |place: &Place| place.name().eq_ignore_ascii_case(word);
        Place::ALL.into_iter().find(is_it)
    }

    /// Whether its screens are about one profile.
    pub fn is_about_somebody(self) -> bool {
        match self {
            Place::Profile | Place::Graph | Place::Timeline | Place::Compare => true,
            Place::Search | Place::Import | Place::Policies | Place::Overview => false,
        }
    }
}
