//! PostgreSQL's text format, line by line.

use std::fmt::Write as _;

/// A value whose text holds nothing that COPY would take for more than itself.
pub(super) fn plain(out: &mut String, value: Option<impl std::fmt::Display>) {
    let _ = match value {
        Some(value) => write!(out, "\t{value}"),
        None => write!(out, "\t\\N"),
    };
}

pub(super) fn text(out: &mut String, value: Option<&str>) {
    out.push('\t');
    let Some(value) = value else {
        out.push_str("\\N");
        return;
    };
    for c in value.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            c => out.push(c),
        }
    }
}

/// A whole line of texts.
pub(super) fn copy_line(out: &mut String, fields: &[Option<String>]) {
    let mut line = String::new();
    for field in fields {
        text(&mut line, field.as_deref());
    }
    // Each field begins with the sign that parts it from the one before.
    out.push_str(line.strip_prefix('\t').unwrap_or(&line));
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn signs_of_copy_mean_themselves() {
        let mut out = String::new();
        text(&mut out, Some("a\tb\\N\nc\r"));
        text(&mut out, None);
        plain(&mut out, Some(7));
        assert_eq!(out, "\ta\\tb\\\\N\\nc\\r\t\\N\t7");
    }

    #[test]
    fn a_line_has_its_fields_and_ends() {
        let mut out = String::new();
        copy_line(&mut out, &[Some("1".into()), None, Some("a\tb".into())]);
        assert_eq!(out, "1\t\\N\ta\\tb\n");
    }

    proptest! {
        #[test]
        fn a_text_stays_within_its_column(said in "\\PC{0,20}|[\\\\\t\n\rN]{0,8}") {
            let mut out = String::new();
            text(&mut out, Some(&said));
            prop_assert!(!out[1..].contains(['\t', '\n', '\r']));
            let back = out[1..].replace("\\\\", "\u{0}").replace("\\t", "\t").replace("\\n", "\n").replace("\\r", "\r").replace('\u{0}', "\\");
            prop_assert_eq!(back, said);
        }
    }
}
