//! The parent's side: starts the child, listens, and keeps the clock.

use std::{
    ffi::OsString,
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    sync::OnceLock,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

use super::{
    Request, Task,
    wire::{self, Kind},
};
use crate::read::{Choice, Inspection, Limits, ReadError, Row};

/// Starts a child per file. Cheap to clone and to keep.
#[derive(Debug, Clone)]
pub struct Parser {
    /// The program that calls [`super::run`]: this one, as a rule.
    pub program: PathBuf,
    /// What makes it do so, such as `parse-sheet`.
    pub arguments: Vec<OsString>,
    pub limits: Limits,
}

/// Subcommand under which a program of ours parses a spreadsheet.
pub const PARSE_SHEET: &str = "parse-sheet";

static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// Names the program that parses files, once at the start of a process that cannot do it itself. Others start themselves again.
pub fn parse_with(program: PathBuf) {
    // The first word counts.
    let _ = PROGRAM.set(program);
}

impl Parser {
    /// The parser of this process.
    ///
    /// # Errors
    /// [`ReadError::Failed`] when the running program cannot be found.
    pub fn ours(limits: Limits) -> Result<Self, ReadError> {
        match PROGRAM.get() {
            Some(program) => Ok(Self { program: program.clone(), arguments: vec![PARSE_SHEET.into()], limits }),
            None => Self::this_program(PARSE_SHEET, limits),
        }
    }

    /// The running program with a subcommand.
    ///
    /// # Errors
    /// [`ReadError::Failed`] when the program's path is unknown.
    pub fn this_program(subcommand: &str, limits: Limits) -> Result<Self, ReadError> {
        Ok(Self { program: std::env::current_exe()?, arguments: vec![subcommand.into()], limits })
    }

    /// [`crate::read::inspect`] in a child.
    ///
    /// # Errors
    /// Those of the reader; a child that died tells by its end which limit it met.
    pub async fn inspect(&self, path: &Path) -> Result<Inspection, ReadError> {
        let mut line = self.start(path, Task::Inspect).await?;
        match line.frame().await? {
            Kind::Inspection => serde_json::from_slice(&line.frame).map_err(|error| wire::failed(&error.to_string())),
            _ => Err(wire::failed("the child answered another question")),
        }
    }

    /// [`crate::read::rows`] in a child.
    ///
    /// # Errors
    /// [`ReadError::Failed`] when the child cannot be started; all else is told by [`Rows::next`].
    pub async fn rows(&self, path: &Path, choice: Choice) -> Result<Rows, ReadError> {
        let line = self.start(path, Task::Rows(choice)).await?;
        Ok(Rows { line, buffers: Vec::new(), count: 0, limit: self.limits.rows, done: false })
    }

    async fn start(&self, path: &Path, task: Task) -> Result<Line, ReadError> {
        // The child stands elsewhere.
        let path = std::path::absolute(path)?;
        let request =
            serde_json::to_vec(&Request { path, limits: self.limits, task }).map_err(|error| wire::failed(&error.to_string()))?;
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let (Some(mut stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(wire::failed("the child has no pipes"));
        };
        // A child that died at once tells why when it is listened to.
        let _ = stdin.write_all(&request).await;
        drop(stdin);
        Ok(Line { child, stdout, frame: Vec::new(), limits: self.limits, left: Duration::from_secs(self.limits.seconds) })
    }
}

/// Rows on their way from a child. Dropping it ends the child.
#[derive(Debug)]
pub struct Rows {
    line: Line,
    buffers: Vec<Row>,
    count: u64,
    limit: u64,
    done: bool,
}

impl Rows {
    /// The next rows, some hundreds at a time, in file order; `None` after the last. Their buffers are used again by the
    /// following call. Time counts only while this waits.
    ///
    /// # Errors
    /// Those of the reader. After one, there are no more rows.
    pub async fn next(&mut self) -> Result<Option<&[Row]>, ReadError> {
        if self.done {
            return Ok(None);
        }
        self.done = true;
        match self.line.frame().await? {
            Kind::Rows => {
                let count = wire::decode(&self.line.frame, &mut self.buffers)?;
                self.count += count as u64;
                if self.count > self.limit {
                    return Err(ReadError::TooManyRows { limit: self.limit });
                }
                self.done = false;
                Ok(Some(&self.buffers[..count]))
            }
            Kind::Done => Ok(None),
            _ => Err(wire::failed("the child answered another question")),
        }
    }
}

/// The pipe from one child.
#[derive(Debug)]
struct Line {
    child: Child,
    stdout: ChildStdout,
    /// What the last frame held.
    frame: Vec<u8>,
    limits: Limits,
    /// Time the child may still let us wait.
    left: Duration,
}

impl Line {
    /// Waits for the next frame; an error frame becomes the error.
    async fn frame(&mut self) -> Result<Kind, ReadError> {
        let begin = Instant::now();
        let read = timeout(self.left, read_frame(&mut self.stdout, &mut self.frame)).await;
        self.left = self.left.saturating_sub(begin.elapsed());
        match read {
            Err(_) => {
                // Dropping would kill it as well; this way it is gone when we return.
                let _ = self.child.kill().await;
                Err(ReadError::TooSlow { seconds: self.limits.seconds })
            }
            Ok(Ok(Kind::Error)) => {
                Err(serde_json::from_slice(&self.frame).unwrap_or_else(|error| wire::failed(&error.to_string())))
            }
            Ok(Ok(kind)) => Ok(kind),
            Ok(Err(Broken::Garbled)) => {
                let _ = self.child.kill().await;
                Err(wire::failed("the child talks nonsense"))
            }
            Ok(Err(Broken::Pipe(error))) => match timeout(Duration::from_secs(5), self.child.wait()).await {
                Ok(Ok(status)) => Err(why(status, &self.limits)),
                _ => Err(error.into()),
            },
        }
    }
}

enum Broken {
    Pipe(std::io::Error),
    Garbled,
}

async fn read_frame(stdout: &mut ChildStdout, frame: &mut Vec<u8>) -> Result<Kind, Broken> {
    let mut header = [0; wire::HEADER];
    stdout.read_exact(&mut header).await.map_err(Broken::Pipe)?;
    let [kind, length @ ..] = header;
    let length = u32::from_le_bytes(length) as usize;
    let kind = Kind::from_byte(kind).filter(|_| length <= wire::LONGEST).ok_or(Broken::Garbled)?;
    frame.clear();
    // Grows with what really comes, not with what is announced.
    let read = stdout.take(length as u64).read_to_end(frame).await.map_err(Broken::Pipe)?;
    if read < length { Err(Broken::Pipe(std::io::ErrorKind::UnexpectedEof.into())) } else { Ok(kind) }
}

/// What the end of a child that did not finish tells.
fn why(status: ExitStatus, limits: &Limits) -> ReadError {
    const PANIC: i32 = 101;
    const SIGABRT: i32 = 6;
    const SIGKILL: i32 = 9;
    const SIGXCPU: i32 = 24;
    match (status.code(), status.signal()) {
        (_, Some(SIGXCPU)) => ReadError::TooSlow { seconds: limits.seconds },
        // An allocation that fails aborts; the kernel kills when the machine runs out of memory.
        (_, Some(SIGABRT | SIGKILL)) => ReadError::TooMuchMemory { bytes: limits.memory_bytes },
        (Some(PANIC), _) => ReadError::Damaged { detail: "the parser gave up".to_owned() },
        _ => ReadError::Failed { detail: format!("the child ended with {status}") },
    }
}
