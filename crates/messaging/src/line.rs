use std::fmt;

/// Longest line, in characters; a header of four times as many bytes is still within SMTP's bounds after folding.
const MAX: usize = 200;

/// One line of text for a header: a subject, a display name. It holds no control character, whatever it was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line(String);

impl Line {
    /// Keeps the words of `text`: breaks and other control characters become single spaces, what is too long is cut.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let words =
            text.split(|c: char| c.is_control() || c.is_whitespace() || is_line_separator(c)).filter(|word| !word.is_empty());
        let mut line = String::new();
        for word in words {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        Self(line.chars().take(MAX).collect())
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// U+2028 and U+2029 break lines without being control characters.
const fn is_line_separator(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_break_survives() {
        for (text, line) in [
            ("Convite\r\nBcc: x@y.example", "Convite Bcc: x@y.example"),
            ("  a\n\n b\tc\0d ", "a b c d"),
            ("a\u{2028}b\u{85}c\u{b}d", "a b c d"),
            ("\r\n", ""),
            ("São José", "São José"),
        ] {
            assert_eq!(Line::of(text).as_str(), line);
        }
        assert_eq!(Line::of(&"ç".repeat(500)).as_str().chars().count(), MAX);
    }
}
