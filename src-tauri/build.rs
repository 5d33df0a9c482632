//! Bakes configuration, capabilities and the built screen into the program.

fn main() {
    tauri_build::build();
}
