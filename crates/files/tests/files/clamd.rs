//! A server that speaks clamd's INSTREAM as its manual tells it, with its failures.

use std::{io, net::SocketAddr};

use files::{Clamd, ClamdAddress, FileName, Files, FilesConfig, ReceiveError, whole};
use kernel::ErrorKind;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, UnixListener},
};

/// The standard's harmless test file, which every scanner knows.
const EICAR: &str = r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*";

/// What clamd does with `StreamMaxLength`.
const STREAM_MAX: usize = 1 << 20;

async fn converse(mut client: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
    let mut command = [0; 10];
    client.read_exact(&mut command).await?;
    assert_eq!(&command, b"zINSTREAM\0");
    let mut seen = Vec::new();
    loop {
        let length = client.read_u32().await? as usize;
        if length == 0 {
            break;
        }
        let from = seen.len();
        seen.resize(from + length, 0);
        client.read_exact(&mut seen[from..]).await?;
        if seen.len() > STREAM_MAX {
            return client.write_all(b"INSTREAM size limit exceeded. ERROR\0").await;
        }
    }
    let infected = seen.windows(EICAR.len()).any(|part| part == EICAR.as_bytes());
    client.write_all(if infected { b"stream: Win.Test.EICAR_HDB-1 FOUND\0" } else { b"stream: OK\0" }).await
}

async fn scanner() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(converse(client));
        }
    });
    address
}

fn asking(folder: &tempfile::TempDir, address: ClamdAddress, required: bool) -> Files {
    let config = FilesConfig { clamd: Some(Clamd { address, required }), ..FilesConfig::folder(folder.path().to_owned()) };
    Files::new(config)
}

async fn sent(files: &Files, content: impl Into<bytes::Bytes>) -> Result<u64, ReceiveError> {
    files.receive(FileName::clean("nota.txt").unwrap(), u64::MAX, whole(content)).await.map(|received| received.bytes)
}

#[tokio::test]
async fn infected_files_are_refused_and_clean_ones_taken() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("clamd.ctl");
    let listener = UnixListener::bind(&socket).unwrap();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(converse(client));
        }
    });
    for address in [ClamdAddress::Tcp(scanner().await), ClamdAddress::Unix(socket)] {
        let files = asking(&folder, address, true);
        // More than one chunk, so that their lengths matter.
        let long = "clean ".repeat(50_000);
        assert_eq!(sent(&files, long.clone()).await.unwrap(), 300_000);
        for content in [EICAR.to_owned(), format!("{long}{EICAR}")] {
            let refused = sent(&files, content).await.unwrap_err();
            assert_eq!(refused.fields()[0].invalid.code, "file-infected");
            assert_eq!(refused.fields()[0].invalid.args, [("signature", "Win.Test.EICAR_HDB-1".to_owned())]);
        }
    }
}

#[tokio::test]
async fn without_an_answer_the_setting_decides() {
    let folder = tempfile::tempdir().unwrap();
    // Nobody listens there any more.
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let too_much = "x".repeat(STREAM_MAX + 200_000);
    for (address, content) in [(nobody, "x".to_owned()), (scanner().await, too_much)] {
        let address = ClamdAddress::Tcp(address);
        let refused = sent(&asking(&folder, address.clone(), true), content.clone()).await.unwrap_err();
        assert!(matches!(refused, ReceiveError::Unscanned), "{refused:?}");
        assert!(sent(&asking(&folder, address, false), content).await.is_ok());
    }
}
