//! What people do with lists beside reading them: views of their own, and one act on many rows.

mod bulk;
mod views;
