//! The child's side: what the hidden subcommand of the program does.

use std::{
    io::{self, Read, Write},
    process::ExitCode,
};

use rlimit::Resource;

use super::{
    Request, Task,
    wire::{self, Kind},
};
use crate::read::{self, Limits, ReadError, Row};

/// A request is a path and a few numbers.
const LONGEST_REQUEST: u64 = 64 << 10;

/// Bounds this process, reads one request from `input`, parses the file and writes the outcome to `output`. Call it before
/// anything starts a thread: a thread's stack counts as address space. What it returns is the process's exit code.
pub fn run(input: impl Read, mut output: impl Write) -> ExitCode {
    let said = match serve(input, &mut output) {
        Ok(()) => Ok(()),
        Err(error) => json(&mut output, Kind::Error, &error),
    };
    // Nobody listens: the parent has gone or had enough.
    if said.and_then(|()| Ok(output.flush()?)).is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn serve(input: impl Read, output: &mut impl Write) -> Result<(), ReadError> {
    let request: Request = serde_json::from_reader(input.take(LONGEST_REQUEST))
        .map_err(|error| ReadError::Failed { detail: format!("reading the request: {error}") })?;
    confine(&request.limits)?;
    // The clock runs on while the parent works on rows and the pipe is full; processor time is what counts in here, and
    // the parent keeps the clock.
    let limits = Limits { seconds: u64::MAX, ..request.limits };
    match request.task {
        Task::Inspect => json(output, Kind::Inspection, &read::inspect(&request.path, &limits)?),
        Task::Rows(choice) => {
            let mut frame = Vec::with_capacity(2 * wire::FULL);
            read::rows(&request.path, &choice, &limits, &mut |row: &Row| {
                row.encode(&mut frame);
                if frame.len() >= wire::FULL { flush(output, &mut frame) } else { Ok(()) }
            })?;
            flush(output, &mut frame)?;
            send(output, Kind::Done, &[])
        }
    }
}

/// Memory, processor time, and no files but the ones at hand.
fn confine(limits: &Limits) -> Result<(), ReadError> {
    let set = |resource: Resource, soft: u64, hard: u64| -> io::Result<()> {
        // A tighter bound from outside stays.
        let (_, outside) = resource.get()?;
        resource.set(soft.min(outside), hard.min(outside))
    };
    set(Resource::AS, limits.memory_bytes, limits.memory_bytes)?;
    // At the first bound the kernel sends a signal that says why, at the second it kills.
    set(Resource::CPU, limits.seconds, limits.seconds.saturating_add(1))?;
    set(Resource::CORE, 0, 0)?;
    set(Resource::FSIZE, 0, 0)?;
    set(Resource::NOFILE, 16, 16)?;
    Ok(())
}

fn flush(output: &mut impl Write, frame: &mut Vec<u8>) -> Result<(), ReadError> {
    if !frame.is_empty() {
        send(output, Kind::Rows, frame)?;
        frame.clear();
    }
    Ok(())
}

fn json(output: &mut impl Write, kind: Kind, value: &impl serde::Serialize) -> Result<(), ReadError> {
    let bytes = serde_json::to_vec(value).map_err(|error| ReadError::Failed { detail: error.to_string() })?;
    send(output, kind, &bytes)
}

fn send(output: &mut impl Write, kind: Kind, bytes: &[u8]) -> Result<(), ReadError> {
    output.write_all(&wire::header(kind, bytes.len())?)?;
    Ok(output.write_all(bytes)?)
}
