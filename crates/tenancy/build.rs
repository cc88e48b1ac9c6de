//! The migrations are embedded by a macro, which sees a changed file and not a new one.

fn main() {
    for stream in ["tenant-migrations", "platform-migrations"] {
        println!("cargo::rerun-if-changed=../../{stream}");
    }
}
