//! What a letter puts into its reader's calendar: one event, by the letter of RFC 5545 and of RFC 5546 (iTIP).
//!
//! The rule it protects: no text of anybody becomes a line of its own. Names and links of the unidade are those of the moment of
//! sending, as in every letter.

use chrono::{DateTime, Utc};
use kernel::Email;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Line, Link};

/// What the reader's calendar is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// To hold the event, or its change.
    Request,
    /// To drop it.
    Cancel,
}

impl Method {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Request => "REQUEST",
            Self::Cancel => "CANCEL",
        }
    }

    const fn status(self) -> &'static str {
        match self {
            Self::Request => "CONFIRMED",
            Self::Cancel => "CANCELLED",
        }
    }
}

/// An event at which its reader is expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compromisso {
    pub method: Method,
    /// Of the agenda, and the record in it: both make the UID.
    pub layer: String,
    pub id: Uuid,
    /// Of the record, from 1: calendars keep the highest that they have seen.
    pub version: i32,
    pub title: String,
    pub local: String,
    pub inicio_at: DateTime<Utc>,
    pub fim_at: DateTime<Utc>,
    pub written_at: DateTime<Utc>,
}

/// A compromisso as it leaves.
#[derive(Debug)]
pub(crate) struct Entry {
    pub compromisso: Compromisso,
    pub uid: String,
    pub link: Link,
}

/// The SEQUENCE of a record's version: versions count from 1.
fn sequence(version: i32) -> u32 {
    u32::try_from(version.saturating_sub(1)).unwrap_or_default()
}

impl Entry {
    /// As a file. `from` invites `to`, and asks for no answer: nobody reads the mailbox that it would go to.
    pub(crate) fn file(&self, from: (&Line, &Email), to: (Option<&Line>, &Email)) -> String {
        let Self { compromisso: event, uid, link } = self;
        let at = |at: DateTime<Utc>| at.format("%Y%m%dT%H%M%SZ").to_string();
        let method = event.method;
        let mut file = String::new();
        for line in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//SRI//Agenda//PT", "CALSCALE:GREGORIAN"] {
            put(&mut file, line);
        }
        put(&mut file, &format!("METHOD:{}", method.code()));
        put(&mut file, "BEGIN:VEVENT");
        put(&mut file, &format!("UID:{}", text(uid)));
        put(&mut file, &format!("SEQUENCE:{}", sequence(event.version)));
        put(&mut file, &format!("DTSTAMP:{}", at(event.written_at)));
        put(&mut file, &format!("DTSTART:{}", at(event.inicio_at)));
        put(&mut file, &format!("DTEND:{}", at(event.fim_at)));
        put(&mut file, &format!("SUMMARY:{}", text(&event.title)));
        put(&mut file, &format!("DESCRIPTION:{}", text(link.as_str())));
        if !event.local.is_empty() {
            put(&mut file, &format!("LOCATION:{}", text(&event.local)));
        }
        put(&mut file, &format!("URL:{}", link.as_str()));
        put(&mut file, &format!("ORGANIZER{}:mailto:{}", named(Some(from.0)), from.1.as_str()));
        let role = "CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE";
        put(&mut file, &format!("ATTENDEE;{role}{}:mailto:{}", named(to.0), to.1.as_str()));
        put(&mut file, &format!("STATUS:{}", method.status()));
        put(&mut file, "TRANSP:OPAQUE");
        put(&mut file, "END:VEVENT");
        put(&mut file, "END:VCALENDAR");
        file
    }
}

/// A value of TEXT (RFC 5545, 3.3.11): line breaks become `\n`, what else controls is left out.
fn text(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for c in value.replace("\r\n", "\n").chars() {
        match c {
            '\\' | ';' | ',' => escaped.extend(['\\', c]),
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => escaped.push_str("\\n"),
            c if c.is_control() => {}
            c => escaped.push(c),
        }
    }
    escaped
}

/// The name of an address as a quoted parameter, in which neither quotes nor anything that controls may stand (3.2).
fn named(name: Option<&Line>) -> String {
    let name: String = name.map(Line::as_str).unwrap_or_default().chars().filter(|c| *c != '"' && !c.is_control()).collect();
    if name.is_empty() { name } else { format!(";CN=\"{name}\"") }
}

/// Octets of a line without its end (3.1).
const WIDTH: usize = 75;

/// Adds a line, folded between letters.
fn put(file: &mut String, line: &str) {
    let mut used = 0;
    for c in line.chars() {
        if used + c.len_utf8() > WIDTH {
            file.push_str("\r\n ");
            used = 1;
        }
        file.push(c);
        used += c.len_utf8();
    }
    file.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;

    use super::*;

    fn entry(method: Method, title: &str) -> Entry {
        // Before 2019 there was a summer time: two hours behind, not three.
        let zone = chrono_tz::America::Sao_Paulo;
        let begin = zone.with_ymd_and_hms(2018, 12, 3, 9, 30, 0).unwrap().to_utc();
        let end = chrono_tz::America::Noronha.with_ymd_and_hms(2018, 12, 3, 11, 0, 0).unwrap().to_utc();
        let compromisso = Compromisso {
            method,
            layer: "visita".to_owned(),
            id: Uuid::nil(),
            version: 3,
            title: title.to_owned(),
            local: "Rua A, 1; fundos".to_owned(),
            inicio_at: begin,
            fim_at: end,
            written_at: DateTime::UNIX_EPOCH,
        };
        let links = crate::Links::new("https://sri.example", "console").unwrap();
        Entry { compromisso, uid: "visita-1@alfa.sri.example".to_owned(), link: links.console("/visitas/1") }
    }

    fn file(method: Method, title: &str) -> String {
        let (from, to) = ("sri@senai.example".parse().unwrap(), "ana@senai.example".parse().unwrap());
        entry(method, title).file((&Line::of("SENAI \"alfa\""), &from), (Some(&Line::of("Ana; Lima\r\nX:1")), &to))
    }

    #[test]
    fn hours_are_utc_whatever_clocks_showed_then() {
        let file = file(Method::Request, "Aurora").replace("\r\n ", "");
        for line in [
            "METHOD:REQUEST\r\n",
            "UID:visita-1@alfa.sri.example\r\n",
            "SEQUENCE:2\r\n",
            "DTSTART:20181203T113000Z\r\n",
            "DTEND:20181203T130000Z\r\n",
            "LOCATION:Rua A\\, 1\\; fundos\r\n",
            "ORGANIZER;CN=\"SENAI alfa\":mailto:sri@senai.example\r\n",
            "RSVP=FALSE;CN=\"Ana; Lima",
            ":mailto:ana@senai.example\r\n",
            "STATUS:CONFIRMED\r\n",
        ] {
            assert!(file.contains(line), "{line:?} in {file}");
        }
        let off = self::file(Method::Cancel, "Aurora");
        assert!(
            off.contains("METHOD:CANCEL\r\n") && off.contains("STATUS:CANCELLED\r\n") && off.contains("SEQUENCE:2\r\n"),
            "{off}"
        );
    }

    #[test]
    fn no_text_becomes_a_line_and_no_line_is_too_long() {
        let titles = [
            "Aurora\r\nATTENDEE:mailto:eve@evil.example\nEND:VEVENT\rX:\u{2028}Y\u{0}\u{85}Z".to_owned(),
            "Fundição São João 🏭 ".repeat(20),
            "مصنع الفجر ".repeat(20),
            " ".repeat(200),
            "a".repeat(75 - "SUMMARY:".len()),
            "a".repeat(75 + 74 - "SUMMARY:".len()),
            "\\,;".repeat(60),
        ];
        for title in titles {
            let file = file(Method::Request, &title);
            assert!(file.split("\r\n").all(|line| line.len() <= WIDTH && !line.contains(['\r', '\n'])), "{file}");
            let whole = file.replace("\r\n ", "");
            let names: Vec<&str> = whole.lines().map(|line| line.split([':', ';']).next().unwrap()).collect();
            assert_eq!(
                names,
                [
                    "BEGIN",
                    "VERSION",
                    "PRODID",
                    "CALSCALE",
                    "METHOD",
                    "BEGIN",
                    "UID",
                    "SEQUENCE",
                    "DTSTAMP",
                    "DTSTART",
                    "DTEND",
                    "SUMMARY",
                    "DESCRIPTION",
                    "LOCATION",
                    "URL",
                    "ORGANIZER",
                    "ATTENDEE",
                    "STATUS",
                    "TRANSP",
                    "END",
                    "END",
                ],
            );
            let summary = whole.lines().find_map(|line| line.strip_prefix("SUMMARY:")).unwrap();
            let read = summary.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\");
            if !title.contains('\n') {
                assert_eq!(read, title);
            }
        }
    }
}
