//! A schema as TOML: what a person writes, and what `dau schema` prints.

use serde::{Deserialize, Serialize};

use super::{Field, FieldKind, Schema, Unknown};
use crate::error::{Error, ErrorKind, Result};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SchemaForm {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(default)]
    unknown: Unknown,
    #[serde(default)]
    fields: toml::map::Map<String, toml::Value>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldForm {
    kind: FieldKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    weight: Option<f32>,
}

impl Schema {
    /// Reads a schema from TOML; [`Schema`] shows the form. `unknown` is `"error"` or `"keep"`; a field may have a `weight`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Schema`] when the text is not TOML, has an unknown key or kind, or contradicts itself.
    pub fn from_toml(text: &str) -> Result<Schema> {
        let bad = |error: toml::de::Error| {
            Error::new(ErrorKind::Schema, format!("the schema cannot be read: {error}")).caused_by(error)
        };
        let form: SchemaForm = toml::from_str(text).map_err(bad)?;
        let mut fields = Vec::with_capacity(form.fields.len());
        for (name, value) in form.fields {
            let field: FieldForm = value.try_into().map_err(|error: toml::de::Error| {
                let message = format!("the schema cannot be read: field {name:?}: {}", error.message());
                Error::new(ErrorKind::Schema, message)
            })?;
            fields.push(Field::new(name, field.kind).with_weight(field.weight.unwrap_or(1.0)));
        }
        Schema { id: form.id, unknown: form.unknown, fields }.validated()
    }

    /// Writes the schema as TOML that [`Schema::from_toml`] reads back to an equal schema.
    pub fn to_toml(&self) -> String {
        use std::fmt::Write as _;
        let mut out = String::new();
        // Names have neither quotation marks nor control characters. A general writer of strings would not do: it may
        // choose a multi-line form, which is no key.
        let quoted = |name: &str| format!("\"{}\"", name.replace('\\', "\\\\"));
        // Writing to a string cannot fail.
        if let Some(id) = &self.id {
            let _ = writeln!(out, "id = {}", quoted(id));
        }
        let unknown = match self.unknown {
            Unknown::Error => "error",
            Unknown::Keep => "keep",
        };
        let _ = writeln!(out, "unknown = \"{unknown}\"");
        for field in &self.fields {
            let bare = field.name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
            let name = if bare { field.name.clone() } else { quoted(&field.name) };
            let _ = writeln!(out, "\n[fields.{name}]\nkind = \"{}\"", field.kind);
            if field.weight != 1.0 {
                let _ = writeln!(out, "weight = {:?}", field.weight);
            }
        }
        out
    }
}
