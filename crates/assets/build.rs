//! Makes sure that `assets/dist` is the bundle of the sources beside it, and lists its files for the crate.
//!
//! Plain `cargo run` works on a fresh checkout: where `dist` is missing or its sources changed, `npm ci` and the bundler run
//! once. "Changed" is judged by content, not by times, which a checkout or a container layer does not keep.
//! `ASSETS_PREBUILT=<dir>` takes a bundle built elsewhere (a build machine without Node).

use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use sha2::{Digest as _, Sha256};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const SOURCES: [&str; 5] = ["src", "build.mjs", "icons.txt", "package.json", "package-lock.json"];

fn main() {
    // A sentence for people, not the quoted form of an error.
    if let Err(error) = build() {
        eprintln!("\n{error}\n");
        std::process::exit(1);
    }
}

fn build() -> Result<()> {
    println!("cargo::rerun-if-env-changed=ASSETS_PREBUILT");
    let home = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../assets").canonicalize()?;
    // Relative: two checkouts that share a target directory must not keep each other's front end.
    for source in SOURCES {
        println!("cargo::rerun-if-changed=../../assets/{source}");
    }
    let dist = match env::var_os("ASSETS_PREBUILT") {
        Some(dir) => PathBuf::from(dir).canonicalize()?,
        None => bundled(&home)?,
    };
    let place = if dist.starts_with(&home) { Path::new("../../assets/dist").to_owned() } else { dist.clone() };
    println!("cargo::rerun-if-changed={}", place.join("manifest.json").display());
    let code = listing(&dist, &place)?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("files.rs"), code)?;
    Ok(())
}

/// The `dist` of these sources, built if need be.
fn bundled(home: &Path) -> Result<PathBuf> {
    let dist = home.join("dist");
    let fingerprint = fingerprint(home)?;
    let stamp = dist.join("sources.sha256");
    if dist.join("manifest.json").exists() && fs::read_to_string(&stamp).is_ok_and(|known| known == fingerprint) {
        return Ok(dist);
    }
    let lock = fs::read(home.join("package-lock.json"))?;
    let installed = home.join("node_modules/.sri-lock");
    if !fs::read(&installed).is_ok_and(|known| known == lock) {
        run(home, "npm", &["ci", "--ignore-scripts", "--no-audit", "--no-fund"])?;
        fs::write(&installed, &lock)?;
    }
    run(home, "node", &["build.mjs"])?;
    fs::write(stamp, fingerprint)?;
    Ok(dist)
}

fn run(home: &Path, program: &str, args: &[&str]) -> Result<()> {
    let line = format!("{program} {}", args.join(" "));
    let output = Command::new(program).args(args).current_dir(home).output().map_err(|cause| {
        format!(
            "the front end must be built and `{program}` cannot be started ({cause}).\n\
             Install Node.js 18 or newer (Debian: apt-get install nodejs npm), or build assets/ elsewhere \
             (`npm ci --ignore-scripts && npm run build`) and set ASSETS_PREBUILT=<path of its dist>."
        )
    })?;
    if output.status.success() {
        return Ok(());
    }
    let told = [output.stdout, output.stderr].concat();
    Err(format!("`{line}` in {} failed ({}):\n{}", home.display(), output.status, String::from_utf8_lossy(&told)).into())
}

/// SHA-256 over names and contents of the sources.
fn fingerprint(home: &Path) -> Result<String> {
    let mut files = Vec::new();
    for source in SOURCES {
        collect(&home.join(source), &mut files)?;
    }
    files.sort();
    let mut hash = Sha256::new();
    for file in files {
        let bytes = fs::read(&file)?;
        hash.update(file.strip_prefix(home)?.to_string_lossy().as_bytes());
        hash.update(u64::try_from(bytes.len())?.to_le_bytes());
        hash.update(bytes);
    }
    Ok(hex::encode(hash.finalize()))
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            collect(&entry?.path(), files)?;
        }
    } else {
        files.push(path.to_owned());
    }
    Ok(())
}

/// Rust source of the two tables in `lib.rs`: plain name to address, and file name to bytes; both sorted for binary search.
fn listing(dist: &Path, place: &Path) -> Result<String> {
    let embedded = |name: &str| {
        let file = place.join(name);
        if place.is_absolute() {
            return format!("include_bytes!({file:?})");
        }
        // Relative in the code too, as the words are.
        format!("include_bytes!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/\", {file:?}))")
    };
    let manifest = dist.join("manifest.json");
    let manifest = fs::read_to_string(&manifest).map_err(|cause| format!("{}: {cause}", manifest.display()))?;
    let manifest: std::collections::BTreeMap<String, String> = serde_json::from_str(&manifest)?;
    let mut files: Vec<PathBuf> =
        fs::read_dir(dist)?.map(|entry| entry.map(|e| e.path())).collect::<std::result::Result<_, _>>()?;
    files.sort();
    let mut code = String::from("static URLS: &[(&str, &str)] = &[\n");
    for (name, hashed) in &manifest {
        writeln!(code, "    ({name:?}, {:?}),", format!("/assets/{hashed}"))?;
    }
    code.push_str("];\nstatic FILES: &[(&str, Asset)] = &[\n");
    for file in &files {
        let name = file.file_name().and_then(|n| n.to_str()).ok_or("a built file's name is not UTF-8")?;
        let Some(mime) = mime(name) else { continue };
        let brotli = format!("{name}.br");
        let brotli = if dist.join(&brotli).exists() { format!("Some({})", embedded(&brotli)) } else { "None".to_owned() };
        writeln!(code, "    ({name:?}, Asset {{ bytes: {}, br: {brotli}, mime: {mime:?} }}),", embedded(name))?;
    }
    code.push_str("];\n");
    Ok(code)
}

/// `None` for what is not served: brotli forms, the manifest, the stamp.
fn mime(name: &str) -> Option<&'static str> {
    Some(match name.rsplit('.').next()? {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => return None,
    })
}
