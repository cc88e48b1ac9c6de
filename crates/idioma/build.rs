//! Lists the catalogues, so that a new `locales/<lang>/<file>.ftl` is embedded without being named anywhere.

use std::{env, error::Error, fmt::Write as _, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    let locales = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../locales").canonicalize()?;
    // Relative, here and in the code: two checkouts that share a target directory must not keep each other's words.
    println!("cargo::rerun-if-changed=../../locales");
    let mut code = String::new();
    for (name, tag) in [("PT_BR", "pt-BR"), ("EN", "en")] {
        let dir = locales.join(tag);
        let mut files: Vec<_> = fs::read_dir(&dir)?.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>()?;
        files.retain(|file| file.extension().is_some_and(|e| e == "ftl"));
        files.sort();
        writeln!(code, "/// File name and text of each catalogue in {tag}.")?;
        writeln!(code, "pub(crate) static {name}: &[(&str, &str)] = &[")?;
        for file in files {
            let short = file.file_name().and_then(|n| n.to_str()).ok_or("a catalogue's name is not UTF-8")?;
            let path = format!("/../../locales/{tag}/{short}");
            writeln!(code, "    ({short:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {path:?}))),")?;
        }
        writeln!(code, "];")?;
    }
    fs::write(Path::new(&env::var("OUT_DIR")?).join("catalogues.rs"), code)?;
    Ok(())
}
