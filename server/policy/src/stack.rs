//! Room for work whose depth is that of a text.
//!
//! Cedar's parser and type checker call themselves for every operator, with frames of many kilobytes: a chain that is
//! allowed would overflow the stack of a server's thread. Small texts stay on the caller's stack. Nothing is run at the
//! same time: the caller waits.

/// Above this many levels the work moves to a stack of its own.
const LEVELS_IN_PLACE: usize = 8;
/// Several times what the deepest accepted text needs without optimisation; pages that are not touched cost nothing.
const BYTES: usize = 64 << 20;

/// Runs the work with room for so many levels. Nothing comes back when the system has no room for another stack.
pub(crate) fn with_room<T: Send>(levels: usize, work: impl FnOnce() -> T + Send) -> Option<T> {
    if levels <= LEVELS_IN_PLACE {
        return Some(work());
    }
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(BYTES);
        let thread = thread.spawn_scoped(scope, work).ok()?;
        match thread.join() {
            Ok(result) => Some(result),
            // A panic belongs to the caller, as if the work had been done in its place.
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}
