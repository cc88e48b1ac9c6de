use std::{collections::BTreeSet, time::Duration};

use files::{ArquivoId, FileName, Files, FilesConfig, Place, ReceiveError, S3, Shelf, whole};
use futures::TryStreamExt;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use kernel::ErrorKind;
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use tenancy::UnidadeId;
use tokio::net::TcpListener;
use uuid::Uuid;

/// A bucket behind a server that speaks S3 and checks signatures, on this machine.
async fn bucket(root: &std::path::Path) -> FilesConfig {
    std::fs::create_dir(root.join("documentos")).unwrap();
    let mut service = S3ServiceBuilder::new(s3s_fs::FileSystem::new(root).unwrap());
    service.set_auth(SimpleAuth::from_single("chave", "segredo"));
    let service = service.build();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let service = service.clone();
            tokio::spawn(async move {
                let http = Builder::new(TokioExecutor::new());
                let _ = http.serve_connection(TokioIo::new(socket), service).await;
            });
        }
    });
    let s3 = S3 {
        bucket: "documentos".to_owned(),
        region: "sa-east-1".to_owned(),
        endpoint: Some(endpoint),
        key_id: "chave".to_owned(),
        secret: "segredo".to_owned().into(),
    };
    FilesConfig { place: Place::S3(s3), ..FilesConfig::folder(root.to_owned()) }
}

fn unidade(n: u128) -> UnidadeId {
    UnidadeId::new(Uuid::from_u128(n))
}

async fn put(files: &Files, shelf: &Shelf, id: u128, name: &str, content: impl Into<bytes::Bytes>) -> Result<(), ReceiveError> {
    let received = files.receive(FileName::clean(name).unwrap(), u64::MAX, whole(content)).await?;
    shelf.put(ArquivoId::new(Uuid::from_u128(id)), received).await
}

async fn read(shelf: &Shelf, id: u128) -> Option<Vec<u8>> {
    let content = shelf.open(ArquivoId::new(Uuid::from_u128(id))).await.unwrap()?;
    let bytes: Vec<u8> =
        content.stream.try_fold(Vec::new(), async |all, piece| Ok([all, piece.to_vec()].concat())).await.unwrap();
    assert_eq!(content.bytes, bytes.len() as u64);
    Some(bytes)
}

async fn listed(shelf: &Shelf) -> BTreeSet<u128> {
    shelf.list(chrono::DateTime::<chrono::Utc>::MAX_UTC).unwrap().map_ok(|id| id.uuid().as_u128()).try_collect().await.unwrap()
}

/// The same walk over both kinds of store (S0-0.9).
async fn walk(config: FilesConfig) {
    let files = Files::new(config);
    files.probe().await.unwrap();
    let (alfa, beta) = (files.of(unidade(1)), files.of(unidade(2)));
    // Small, and large enough to go in pieces.
    let large: Vec<u8> = (0..12_000_000_u32).map(|n| b"abcdefghij\n"[n as usize % 11]).collect();
    put(&files, &alfa, 10, "pequeno.txt", "olá").await.unwrap();
    put(&files, &alfa, 11, "grande.txt", large.clone()).await.unwrap();
    put(&files, &beta, 20, "outro.txt", "beta").await.unwrap();
    assert_eq!(read(&alfa, 10).await.unwrap(), "olá".as_bytes());
    assert!(read(&alfa, 11).await.unwrap() == large);
    // What one unidade has is nothing to the other.
    assert_eq!(read(&beta, 10).await, None);
    assert_eq!((listed(&alfa).await, listed(&beta).await), ([10, 11].into(), [20].into()));
    // A content never changes under its id.
    assert!(put(&files, &alfa, 10, "pequeno.txt", "mudado").await.is_err());
    assert_eq!(read(&alfa, 10).await.unwrap(), "olá".as_bytes());

    for _ in 0..2 {
        alfa.remove(ArquivoId::new(Uuid::from_u128(10))).await.unwrap();
    }
    assert_eq!((read(&alfa, 10).await, listed(&alfa).await), (None, [11].into()));
    for _ in 0..2 {
        alfa.clear().await.unwrap();
    }
    assert_eq!((listed(&alfa).await, listed(&beta).await), (BTreeSet::new(), [20].into()));
}

#[tokio::test]
async fn contents_live_in_a_folder() {
    let root = tempfile::tempdir().unwrap();
    walk(FilesConfig::folder(root.path().join("not/made/yet"))).await;
}

#[tokio::test]
async fn contents_live_in_a_bucket() {
    let root = tempfile::tempdir().unwrap();
    walk(bucket(root.path()).await).await;
}

#[tokio::test]
async fn a_bucket_with_another_key_is_told_at_the_start() {
    let root = tempfile::tempdir().unwrap();
    let mut config = bucket(root.path()).await;
    let Place::S3(s3) = &mut config.place else { unreachable!() };
    s3.secret = "outro".to_owned().into();
    assert!(Files::new(config).probe().await.is_err());
}

#[tokio::test]
async fn pictures_have_a_thumbnail() {
    let root = tempfile::tempdir().unwrap();
    let files = Files::new(FilesConfig::folder(root.path().to_owned()));
    let shelf = files.of(unidade(1));
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(640, 480).write_to(&mut png, image::ImageFormat::Png).unwrap();
    put(&files, &shelf, 1, "foto.png", png.into_inner()).await.unwrap();
    put(&files, &shelf, 2, "nota.txt", "x").await.unwrap();
    let id = |n| ArquivoId::new(Uuid::from_u128(n));
    assert!(shelf.thumbnail(id(1)).await.unwrap().unwrap().starts_with(b"\xff\xd8\xff"));
    assert_eq!(shelf.thumbnail(id(2)).await.unwrap(), None);
    assert_eq!(listed(&shelf).await, [1, 2].into());
    shelf.remove(id(1)).await.unwrap();
    assert_eq!((shelf.thumbnail(id(1)).await.unwrap(), listed(&shelf).await), (None, [2].into()));
}

/// S1-1.12: the limit itself passes, one byte more is refused and names the limit.
#[tokio::test]
async fn the_limit_is_exact() {
    let root = tempfile::tempdir().unwrap();
    let files = Files::new(FilesConfig::folder(root.path().to_owned()));
    let shelf = files.of(unidade(1));
    let limit = 16 << 20;
    put(&files, &shelf, 1, "cheio.txt", vec![b'x'; limit]).await.unwrap();
    let refused = put(&files, &shelf, 2, "demais.txt", vec![b'x'; limit + 1]).await.unwrap_err();
    assert_eq!(refused.fields()[0].invalid.code, "file-too-large");
    assert_eq!(refused.fields()[0].invalid.args, [("max", "16".to_owned())]);
    let empty = put(&files, &shelf, 3, "vazio.txt", "").await.unwrap_err();
    assert_eq!(empty.fields()[0].invalid.code, "file-empty");
    // A body that never ends is given up at the limit.
    let endless = futures::stream::repeat_with(|| Ok::<_, std::convert::Infallible>(bytes::Bytes::from_static(&[b'x'; 8192])));
    let refused = files.receive(FileName::clean("a.txt").unwrap(), u64::MAX, endless).await.unwrap_err();
    assert_eq!(refused.fields()[0].invalid.code, "file-too-large");
    let broken = futures::stream::iter([Ok(bytes::Bytes::from_static(b"x")), Err("reset")]);
    let refused = files.receive(FileName::clean("a.txt").unwrap(), u64::MAX, broken).await.unwrap_err();
    assert!(matches!(refused, ReceiveError::Broken));
    assert_eq!(listed(&shelf).await, [1].into());
}

#[tokio::test]
async fn what_a_killed_process_left_half_written_is_swept() {
    let root = tempfile::tempdir().unwrap();
    let files = Files::new(FilesConfig::folder(root.path().to_owned()));
    let shelf = files.of(unidade(1));
    assert_eq!(shelf.sweep_partial(Duration::ZERO).await.unwrap(), 0);
    put(&files, &shelf, 1, "a.txt", "x").await.unwrap();
    let folder = root.path().join(Uuid::from_u128(1).simple().to_string());
    std::fs::write(folder.join(format!("{}#1", Uuid::from_u128(2))), "half").unwrap();
    assert_eq!(listed(&shelf).await, [1].into(), "half a content is none");
    let long_ago: Vec<ArquivoId> = shelf.list(chrono::DateTime::UNIX_EPOCH).unwrap().try_collect().await.unwrap();
    assert_eq!(long_ago, []);
    assert_eq!(shelf.sweep_partial(Duration::from_secs(3600)).await.unwrap(), 0, "somebody may still be writing it");
    assert_eq!(shelf.sweep_partial(Duration::ZERO).await.unwrap(), 1);
    assert_eq!(read(&shelf, 1).await.unwrap(), b"x");
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 1);
    // Files being looked at have no name that could stay behind.
    assert_eq!(std::fs::read_dir(root.path()).unwrap().count(), 1);
}

/// Whether this process could lay a disk of one megabyte over that folder.
fn small_disk(over: &std::path::Path) -> bool {
    let mount = std::process::Command::new("mount").args(["-t", "tmpfs", "-o", "size=1m", "none"]).arg(over).output();
    mount.is_ok_and(|done| done.status.success())
}

/// Whoever sends the file is told so, nothing of it stays, and with room again it comes in.
#[tokio::test]
async fn a_full_disk_is_named_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    if !small_disk(folder.path()) {
        eprintln!("skipped: this process may not mount a small disk");
        return;
    }
    let outcome = full_disk(folder.path()).await;
    assert!(std::process::Command::new("umount").arg(folder.path()).status().unwrap().success());
    outcome.unwrap();
}

async fn full_disk(folder: &std::path::Path) -> Result<(), String> {
    let files = Files::new(FilesConfig::folder(folder.to_owned()));
    let shelf = files.of(unidade(1));
    let text = |bytes: usize| "linha,outra\n".repeat(bytes / 12);
    let expect = |when: &str, result: Result<(), ReceiveError>| match result {
        Err(ReceiveError::DiskFull) => Ok(()),
        other => Err(format!("{when}: {other:?}")),
    };
    expect("while it comes", put(&files, &shelf, 1, "grande.csv", text(2 << 20)).await)?;
    let received = files.receive(FileName::clean("meio.csv").unwrap(), u64::MAX, whole(text(400 << 10))).await;
    let received = received.map_err(|e| e.to_string())?;
    std::fs::write(folder.join("ballast"), vec![0; 500 << 10]).map_err(|e| e.to_string())?;
    expect("when it is kept", shelf.put(ArquivoId::new(Uuid::from_u128(2)), received).await)?;
    if !listed(&shelf).await.is_empty() {
        return Err(format!("something stayed: {:?}", listed(&shelf).await));
    }
    std::fs::remove_file(folder.join("ballast")).map_err(|e| e.to_string())?;
    put(&files, &shelf, 3, "meio.csv", text(400 << 10)).await.map_err(|e| e.to_string())?;
    match read(&shelf, 3).await {
        Some(bytes) if bytes == text(400 << 10).into_bytes() => Ok(()),
        other => Err(format!("read back: {:?} bytes", other.map(|bytes| bytes.len()))),
    }
}
