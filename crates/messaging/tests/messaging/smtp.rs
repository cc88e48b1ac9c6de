//! A small SMTP server on the loopback address: RFC 5321 as far as a client of ours goes, and what goes wrong with servers.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

/// How the server treats a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    Well,
    /// 421 instead of a greeting.
    Busy,
    /// 554 instead of a greeting: this client is unwelcome, not the mail.
    Unwelcome,
    /// 450 to the recipient.
    Greylisting,
    /// 550 to the recipient.
    NoSuchUser,
    /// 535 to the password.
    WrongPassword,
    /// Accepts the connection and never says a word.
    Silent,
    /// Takes the mail, keeps it, and hangs up without an answer.
    HangsUpAfterTheMail,
}

/// A mail that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Accepted {
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
    pub(crate) raw: String,
}

impl Accepted {
    /// The value of a header, unfolded.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let head = self.raw.split("\r\n\r\n").next().unwrap_or_default().replace("\r\n ", " ").replace("\r\n\t", " ");
        head.split("\r\n").find_map(|line| line.strip_prefix(&format!("{name}: ")).map(str::to_owned))
    }
}

#[derive(Default)]
struct State {
    moods: Vec<Mood>,
    connections: usize,
    accepted: Vec<Accepted>,
    heard: Vec<String>,
}

pub(crate) struct SmtpServer {
    pub(crate) address: SocketAddr,
    state: Arc<Mutex<State>>,
    _tasks: JoinSet<()>,
}

impl SmtpServer {
    pub(crate) async fn start() -> Self {
        Self::on("127.0.0.1:0".parse().unwrap()).await
    }

    pub(crate) async fn on(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State::default()));
        let mut tasks = JoinSet::new();
        let shared = Arc::clone(&state);
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let mood = {
                    let mut state = shared.lock().unwrap();
                    state.connections += 1;
                    if state.moods.len() > 1 { state.moods.remove(0) } else { state.moods.first().copied().unwrap_or(Mood::Well) }
                };
                connections.spawn(converse(stream, mood, Arc::clone(&shared)));
            }
        });
        Self { address, state, _tasks: tasks }
    }

    /// An address on which nobody listens.
    pub(crate) async fn closed_port() -> SocketAddr {
        TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
    }

    /// The moods of the next connections; the last one stays.
    pub(crate) fn feels(&self, moods: &[Mood]) {
        self.state.lock().unwrap().moods = moods.to_vec();
    }

    pub(crate) fn accepted(&self) -> Vec<Accepted> {
        self.state.lock().unwrap().accepted.clone()
    }

    pub(crate) fn connections(&self) -> usize {
        self.state.lock().unwrap().connections
    }

    /// Whether a client ever said something that begins so.
    pub(crate) fn heard(&self, start: &str) -> bool {
        self.state.lock().unwrap().heard.iter().any(|line| line.to_ascii_uppercase().starts_with(start))
    }

    pub(crate) fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }
}

async fn converse(stream: TcpStream, mood: Mood, state: Arc<Mutex<State>>) {
    // A client that goes away ends the conversation, whatever was being said.
    let _ = dialogue(stream, mood, &state).await;
}

async fn dialogue(stream: TcpStream, mood: Mood, state: &Mutex<State>) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    match mood {
        Mood::Silent => {
            while lines.next_line().await?.is_some() {}
            return Ok(());
        }
        Mood::Busy => return write.write_all(b"421 too busy, come back later\r\n").await,
        Mood::Unwelcome => return write.write_all(b"554 no service for you\r\n").await,
        _ => write.write_all(b"220 mail.test ESMTP\r\n").await?,
    }
    let mut mail = Accepted { from: String::new(), to: vec![], raw: String::new() };
    while let Some(line) = lines.next_line().await? {
        state.lock().unwrap().heard.push(line.clone());
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let answer = match verb.as_str() {
            "EHLO" => "250-mail.test\r\n250-8BITMIME\r\n250-AUTH PLAIN LOGIN\r\n250 SIZE 10485760\r\n",
            "AUTH" if mood == Mood::WrongPassword => "535 5.7.8 wrong password\r\n",
            "AUTH" => "235 welcome\r\n",
            "MAIL" => {
                mail = Accepted { from: address(&line), to: vec![], raw: String::new() };
                "250 ok\r\n"
            }
            "RCPT" if mood == Mood::Greylisting => "450 4.7.1 greylisted, try again\r\n",
            "RCPT" if mood == Mood::NoSuchUser => "550 5.1.1 no such user\r\n",
            "RCPT" => {
                mail.to.push(address(&line));
                "250 ok\r\n"
            }
            "DATA" => {
                write.write_all(b"354 go on\r\n").await?;
                while let Some(line) = lines.next_line().await? {
                    if line == "." {
                        break;
                    }
                    mail.raw.push_str(line.strip_prefix('.').unwrap_or(&line));
                    mail.raw.push_str("\r\n");
                }
                state.lock().unwrap().accepted.push(mail.clone());
                if mood == Mood::HangsUpAfterTheMail {
                    return Ok(());
                }
                "250 2.0.0 queued\r\n"
            }
            "RSET" | "NOOP" => "250 ok\r\n",
            "QUIT" => return write.write_all(b"221 bye\r\n").await,
            _ => "502 not here\r\n",
        };
        write.write_all(answer.as_bytes()).await?;
    }
    Ok(())
}

fn address(line: &str) -> String {
    line.split(['<', '>']).nth(1).unwrap_or_default().to_owned()
}
