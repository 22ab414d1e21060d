//! Sums of two numbers, as captchas ask them: `9 - 3`.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

/// The numbers that occur.
const NUMBERS: RangeInclusive<u32> = 1..=10;

/// A sign between two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    Plus,
    Minus,
    Times,
}

impl Sign {
    const ALL: [Self; 3] = [Self::Plus, Self::Minus, Self::Times];

    /// The ways in which it is written, the usual one first.
    pub(crate) fn written(self) -> &'static [char] {
        match self {
            Self::Plus => &['+'],
            Self::Minus => &['-', '−', '–'],
            Self::Times => &['x', '×', '*'],
        }
    }
}

/// Two numbers from 1 to 10 and the sign between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sum {
    left: u32,
    sign: Sign,
    right: u32,
}

impl Sum {
    /// Every sum that a portal asks: its result is above zero.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        Sign::ALL.into_iter().flat_map(|sign| {
            NUMBERS.flat_map(move |left| {
                NUMBERS
                    .map(move |right| Self { left, sign, right })
                    .filter(|sum| sum.result().is_some())
            })
        })
    }

    /// The result, if it is above zero.
    pub(crate) fn result(self) -> Option<u32> {
        let result = match self.sign {
            Sign::Plus => self.left + self.right,
            Sign::Minus => self.left.checked_sub(self.right)?,
            Sign::Times => self.left * self.right,
        };
        (result > 0).then_some(result)
    }

    pub(crate) fn sign(self) -> Sign {
        self.sign
    }

    /// Its characters without spaces, the sign written so.
    pub(crate) fn characters(self, sign: char) -> String {
        format!("{}{sign}{}", self.left, self.right)
    }
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.sign {
            Sign::Plus => '+',
            Sign::Minus => '-',
            Sign::Times => 'x',
        };
        write!(f, "{} {sign} {}", self.left, self.right)
    }
}

impl FromStr for Sum {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let number = |text: &str| {
            let text = text.trim();
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            let number = text.parse().ok().filter(|number| NUMBERS.contains(number));
            number.filter(|_| digits).ok_or(())
        };
        let split = |sign: Sign| {
            let (left, right) = text.split_once(|c: char| sign.written().contains(&c))?;
            Some((left, sign, right))
        };
        let (left, sign, right) = Sign::ALL.into_iter().find_map(split).ok_or(())?;
        Ok(Self {
            left: number(left)?,
            sign,
            right: number(right)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_with_a_result_above_zero() {
        assert_eq!(Sum::all().count(), 100 + 45 + 100);
        for sum in Sum::all() {
            assert_eq!(sum.to_string().parse(), Ok(sum));
            assert!((1..=100).contains(&sum.result().unwrap()), "{sum}");
        }
    }

    #[test]
    fn sums_are_read_as_people_write_them() {
        let result = |text: &str| text.parse::<Sum>().ok().and_then(Sum::result);
        assert_eq!(result("9 - 3"), Some(6));
        assert_eq!(result("10+10"), Some(20));
        assert_eq!(result(" 7 × 8 "), Some(56));
        assert_eq!(result("2x3"), Some(6));
        for text in [
            "3 - 9", "4 - 4", "", "12 + 1", "1 +", "+1 + 2", "0 + 1", "1 / 2", "6",
        ] {
            assert_eq!(result(text), None, "{text}");
        }
    }
}
