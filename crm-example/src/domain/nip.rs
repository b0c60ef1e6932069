//! NIP, the tax number of a Polish company: ten digits, the last of which checks the others.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A number whose check digit is right. That it was ever given out only the tax office knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Nip([u8; 10]);

/// Why a text is not a NIP.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NipError {
    /// Something else than digits and the usual separators.
    #[error("a NIP holds digits only, not {0:?}")]
    Character(char),
    /// Too few or too many digits.
    #[error("a NIP has 10 digits, not {0}")]
    Length(usize),
    /// The first three digits name a tax office, and none has this code.
    #[error("no tax office has the code {0:03}")]
    Office(u16),
    /// A slip in one digit, or two digits swapped.
    #[error("the check digit should be {expected}")]
    CheckDigit {
        /// What the other digits ask for.
        expected: u8,
    },
    /// The other digits leave the remainder 10, for which there is no digit: never given out.
    #[error("no check digit fits these digits")]
    NoCheckDigit,
}

const WEIGHTS: [u32; 9] = [6, 5, 7, 2, 3, 4, 5, 6, 7];

impl FromStr for Nip {
    type Err = NipError;

    /// Reads `5260250274`, `526-025-02-74`, `526 025 02 74` and `PL5260250274`.
    fn from_str(text: &str) -> Result<Nip, NipError> {
        let text = text.trim();
        let text = text.strip_prefix("PL").unwrap_or(text);
        let mut digits = [0; 10];
        let mut count = 0;
        for character in text.chars().filter(|character| !matches!(character, '-' | ' ')) {
            let digit = character.to_digit(10).ok_or(NipError::Character(character))?;
            if let Some(place) = digits.get_mut(count) {
                *place = digit as u8;
            }
            count += 1;
        }
        if count != digits.len() {
            return Err(NipError::Length(count));
        }
        checked(digits)
    }
}

fn checked(digits: [u8; 10]) -> Result<Nip, NipError> {
    let office = digits[..3].iter().fold(0, |code, digit| code * 10 + u16::from(*digit));
    if office < 100 || office.is_multiple_of(100) {
        return Err(NipError::Office(office));
    }
    let sum: u32 = WEIGHTS.iter().zip(digits).map(|(weight, digit)| weight * u32::from(digit)).sum();
    match sum % 11 {
        10 => Err(NipError::NoCheckDigit),
        expected if expected == u32::from(digits[9]) => Ok(Nip(digits)),
        expected => Err(NipError::CheckDigit { expected: expected as u8 }),
    }
}

impl fmt::Display for Nip {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(&self.0.map(|digit| char::from(b'0' + digit)).iter().collect::<String>())
    }
}

impl TryFrom<String> for Nip {
    type Error = NipError;

    fn try_from(text: String) -> Result<Nip, NipError> {
        text.parse()
    }
}

impl From<Nip> for String {
    fn from(nip: Nip) -> String {
        nip.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_spellings_are_one_number() {
        // 5·6 + 2·5 + 6·7 + 0·2 + 2·3 + 5·4 + 0·5 + 2·6 + 7·7 = 169 = 15·11 + 4
        let nip: Nip = "5260250274".parse().unwrap();
        for spelling in ["526-025-02-74", "526 025 02 74", "PL5260250274", " 526-02-50-274 "] {
            assert_eq!(spelling.parse(), Ok(nip), "{spelling}");
        }
        assert_eq!(nip.to_string(), "5260250274");
    }

    #[test]
    fn a_slip_is_found() {
        assert_eq!("5260250275".parse::<Nip>(), Err(NipError::CheckDigit { expected: 4 }));
        // Two neighbours swapped: 5·6 + 6·5 + 2·7 + 0·2 + 2·3 + 5·4 + 0·5 + 2·6 + 7·7 = 161 = 14·11 + 7
        assert_eq!("5620250274".parse::<Nip>(), Err(NipError::CheckDigit { expected: 7 }));
    }

    #[test]
    fn every_slip_in_one_digit_is_found() {
        let right = b"5862044185";
        assert!(std::str::from_utf8(right).unwrap().parse::<Nip>().is_ok());
        for place in 0..right.len() {
            for digit in b'0'..=b'9' {
                let mut typed = *right;
                typed[place] = digit;
                let is_right = std::str::from_utf8(&typed).unwrap().parse::<Nip>().is_ok();
                assert_eq!(is_right, typed == *right, "place {place}, digit {}", char::from(digit));
            }
        }
    }

    #[test]
    fn ten_is_no_digit() {
        // 1·6 + 1·5 + 1·7 + 1·2 + 1·3 + 1·4 + 1·5 + 1·6 + 9·7 = 101 = 9·11 + 2; with 8 instead of 9: 94 = 8·11 + 6;
        // 1·6 + 1·5 + 1·7 + 2·2 + 0·3 + 0·4 + 2·5 + 0·6 + 0·7 = 32 = 2·11 + 10
        assert_eq!("1111111192".parse::<Nip>().unwrap().to_string(), "1111111192");
        assert_eq!("1111111186".parse::<Nip>().unwrap().to_string(), "1111111186");
        assert_eq!("1112002000".parse::<Nip>(), Err(NipError::NoCheckDigit));
    }

    #[test]
    fn other_texts_are_refused_by_name() {
        assert_eq!("526025027".parse::<Nip>(), Err(NipError::Length(9)));
        assert_eq!("52602502740".parse::<Nip>(), Err(NipError::Length(11)));
        assert_eq!("".parse::<Nip>(), Err(NipError::Length(0)));
        assert_eq!("526025027X".parse::<Nip>(), Err(NipError::Character('X')));
        assert_eq!("٥260250274".parse::<Nip>(), Err(NipError::Character('٥')));
        assert_eq!("0000000000".parse::<Nip>(), Err(NipError::Office(0)));
        assert_eq!("5000250274".parse::<Nip>(), Err(NipError::Office(500)));
    }

    #[test]
    fn json_is_the_plain_number() {
        let nip: Nip = serde_json::from_str("\"526-025-02-74\"").unwrap();
        assert_eq!(serde_json::to_string(&nip).unwrap(), "\"5260250274\"");
        assert!(serde_json::from_str::<Nip>("\"5260250275\"").is_err());
    }
}
