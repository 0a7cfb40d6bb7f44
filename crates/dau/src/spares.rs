//! Work space that is over its use, kept for whoever needs such next.

use std::sync::{Mutex, PoisonError};

/// At most `MOST` pieces of work space.
#[derive(Debug)]
pub(crate) struct Spares<T, const MOST: usize>(Mutex<Vec<T>>);

impl<T, const MOST: usize> Spares<T, MOST> {
    pub(crate) const fn new() -> Spares<T, MOST> {
        Spares(Mutex::new(Vec::new()))
    }

    /// Takes a piece out; a new one when there is none.
    pub(crate) fn take(&self) -> T
    where
        T: Default,
    {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    /// Takes a piece back, if there is room for it.
    pub(crate) fn keep(&self, piece: T) {
        let mut spares = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if spares.len() < MOST {
            spares.push(piece);
        }
    }
}

impl<T, const MOST: usize> Default for Spares<T, MOST> {
    fn default() -> Spares<T, MOST> {
        Spares::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_are_kept_than_there_is_room_for() {
        let spares = Spares::<u8, 2>::new();
        assert_eq!(spares.take(), 0, "a new one");
        (1..=3).for_each(|piece| spares.keep(piece));
        assert_eq!([spares.take(), spares.take(), spares.take()], [2, 1, 0]);
    }
}
