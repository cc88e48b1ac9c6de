//! An event in a letter: read as a mail program reads it.

use messaging::{Channel, Compromisso, Mailing, Notice, compromisso::Method, notify_all};
use tenancy::TenantTx;
use uuid::Uuid;

use crate::{
    notice::{ANA, MAILED},
    outbox::Stage,
    smtp::SmtpServer,
};

const TITLE: &str = "Fundição São João; 🏭, مصنع الفجر\r\nATTENDEE:mailto:eve@evil.example";

fn event(method: Method, version: i32) -> Compromisso {
    Compromisso {
        method,
        layer: "visita".to_owned(),
        id: Uuid::from_u128(7),
        version,
        title: TITLE.to_owned(),
        local: "Rua A, 1".to_owned(),
        inicio_at: "2026-11-30T12:30:00Z".parse().unwrap(),
        fim_at: "2026-11-30T14:00:00Z".parse().unwrap(),
        written_at: "2026-11-24T12:00:00Z".parse().unwrap(),
    }
}

async fn told(stage: &Stage, to: Uuid, event: &Compromisso) {
    let notice = Notice { kind: &MAILED, key: "senha-link-notice", args: &[("nome", "Rui")], href: "/visitas/7" };
    let done = stage
        .house
        .tenants
        .write(&stage.house.alfa, async |tx: &mut TenantTx| notify_all(tx, &[to], &notice, Mailing::Event(event)).await);
    done.await.unwrap();
}

/// The part of that kind, decoded; its head and its text, unfolded.
fn part(raw: &str, kind: &str) -> Option<(String, String)> {
    let start = raw[..raw.find(&format!("Content-Type: {kind}"))?].rfind("\r\n--")?;
    let (head, rest) = raw[start..].split_once("\r\n\r\n")?;
    let body = rest.split("\r\n--").next()?;
    let text = if head.contains("base64") { unbased(body) } else { unquoted(body) };
    Some((head.to_owned(), String::from_utf8(text).unwrap().replace("\r\n ", "")))
}

fn unquoted(body: &str) -> Vec<u8> {
    let body = body.replace("=\r\n", "");
    let mut pieces = body.split('=');
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        let (code, rest) = piece.split_at(2);
        bytes.push(u8::from_str_radix(code, 16).unwrap());
        bytes.extend_from_slice(rest.as_bytes());
    }
    bytes
}

fn unbased(body: &str) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let sixes: Vec<u32> = body
        .bytes()
        .filter_map(|byte| LETTERS.iter().position(|letter| *letter == byte))
        .map(|n| u32::try_from(n).unwrap())
        .collect();
    let mut bytes = Vec::new();
    for four in sixes.chunks(4) {
        let word = four.iter().enumerate().fold(0, |word, (place, six)| word | (six << (18 - 6 * place)));
        bytes.extend_from_slice(&word.to_be_bytes()[1..four.len()]);
    }
    bytes
}

/// The same event, planned and called off: one UID, a SEQUENCE that rises, hours in UTC, and no line out of anybody's text.
#[tokio::test]
async fn a_letter_fills_the_readers_calendar_and_empties_it() {
    let (stage, server) = (Stage::new().await, SmtpServer::start().await);
    let ana = stage.person(&stage.house.alfa, ANA, "pt-BR").await;
    let worker = stage.worker(&server.url());
    told(&stage, ana, &event(Method::Request, 1)).await;
    worker.drain().await.unwrap();
    told(&stage, ana, &event(Method::Cancel, 2)).await;
    worker.drain().await.unwrap();
    let mails = server.accepted();
    assert_eq!(mails.len(), 2);
    let slug = stage.house.alfa.slug.as_str();
    for (mail, method, sequence) in [(&mails[0], "REQUEST", 0), (&mails[1], "CANCEL", 1)] {
        assert!(mail.header("Content-Type").unwrap().starts_with("multipart/mixed"));
        assert!(part(&mail.raw, "text/plain").is_some() && part(&mail.raw, "text/html").is_some(), "{}", mail.raw);
        let (head, text) = part(&mail.raw, "text/calendar").unwrap();
        assert!(head.contains(&format!("method={method}")), "{head}");
        let uid = format!("UID:visita-{}@{slug}.sri.example", Uuid::from_u128(7));
        let url = format!("URL:https://{slug}.sri.example/visitas/7");
        let (method, sequence) = (format!("METHOD:{method}"), format!("SEQUENCE:{sequence}"));
        for line in [&*uid, &url, &method, &sequence, "DTSTART:20261130T123000Z", "DTEND:20261130T140000Z"] {
            assert!(text.lines().any(|other| other == line), "{line} in {text}");
        }
        assert_eq!(text.lines().filter(|line| line.starts_with("ATTENDEE")).count(), 1, "{text}");
        assert!(text.contains(&format!("RSVP=FALSE;CN=\"Ana <b>Lima</b>\":mailto:{ANA}")), "{text}");
        let summary = "SUMMARY:Fundição São João\\; 🏭\\, مصنع الفجر\\nATTENDEE:mailto:eve@evil.example";
        assert!(text.lines().any(|line| line == summary), "{text}");
        let (head, file) = part(&mail.raw, "application/ics").unwrap();
        assert!(head.contains("attachment") && head.contains("agenda.ics"), "{head}");
        assert_eq!(file, text);
    }
    let schema = stage.house.alfa.names().schema();
    assert_eq!(stage.house.number(&format!("SELECT count(*) FROM {schema}.mensagem WHERE compromisso IS NOT NULL")).await, 0);
}

/// Whoever wants no such letters gets no event either.
#[tokio::test]
async fn without_a_letter_there_is_no_event() {
    let (stage, server) = (Stage::new().await, SmtpServer::start().await);
    let ana = stage.person(&stage.house.alfa, ANA, "pt-BR").await;
    assert!(stage.want(ana, &MAILED, Channel::Email, false).await);
    told(&stage, ana, &event(Method::Request, 1)).await;
    stage.worker(&server.url()).drain().await.unwrap();
    assert_eq!(server.accepted(), []);
}
