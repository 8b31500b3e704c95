//! Makes cargo rebuild this crate when a migration is added: `migrate!` embeds a directory that cargo does not watch.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
