//! Exact decimal numbers, small ones inline.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use rust_decimal::{Decimal, RoundingStrategy};

mod parse;

pub use parse::NumberError;

/// An exact decimal number of up to 28 significant digits.
///
/// The form is canonical (`1.50` is `1.5`), so that equal numbers are equal in form and hash.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Number(Repr);

/// Invariant: the scale is the smallest possible, and `Large` only where `Small` does not fit.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Repr {
    Small { scale: u8, mantissa: i64 },
    Large(Arc<Decimal>),
}

const SCALE_MAX: u32 = Decimal::MAX_SCALE;

impl Number {
    /// Zero.
    pub const ZERO: Number = Number(Repr::Small { scale: 0, mantissa: 0 });
    /// One half.
    pub const HALF: Number = Number(Repr::Small { scale: 1, mantissa: 5 });
    /// One.
    pub const ONE: Number = Number(Repr::Small { scale: 0, mantissa: 1 });

    /// `mantissa / 10^scale`, when a number can hold it.
    pub fn new(mantissa: i64, scale: u32) -> Option<Number> {
        if scale <= SCALE_MAX {
            return Some(Number::small(mantissa, scale as u8));
        }
        Decimal::try_from_i128_with_scale(i128::from(mantissa), scale).ok().map(Number::from)
    }

    /// The exact integer, when it is one of this range.
    pub fn to_i64(&self) -> Option<i64> {
        match &self.0 {
            Repr::Small { scale: 0, mantissa } => Some(*mantissa),
            Repr::Small { .. } | Repr::Large(_) => None,
        }
    }

    /// The number as a decimal.
    pub fn to_decimal(&self) -> Decimal {
        match &self.0 {
            Repr::Small { scale, mantissa } => Decimal::new(*mantissa, u32::from(*scale)),
            Repr::Large(decimal) => **decimal,
        }
    }

    /// The shortest decimal that reads back as this float; none for NaN and infinities,
    /// and where the decimal would not be exact.
    pub fn from_f64(value: f64) -> Option<Number> {
        if !value.is_finite() {
            return None;
        }
        Number::parse_exact(&format!("{value:e}")).ok()
    }

    /// The float whose shortest decimal is exactly this number.
    pub fn to_f64(&self) -> Option<f64> {
        let float: f64 = self.to_string().parse().ok()?;
        (Number::from_f64(float).as_ref() == Some(self)).then_some(float)
    }

    /// Whether it is a whole number.
    pub fn is_integer(&self) -> bool {
        match &self.0 {
            Repr::Small { scale, .. } => *scale == 0,
            Repr::Large(decimal) => decimal.scale() == 0,
        }
    }

    /// Whether it is below zero.
    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Repr::Small { mantissa, .. } => *mantissa < 0,
            Repr::Large(decimal) => decimal.is_sign_negative(),
        }
    }

    /// Whether it is zero.
    pub fn is_zero(&self) -> bool {
        matches!(self.0, Repr::Small { mantissa: 0, .. })
    }

    /// The sum, unless it is too large.
    pub fn checked_add(&self, other: &Number) -> Option<Number> {
        if let (Some((scale, left)), Some((right_scale, right))) = (self.parts(), other.parts())
            && scale == right_scale
            && let Some(sum) = left.checked_add(right)
        {
            return Some(Number::small(sum, scale));
        }
        self.to_decimal().checked_add(other.to_decimal()).map(Number::from)
    }

    /// The difference, unless it is too large.
    pub fn checked_sub(&self, other: &Number) -> Option<Number> {
        if let (Some((scale, left)), Some((right_scale, right))) = (self.parts(), other.parts())
            && scale == right_scale
            && let Some(difference) = left.checked_sub(right)
        {
            return Some(Number::small(difference, scale));
        }
        self.to_decimal().checked_sub(other.to_decimal()).map(Number::from)
    }

    /// The product, unless it is too large.
    pub fn checked_mul(&self, other: &Number) -> Option<Number> {
        if let (Some((left_scale, left)), Some((right_scale, right))) = (self.parts(), other.parts())
            && u32::from(left_scale + right_scale) <= SCALE_MAX
            && let Some(product) = left.checked_mul(right)
        {
            return Some(Number::small(product, left_scale + right_scale));
        }
        self.to_decimal().checked_mul(other.to_decimal()).map(Number::from)
    }

    /// The quotient, unless it is too large or the divisor is zero.
    pub fn checked_div(&self, other: &Number) -> Option<Number> {
        if let (Some((0, left)), Some((0, right))) = (self.parts(), other.parts())
            && left.checked_rem(right) == Some(0)
            && let Some(quotient) = left.checked_div(right)
        {
            return Some(Number::small(quotient, 0));
        }
        self.to_decimal().checked_div(other.to_decimal()).map(Number::from)
    }

    /// The remainder with the sign of the divisor, as FEEL's `modulo`: `a - b * floor(a / b)`.
    pub fn checked_modulo(&self, other: &Number) -> Option<Number> {
        let divisor = other.to_decimal();
        let remainder = self.to_decimal().checked_rem(divisor)?;
        if remainder.is_zero() || remainder.is_sign_negative() == divisor.is_sign_negative() {
            return Some(Number::from(remainder));
        }
        remainder.checked_add(divisor).map(Number::from)
    }

    /// The number with the other sign.
    pub fn negated(&self) -> Number {
        match &self.0 {
            Repr::Small { scale, mantissa } if *mantissa != i64::MIN => {
                Number(Repr::Small { scale: *scale, mantissa: -mantissa })
            }
            Repr::Small { .. } | Repr::Large(_) => Number::from(-self.to_decimal()),
        }
    }

    /// The number without its sign.
    pub fn abs(&self) -> Number {
        if self.is_negative() { self.negated() } else { self.clone() }
    }

    /// Rounded to so many digits after the point; a negative scale rounds before the point.
    pub fn rounded(&self, scale: i64, strategy: RoundingStrategy) -> Option<Number> {
        if scale >= i64::from(SCALE_MAX) {
            return Some(self.clone());
        }
        if scale >= 0 {
            return Some(Number::from(self.to_decimal().round_dp_with_strategy(scale as u32, strategy)));
        }
        if scale < -i64::from(SCALE_MAX) {
            let away = match strategy {
                RoundingStrategy::AwayFromZero => !self.is_zero(),
                RoundingStrategy::ToNegativeInfinity => self.is_negative(),
                RoundingStrategy::ToPositiveInfinity => !self.is_negative() && !self.is_zero(),
                _ => false,
            };
            return (!away).then_some(Number::ZERO);
        }
        self.rounded_to_unit(scale.unsigned_abs() as u32, strategy)
    }

    /// Rounds to a multiple of `10^digits`. The division could round, so the low digits are
    /// cut off exactly first and stand in for by a fraction on the same side of one half.
    fn rounded_to_unit(&self, digits: u32, strategy: RoundingStrategy) -> Option<Number> {
        let unit = Decimal::try_from_i128_with_scale(10_i128.pow(digits), 0).ok()?;
        let decimal = self.to_decimal();
        let rest = decimal.checked_rem(unit)?;
        let whole = decimal.checked_sub(rest)?.checked_div(unit)?;
        let quarters = match rest.abs().cmp(&unit.checked_div(Decimal::TWO)?) {
            _ if rest.is_zero() => 0,
            Ordering::Less => 25,
            Ordering::Equal => 50,
            Ordering::Greater => 75,
        };
        let fraction = Decimal::new(if rest.is_sign_negative() { -quarters } else { quarters }, 2);
        let rounded = whole.checked_add(fraction)?.round_dp_with_strategy(0, strategy);
        rounded.checked_mul(unit).map(Number::from)
    }

    /// The largest whole number not above it, at so many digits after the point.
    pub fn floor(&self, scale: i64) -> Option<Number> {
        self.rounded(scale, RoundingStrategy::ToNegativeInfinity)
    }

    /// The smallest whole number not below it, at so many digits after the point.
    pub fn ceiling(&self, scale: i64) -> Option<Number> {
        self.rounded(scale, RoundingStrategy::ToPositiveInfinity)
    }

    /// The integer part, when it is an integer of this range.
    pub fn truncated_i64(&self) -> Option<i64> {
        Number::from(self.to_decimal().trunc()).to_i64()
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        match &self.0 {
            Repr::Small { .. } => 0,
            Repr::Large(_) => 32,
        }
    }

    fn parts(&self) -> Option<(u8, i64)> {
        match &self.0 {
            Repr::Small { scale, mantissa } => Some((*scale, *mantissa)),
            Repr::Large(_) => None,
        }
    }

    fn small(mut mantissa: i64, mut scale: u8) -> Number {
        if mantissa == 0 {
            return Number::ZERO;
        }
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        Number(Repr::Small { scale, mantissa })
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Number) -> Ordering {
        if let (Some((left_scale, left)), Some((right_scale, right))) = (self.parts(), other.parts()) {
            if left_scale == right_scale {
                return left.cmp(&right);
            }
            let shift = |value: i64, by: u8| i128::from(value) * 10_i128.pow(u32::from(by));
            if left_scale < right_scale && right_scale - left_scale <= 18 {
                return shift(left, right_scale - left_scale).cmp(&i128::from(right));
            }
            if right_scale < left_scale && left_scale - right_scale <= 18 {
                return i128::from(left).cmp(&shift(right, left_scale - right_scale));
            }
        }
        self.to_decimal().cmp(&other.to_decimal())
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Number) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Number {
        Number(Repr::Small { scale: 0, mantissa: value })
    }
}

impl From<i32> for Number {
    fn from(value: i32) -> Number {
        Number::from(i64::from(value))
    }
}

impl From<u32> for Number {
    fn from(value: u32) -> Number {
        Number::from(i64::from(value))
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Number {
        Number::from(Decimal::from(value))
    }
}

impl From<usize> for Number {
    fn from(value: usize) -> Number {
        Number::from(value as u64)
    }
}

impl From<Decimal> for Number {
    fn from(value: Decimal) -> Number {
        let value = value.normalize();
        match i64::try_from(value.mantissa()) {
            Ok(mantissa) => Number::small(mantissa, value.scale() as u8),
            Err(_) => Number(Repr::Large(Arc::new(value))),
        }
    }
}

impl From<&Number> for Decimal {
    fn from(value: &Number) -> Decimal {
        value.to_decimal()
    }
}

impl FromStr for Number {
    type Err = NumberError;

    /// Reads a decimal exactly; see [`Number::parse_exact`].
    fn from_str(text: &str) -> Result<Number, NumberError> {
        Number::parse_exact(text)
    }
}

/// Plain digits without an exponent, the shortest that are exact.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Small { scale: 0, mantissa } => mantissa.fmt(f),
            Repr::Small { .. } => self.to_decimal().fmt(f),
            Repr::Large(decimal) => decimal.fmt(f),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
