//! The screen's types are the ones the commands have. `ACCEPT=1` writes them anew.

use std::path::Path;

#[test]
fn the_screens_types_are_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/src/lib/host/generated.ts");
    let expected = fieldproof_api::typescript::generate();
    if std::env::var_os("ACCEPT").is_some() {
        std::fs::write(&path, &expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap();
    assert!(found == expected, "ui/src/lib/host/generated.ts is stale: run `make types`");
}
