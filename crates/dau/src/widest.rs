//! Loops over many numbers, compiled for the widest instructions that the processor has.
//!
//! A program for any x86-64 processor adds four numbers at a time, and nearly all that are in use today can add eight. What is
//! computed does not depend on it: each number is computed by itself.

use pulp::{Arch, NullaryFnOnce};

struct Loop<F>(F);

impl<R, F: FnOnce() -> R> NullaryFnOnce for Loop<F> {
    type Output = R;

    #[inline(always)]
    fn call(self) -> R {
        (self.0)()
    }
}

/// Runs a loop. It should be long: to find out what the processor has costs some nanoseconds.
#[inline(always)]
pub(crate) fn widest<R>(work: impl FnOnce() -> R) -> R {
    Arch::new().dispatch(Loop(work))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loop_gives_what_it_computes() {
        let numbers: Vec<f32> = (0..1000).map(|number| number as f32).collect();
        let mut sums = vec![0.5; 1000];
        let count = widest(|| {
            sums.iter_mut().zip(&numbers).for_each(|(sum, &number)| *sum += 0.1 * number);
            sums.len()
        });
        assert_eq!(count, 1000);
        assert!(sums.iter().zip(&numbers).all(|(&sum, &number)| sum == 0.5 + 0.1 * number));
    }
}
