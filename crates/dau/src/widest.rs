//! Loops over many numbers, compiled for the widest instructions that the processor has.
//!
//! A program for any x86-64 processor adds four numbers at a time, and nearly all that are in use today can add eight. What is
//! computed does not depend on it: each number is computed by itself.

use pulp::Arch;

/// A loop. Its `call` must be `#[inline(always)]`: a function that is called is compiled for any processor.
pub(crate) use pulp::NullaryFnOnce as Loop;

/// Runs a loop. It should be long: to find out what the processor has costs some nanoseconds.
#[inline(always)]
pub(crate) fn widest<L: Loop>(work: L) -> L::Output {
    Arch::new().dispatch(work)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Add<'a>(&'a mut [f32], &'a [f32]);

    impl Loop for Add<'_> {
        type Output = usize;

        #[inline(always)]
        fn call(self) -> usize {
            self.0.iter_mut().zip(self.1).for_each(|(sum, &number)| *sum += 0.1 * number);
            self.0.len()
        }
    }

    #[test]
    fn a_loop_gives_what_it_computes() {
        let numbers: Vec<f32> = (0..1000).map(|number| number as f32).collect();
        let mut sums = vec![0.5; 1000];
        assert_eq!(widest(Add(&mut sums, &numbers)), 1000);
        assert!(sums.iter().zip(&numbers).all(|(&sum, &number)| sum == 0.5 + 0.1 * number));
    }
}
