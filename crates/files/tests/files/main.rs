//! Contents in a folder and in a bucket behind a real S3 server, and the scanner's protocol over real sockets.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test fails by panicking; its servers run beside it until it ends"
)]

mod clamd;
mod store;
