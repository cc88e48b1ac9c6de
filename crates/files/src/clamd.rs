use std::{fmt, io, net::SocketAddr, path::PathBuf, str::FromStr, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpStream, UnixStream},
    time::timeout,
};

/// A virus scanner that speaks clamd's protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clamd {
    pub address: ClamdAddress,
    /// Refuse files while it does not answer; otherwise they are taken unseen and a warning is logged.
    pub required: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClamdAddress {
    Tcp(SocketAddr),
    Unix(PathBuf),
}

/// `tcp://127.0.0.1:3310` or `unix:/run/clamav/clamd.ctl`.
impl FromStr for ClamdAddress {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            Some(("unix", path)) if path.starts_with('/') => Ok(Self::Unix(path.into())),
            Some(("tcp", rest)) => rest
                .strip_prefix("//")
                .and_then(|address| address.parse().ok())
                .map(Self::Tcp)
                .ok_or_else(|| "give address and port, e.g. tcp://127.0.0.1:3310".to_owned()),
            _ => Err("write tcp://address:port or unix:/path".to_owned()),
        }
    }
}

impl fmt::Display for ClamdAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => write!(f, "tcp://{address}"),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

/// What the scanner found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    Clean,
    /// Name of the signature.
    Infected(String),
}

const CONNECT: Duration = Duration::from_secs(5);
/// Scanning the largest file that is taken, on a slow core.
const ANSWER: Duration = Duration::from_secs(45);
/// clamd's own default limit of a chunk is far above.
const CHUNK: usize = 64 << 10;

impl Clamd {
    /// Sends a file to be looked at.
    ///
    /// # Errors
    /// Nobody there, no answer in time, or an answer that is neither yes nor no.
    pub(crate) async fn scan(&self, file: impl AsyncRead + Unpin) -> io::Result<Verdict> {
        let late = |_| io::Error::from(io::ErrorKind::TimedOut);
        match &self.address {
            ClamdAddress::Tcp(address) => {
                let stream = timeout(CONNECT, TcpStream::connect(address)).await.map_err(late)??;
                timeout(ANSWER, instream(stream, file)).await.map_err(late)?
            }
            ClamdAddress::Unix(path) => {
                let stream = timeout(CONNECT, UnixStream::connect(path)).await.map_err(late)??;
                timeout(ANSWER, instream(stream, file)).await.map_err(late)?
            }
        }
    }
}

/// clamd(8), INSTREAM: chunks with their length before them, an empty one at the end; the answer ends with a NUL.
async fn instream(mut clamd: impl AsyncRead + AsyncWrite + Unpin, mut file: impl AsyncRead + Unpin) -> io::Result<Verdict> {
    clamd.write_all(b"zINSTREAM\0").await?;
    let mut buffer = vec![0; CHUNK];
    loop {
        let read = file.read(&mut buffer).await?;
        let length = u32::try_from(read).map_err(io::Error::other)?;
        // It closes as soon as it has seen too much; its answer says so better than the broken pipe.
        let sent = async {
            clamd.write_all(&length.to_be_bytes()).await?;
            clamd.write_all(&buffer[..read]).await
        };
        if sent.await.is_err() || read == 0 {
            break;
        }
    }
    let mut answer = Vec::new();
    clamd.take(4096).read_to_end(&mut answer).await?;
    let answer = String::from_utf8_lossy(&answer);
    let answer = answer.trim_end_matches(['\0', '\n']);
    match answer.strip_prefix("stream: ") {
        Some("OK") => Ok(Verdict::Clean),
        Some(found) if let Some(name) = found.strip_suffix(" FOUND") => Ok(Verdict::Infected(name.to_owned())),
        _ => Err(io::Error::other(format!("the scanner answered {answer:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_written() {
        for text in ["tcp://127.0.0.1:3310", "unix:/run/clamav/clamd.ctl"] {
            assert_eq!(text.parse::<ClamdAddress>().unwrap().to_string(), text);
        }
        for text in ["", "127.0.0.1:3310", "tcp://x", "unix:clamd", "http://127.0.0.1:1"] {
            assert!(text.parse::<ClamdAddress>().is_err(), "{text}");
        }
    }
}
