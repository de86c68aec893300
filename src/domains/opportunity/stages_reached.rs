//! Which stages an opportunity was in, kept with it so that reports needn't read its moves: the numbers of those that it has left, each
//! once, and the number of the one that it is in, in order and with commas between them. A number that is there twice tells that it is
//! back in a stage that it had left.

/// The opportunity leaves the stage that it is in for the one with this number.
pub fn enter(reached: &mut String, number: i32) {
    let mut numbers = read(reached);
    numbers.dedup();
    let place = numbers.partition_point(|one| *one < number);
    numbers.insert(place, number);
    let numbers: Vec<String> = numbers.iter().map(i32::to_string).collect();
    *reached = numbers.join(",");
}

/// The numbers, in order.
pub fn read(reached: &str) -> Vec<i32> {
    reached.split(',').filter_map(|number| number.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_stage_that_was_left_is_kept_once() {
        let mut reached = String::new();
        for (number, expected) in [(3, "3"), (10, "3,10"), (3, "3,3,10"), (10, "3,10,10"), (1, "1,3,10"), (10, "1,3,10,10")] {
            enter(&mut reached, number);
            assert_eq!(reached, expected);
        }
        assert_eq!(read(&reached), [1, 3, 10, 10]);
        assert_eq!(read(""), [0; 0]);
    }
}
