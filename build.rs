//! Generates the typed API from `spec/` into `OUT_DIR`. Everything is done by the crate `cipp-codegen`.

fn main() {
    if let Err(message) = cipp_codegen::build("spec") {
        eprintln!("{message}");
        std::process::exit(1);
    }
}
