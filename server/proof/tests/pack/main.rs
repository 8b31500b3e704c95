//! Evidence packs: what was written verifies; what was changed is found, and named with part, line and item.

mod archive;
mod attacks;
mod campaign;
mod damage;
mod limits;
mod random;
mod vector;
mod writing;
