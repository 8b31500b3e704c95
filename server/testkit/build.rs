//! Makes cargo rebuild this crate when a migration is added: the template of the test databases depends on them.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
