//! Reads JSON that is a text already, in the plain forms that nearly all of it has.
//!
//! What is not plain is left to serde_json: it reads the strings with escapes and the numbers with fractions, and when the text is
//! damaged, it says how. So this knows where values begin and end, and none of the finer rules. What it does better is the common
//! case: the name of a member that the caller expects is compared where it stands, and numbers and halves of characters that
//! serde_json gives up on are read as the text that they are.

use super::numbers::{LONGEST, is_of_number, is_too_large, with_large_numbers_as_text};
use super::text::without_lone_surrogates;
use serde::Deserializer;
use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Error, Value};
use std::borrow::Cow;

/// How deep values may be nested, as with serde_json: reading goes as deep on the stack.
const DEEPEST: u8 = 127;

/// A place in a JSON text, and a deserializer of the value that stands there.
pub(crate) struct Cursor<'de> {
    json: &'de str,
    /// What is behind the place.
    rest: &'de [u8],
    depth: u8,
    replaced: bool,
}

impl<'de> Cursor<'de> {
    /// At the start of the text.
    pub(crate) fn new(json: &'de str) -> Self {
        Self { json, rest: json.as_bytes(), depth: 0, replaced: false }
    }

    /// Whether halves of surrogate pairs were replaced.
    pub(crate) fn replaced(&self) -> bool {
        self.replaced
    }

    /// Makes sure that nothing is left.
    pub(crate) fn end(&mut self) -> Result<(), Error> {
        if self.token().is_none() { Ok(()) } else { Err(self.damage()) }
    }

    /// The number of the byte that comes next.
    #[inline]
    fn at(&self) -> usize {
        self.json.len() - self.rest.len()
    }

    /// Goes on by some bytes.
    #[inline]
    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }

    /// The next byte that is no white space. It is not taken.
    #[inline]
    fn token(&mut self) -> Option<u8> {
        loop {
            match self.rest {
                [b' ' | b'\n' | b'\t' | b'\r', rest @ ..] => self.rest = rest,
                [byte, ..] => return Some(*byte),
                [] => return None,
            }
        }
    }

    /// Takes the next byte that is no white space, which must be this one.
    #[inline]
    fn expect(&mut self, byte: u8) -> Result<(), Error> {
        match self.rest {
            [first, rest @ ..] if *first == byte => {
                self.rest = rest;
                Ok(())
            }
            _ => self.expect_behind_space(byte),
        }
    }

    #[cold]
    fn expect_behind_space(&mut self, byte: u8) -> Result<(), Error> {
        if self.token() != Some(byte) {
            return Err(self.damage());
        }
        self.skip(1);
        Ok(())
    }

    /// Whether the text goes on like this; it is taken.
    #[inline]
    fn take(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text.as_bytes());
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// The rest of the string whose first quote is behind.
    #[inline]
    fn string(&mut self) -> Result<Cow<'de, str>, Error> {
        let start = self.at();
        let length = plain(self.rest);
        match self.rest.get(length..) {
            Some([b'"', rest @ ..]) => {
                self.rest = rest;
                Ok(Cow::Borrowed(self.json.get(start..start + length).unwrap_or_default()))
            }
            _ => self.escaped(start).map(Cow::Owned),
        }
    }

    /// A string that holds an escape, or what no string may hold.
    #[cold]
    #[inline(never)]
    fn escaped(&mut self, start: usize) -> Result<String, Error> {
        self.skip(plain(self.rest));
        while let [b'\\', ..] = self.rest {
            self.skip(2);
            self.skip(plain(self.rest));
        }
        self.skip(1);
        let Some(string) = self.json.get(start.saturating_sub(1)..self.at()) else { return Err(self.damage()) };
        let read = serde_json::from_str(string).or_else(|error| match without_lone_surrogates(string) {
            Some(whole) => {
                self.replaced = true;
                serde_json::from_str(&whole)
            }
            None => Err(error),
        });
        match read {
            Ok(Value::String(text)) => Ok(text),
            _ => Err(self.damage()),
        }
    }

    /// A number. What no Rust number holds exactly is a text.
    fn number(&mut self) -> Result<Numeral, Error> {
        let start = self.at();
        let length = self.rest.iter().take_while(|byte| is_of_number(**byte)).count();
        let number = self.json.get(start..start + length).unwrap_or_default();
        self.skip(length);
        if length < LONGEST && !number.starts_with('0') && number.bytes().all(|byte| byte.is_ascii_digit()) {
            return number.parse().map(Numeral::Whole).map_err(|_| self.damage());
        }
        if is_too_large(number) {
            return Ok(Numeral::Text(number.to_owned()));
        }
        let numeral = match serde_json::from_str(number) {
            Ok(Value::Number(number)) => number
                .as_u64()
                .map(Numeral::Whole)
                .or_else(|| number.as_i64().map(Numeral::Below))
                .or_else(|| number.as_f64().map(Numeral::Broken)),
            _ => None,
        };
        numeral.ok_or_else(|| self.damage())
    }

    /// Goes inside of brackets.
    #[inline]
    fn open(&mut self) -> Result<Inside<'_, 'de>, Error> {
        if self.depth >= DEEPEST {
            return Err(self.damage());
        }
        self.depth += 1;
        self.skip(1);
        Ok(Inside { cursor: self, first: true })
    }

    /// Takes the last bracket.
    #[inline]
    fn close(&mut self, last: u8) -> Result<(), Error> {
        self.depth -= 1;
        self.expect(last)
    }

    /// What is wrong with the text, in the words of serde_json.
    #[cold]
    #[inline(never)]
    fn damage(&self) -> Error {
        let whole = without_lone_surrogates(self.json);
        let readable = with_large_numbers_as_text(whole.as_deref().unwrap_or(self.json));
        match serde_json::from_str::<Value>(&readable) {
            Err(error) => error,
            Ok(_) => Error::custom("what it holds is not what was expected"),
        }
    }
}

/// A number as it is handed on.
enum Numeral {
    Whole(u64),
    Below(i64),
    Broken(f64),
    Text(String),
}

/// How many bytes come before the next quote, backslash or control character.
#[inline]
fn plain(bytes: &[u8]) -> usize {
    let (chunks, rest) = bytes.as_chunks();
    let mut length = 0;
    for chunk in chunks {
        let marks = marks(*chunk);
        if marks != 0 {
            return length + marks.trailing_zeros() as usize / 8;
        }
        length += chunk.len();
    }
    length + rest.iter().take_while(|byte| !matches!(byte, b'"' | b'\\' | ..0x20)).count()
}

/// Marks the bytes that end the plain part of a string by their highest bits. Behind the first of them, others may be marked too.
#[inline]
fn marks(chunk: [u8; 8]) -> u64 {
    const ONES: u64 = u64::MAX / 255;
    let bytes = u64::from_le_bytes(chunk);
    // A byte is less than another if taking that from it borrows, and its highest bit was not set before. With the second bit
    // flipped, a quote comes right behind the control characters.
    let less = |bytes: u64, than: u64| bytes.wrapping_sub(ONES * than) & !bytes;
    let quote_or_control = less(bytes ^ (ONES * 2), 0x21);
    let backslash = less(bytes ^ (ONES * 0x5c), 1);
    (quote_or_control | backslash) & (ONES << 7)
}

impl<'de> Deserializer<'de> for &mut Cursor<'de> {
    type Error = Error;

    #[inline]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.token() {
            Some(b'"') => {
                self.skip(1);
                match self.string()? {
                    Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
                    Cow::Owned(text) => visitor.visit_string(text),
                }
            }
            Some(b'{') => {
                let value = visitor.visit_map(self.open()?)?;
                self.close(b'}')?;
                Ok(value)
            }
            Some(b'[') => {
                let value = visitor.visit_seq(self.open()?)?;
                self.close(b']')?;
                Ok(value)
            }
            Some(b'n') if self.take("null") => visitor.visit_unit(),
            Some(b't') if self.take("true") => visitor.visit_bool(true),
            Some(b'f') if self.take("false") => visitor.visit_bool(false),
            Some(b'-' | b'0'..=b'9') => match self.number()? {
                Numeral::Whole(number) => visitor.visit_u64(number),
                Numeral::Below(number) => visitor.visit_i64(number),
                Numeral::Broken(number) => visitor.visit_f64(number),
                Numeral::Text(number) => visitor.visit_string(number),
            },
            _ => Err(self.damage()),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct
        seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// What is inside of brackets: items, or members.
struct Inside<'c, 'de> {
    cursor: &'c mut Cursor<'de>,
    first: bool,
}

impl Inside<'_, '_> {
    /// Whether there is one more, up to this bracket. The comma before it is taken.
    #[inline]
    fn more(&mut self, last: u8) -> Result<bool, Error> {
        let first = std::mem::take(&mut self.first);
        if let ([b',', rest @ ..], false) = (self.cursor.rest, first) {
            self.cursor.rest = rest;
            return Ok(true);
        }
        match self.cursor.token() {
            Some(byte) if byte == last => Ok(false),
            Some(_) if first => Ok(true),
            Some(b',') => {
                self.cursor.skip(1);
                Ok(true)
            }
            _ => Err(self.cursor.damage()),
        }
    }
}

impl<'de> SeqAccess<'de> for Inside<'_, 'de> {
    type Error = Error;

    #[inline]
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        // A bracket behind a comma is no value, which reading it finds.
        if self.more(b']')? { seed.deserialize(&mut *self.cursor).map(Some) } else { Ok(None) }
    }
}

impl<'de> MapAccess<'de> for Inside<'_, 'de> {
    type Error = Error;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        if !self.more(b'}')? {
            return Ok(None);
        }
        self.cursor.expect(b'"')?;
        seed.deserialize(Name(self.cursor)).map(Some)
    }

    #[inline]
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        self.cursor.expect(b':')?;
        seed.deserialize(&mut *self.cursor)
    }
}

/// The name of a member, behind its first quote.
struct Name<'c, 'de>(&'c mut Cursor<'de>);

impl<'de> Deserializer<'de> for Name<'_, 'de> {
    type Error = Error;

    #[inline]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0.string()? {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_string(text),
        }
    }

    /// The name of the type is the name that is expected; where it is that, a unit is visited. See `model::members::KeySeed`.
    #[inline]
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        expected: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        if let Some([b'"', rest @ ..]) = self.0.rest.strip_prefix(expected.as_bytes()) {
            self.0.rest = rest;
            return visitor.visit_unit();
        }
        self.deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests;
