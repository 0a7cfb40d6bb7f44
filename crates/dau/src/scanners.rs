//! Scanners that were used before: they know the words that are common. A new one works out each word anew, which takes
//! longer than most of what is then done with the tokens of a short text.

use crate::spares::Spares;
use crate::text::Scanner;

/// Scanners that are kept, at most; each takes three quarters of a megabyte once it knows words.
const MOST: usize = 4;

static SPARES: Spares<Scanner, MOST> = Spares::new();

/// Lends a scanner. Who has one may ask for another.
pub(crate) fn lend<T>(scan: impl FnOnce(&mut Scanner) -> T) -> T {
    let mut scanner = SPARES.take();
    let result = scan(&mut scanner);
    SPARES.keep(scanner);
    result
}
