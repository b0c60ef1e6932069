//! Reading decimal numbers, exactly or rounded.

use std::fmt;

use rust_decimal::Decimal;

use super::{Number, SCALE_MAX};

/// Why a text is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberError {
    /// The text does not have the form of a number.
    Syntax,
    /// The number has more than 28 digits before the point.
    TooLarge,
    /// The number has more digits than can be kept.
    Inexact,
}

impl fmt::Display for NumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NumberError::Syntax => "not a number",
            NumberError::TooLarge => "number is too large",
            NumberError::Inexact => "number has too many digits to be exact",
        })
    }
}

impl std::error::Error for NumberError {}

/// The largest mantissa: 96 bits.
const MANTISSA_MAX: u128 = (1 << 96) - 1;

/// The digits of a number: `mantissa / 10^scale`, with what was cut off behind it.
struct Digits {
    negative: bool,
    mantissa: u128,
    scale: i64,
    next: u8,
    sticky: bool,
}

impl Number {
    /// Reads `[-]digits[.digits][e[+-]digits]` (a bare leading point is fine); refuses what does not fit exactly.
    pub fn parse_exact(text: &str) -> Result<Number, NumberError> {
        let (number, exact) = parse(text)?;
        if exact { Ok(number) } else { Err(NumberError::Inexact) }
    }

    /// Reads the same form, rounding half to even what does not fit.
    pub fn parse_rounded(text: &str) -> Result<Number, NumberError> {
        parse(text).map(|(number, _)| number)
    }
}

fn parse(text: &str) -> Result<(Number, bool), NumberError> {
    let mut digits = scan(text)?;
    if digits.mantissa == 0 && digits.next == 0 && !digits.sticky {
        return Ok((Number::ZERO, true));
    }
    while digits.next == 0 && !digits.sticky && digits.mantissa % 10 == 0 {
        digits.mantissa /= 10;
        digits.scale -= 1;
    }
    while digits.scale > i64::from(SCALE_MAX) && (digits.mantissa > 0 || digits.next > 0) {
        digits.cut();
    }
    while digits.mantissa > MANTISSA_MAX {
        digits.cut();
    }
    let exact = digits.next == 0 && !digits.sticky;
    if digits.next > 5 || digits.next == 5 && (digits.sticky || digits.mantissa % 2 == 1) {
        digits.mantissa += 1;
    }
    while digits.mantissa % 10 == 0 && digits.mantissa > 0 && digits.scale > 0 {
        digits.mantissa /= 10;
        digits.scale -= 1;
    }
    while digits.scale < 0 && digits.mantissa > 0 {
        digits.mantissa *= 10;
        digits.scale += 1;
        if digits.mantissa > MANTISSA_MAX {
            return Err(NumberError::TooLarge);
        }
    }
    if digits.mantissa == 0 {
        return Ok((Number::ZERO, exact));
    }
    let mantissa = i128::try_from(digits.mantissa).map_err(|_| NumberError::TooLarge)?;
    let mantissa = if digits.negative { -mantissa } else { mantissa };
    let scale = u32::try_from(digits.scale).map_err(|_| NumberError::TooLarge)?;
    let decimal = Decimal::try_from_i128_with_scale(mantissa, scale).map_err(|_| NumberError::TooLarge)?;
    Ok((Number::from(decimal), exact))
}

fn scan(text: &str) -> Result<Digits, NumberError> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (plain, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((plain, exponent)) => (plain, exponent_of(exponent)?),
        None => (unsigned, 0),
    };
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain, "0"));
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(whole) || !is_digits(fraction) || fraction.is_empty() || plain.is_empty() {
        return Err(NumberError::Syntax);
    }
    let mut digits = Digits { negative, mantissa: 0, scale: 0, next: 0, sticky: false };
    let mut full = false;
    for (in_fraction, byte) in
        whole.bytes().map(|byte| (false, byte)).chain(fraction.bytes().map(|byte| (true, byte)))
    {
        let digit = byte - b'0';
        full = full || digits.mantissa >= 10_u128.pow(35);
        if full {
            digits.sticky |= digit != 0;
            digits.scale -= i64::from(!in_fraction);
        } else {
            digits.mantissa = digits.mantissa * 10 + u128::from(digit);
            digits.scale += i64::from(in_fraction);
        }
    }
    digits.scale = digits.scale.saturating_sub(exponent);
    Ok(digits)
}

impl Digits {
    /// Moves the last digit of the mantissa to those that were cut off.
    fn cut(&mut self) {
        self.sticky |= self.next != 0;
        self.next = (self.mantissa % 10) as u8;
        self.mantissa /= 10;
        self.scale -= 1;
    }
}

fn exponent_of(text: &str) -> Result<i64, NumberError> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NumberError::Syntax);
    }
    let size = digits.trim_start_matches('0').parse::<i64>().unwrap_or(if digits.contains(|c| c != '0') {
        i64::MAX / 4
    } else {
        0
    });
    let size = size.min(i64::MAX / 4);
    Ok(if text.starts_with('-') { -size } else { size })
}
