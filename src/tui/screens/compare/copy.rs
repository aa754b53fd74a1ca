//! What of a comparison goes to the clipboard.

use crate::tui::action::Part;
use crate::tui::message::Effect;
use crate::tui::text::brief;

use super::Compare;
use super::table::Table;

impl Compare {
    /// The selected row, as a value, a path, JSON, or a line.
    pub(super) fn copy(&self, part: Part) -> Vec<Effect> {
        let Some(table) = self.content.ready() else {
            return Vec::new();
        };
        let Some(row) = table.rows().get(self.cursor.selected()) else {
            return Vec::new();
        };
        let Some(field) = table.field(*row) else {
            return vec![Effect::Say("there is no value on this row".into())];
        };
        let said = Table::said(field, self.column).map(|said| &said.value);
        let by_policy: serde_json::Map<_, _> = table
            .sides()
            .iter()
            .zip(&field.values)
            .map(|(side, said)| (side.policy.name.clone(), serde_json::json!(said)))
            .collect();
        let whole = |value: Option<&serde_json::Value>| {
            value.map_or_else(|| "—".into(), |value| brief(value, usize::MAX / 8))
        };
        let (name, text) = match part {
            Part::Value => ("value", whole(said)),
            Part::Path => ("path", field.path.to_string()),
            Part::Json => {
                let json = serde_json::json!({ "path": field.path, "policies": by_policy });
                ("json", format!("{json:#}"))
            }
            Part::Line => {
                let said = field
                    .values
                    .iter()
                    .map(|said| whole(said.as_ref().map(|said| &said.value)));
                let said: Vec<_> = said.collect();
                ("line", format!("{}  {}", field.path, said.join("  ")))
            }
        };
        vec![Effect::Copy {
            name: name.into(),
            text,
        }]
    }
}
