//! Whether words stand together: positions of one document, nothing else.

/// Whether one position from each list can be chosen so that they differ by `slop` at most.
///
/// The lists are sorted. This is the smallest range that covers all lists: the list with the smallest head moves on.
/// One word of the text stands for one word of the phrase.
pub(super) fn stand_together(positions: &[&[u32]], offsets: &[u32], slop: u32) -> bool {
    let mut heads = vec![0usize; positions.len()];
    loop {
        let (mut least, mut least_list, mut most) = (u32::MAX, 0, 0);
        for (list, &head) in heads.iter().enumerate() {
            let position = positions[list][head];
            if position < least {
                (least, least_list) = (position, list);
            }
            most = most.max(position);
        }
        let near = most - least <= slop;
        if near && (slop == 0 || are_distinct(positions, offsets, &heads)) {
            return true;
        }
        // Heads below what the largest needs cannot be part of a match.
        let needed = if near { least + 1 } else { most - slop };
        let list = positions[least_list];
        heads[least_list] += list[heads[least_list]..].partition_point(|&position| position < needed);
        if heads[least_list] == list.len() {
            return false;
        }
    }
}

/// Whether the heads are different words of the text. Side by side they always are.
fn are_distinct(positions: &[&[u32]], offsets: &[u32], heads: &[usize]) -> bool {
    let place = |list: usize| positions[list][heads[list]] + offsets[list];
    (1..heads.len()).all(|list| (0..list).all(|other| place(other) != place(list)))
}

#[cfg(test)]
mod tests {
    fn stand_together(positions: &[Vec<u32>], slop: u32) -> bool {
        let slices: Vec<&[u32]> = positions.iter().map(Vec::as_slice).collect();
        super::stand_together(&slices, &(0..).take(positions.len()).collect::<Vec<u32>>(), slop)
    }

    #[test]
    fn one_word_of_the_text_is_one_word_of_the_phrase() {
        // Places 5 and 5; then 5 and 7.
        assert!(!stand_together(&[vec![5], vec![4]], 1));
        assert!(stand_together(&[vec![5, 7], vec![4, 6]], 1));
    }

    #[test]
    fn side_by_side_and_within_a_slop() {
        assert!(stand_together(&[vec![3, 9], vec![4, 9]], 0));
        assert!(!stand_together(&[vec![3, 8], vec![4, 9]], 0));
        assert!(stand_together(&[vec![3, 8], vec![4, 9]], 1));
        assert!(stand_together(&[vec![1, 20, 40], vec![9, 22], vec![10, 24, 90]], 4));
        assert!(!stand_together(&[vec![1, 20, 40], vec![9, 22], vec![10, 24, 90]], 3));
        assert!(stand_together(&[vec![7]], 0));
    }
}
