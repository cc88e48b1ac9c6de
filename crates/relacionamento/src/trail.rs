//! Values of the audit trail as people read them.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::Reais;
use serde_json::Value;
use web::{frame::Frame, timeline::Changed};

/// Each of `fields`, by its key in the trail and the key of its name, that is not what it was. `word` names the codes of a module.
pub(crate) fn changed(
    frame: &Frame,
    fields: &[(&str, &str)],
    sides: (Option<&Value>, Option<&Value>),
    word: impl Fn(&str) -> Option<&'static str>,
) -> Vec<Changed> {
    let side = |side: Option<&Value>, key: &str| {
        let value = side.and_then(|fields| fields.get(key));
        // An amount is a string with two decimals in the trail, and in reais for people.
        let amount =
            value.filter(|_| key.starts_with("valor")).and_then(|value| Reais::try_from(value.as_str()?.to_owned()).ok());
        amount.map_or_else(|| value.map_or_else(String::new, |value| plain(frame, value, &word)), |amount| amount.to_string())
    };
    let both = fields.iter().map(|(key, label)| Changed {
        label: frame.t(label).to_owned(),
        before: side(sides.0, key),
        after: side(sides.1, key),
    });
    both.filter(|field| field.before != field.after).collect()
}

fn plain(frame: &Frame, value: &Value, word: &impl Fn(&str) -> Option<&'static str>) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => {
            if let Ok(at) = text.parse::<DateTime<Utc>>() {
                frame.datetime(at)
            } else if let Ok(day) = text.parse::<NaiveDate>() {
                frame.date(day)
            } else {
                word(text).map_or_else(|| text.clone(), |key| frame.t(key).to_owned())
            }
        }
        Value::Array(all) => all.iter().map(|one| plain(frame, one, word)).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}
