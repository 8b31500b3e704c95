//! What was learnt as bytes, and back.

use serde::{Deserialize, Serialize};

use super::calibration::Calibration;
use super::combinations::{combinations, counted};
use super::fields::MOST_FIELDS;
use super::learnt::Learnt;
use super::linear::{Entry, Linear};
use super::shapes::Shape;
use super::tally::Tally;

/// The form of these bytes; what was written in another is learnt anew.
const FORM: u32 = 2;
/// Bytes of an entry.
const EACH: usize = 20;

#[derive(Serialize, Deserialize)]
struct Head {
    form: u32,
    fields: Vec<String>,
    approved: u32,
    denied: u32,
    sampled_below: u64,
    // Numbers with a point as their bits: as decimals they would not all come back the same.
    calibration: [u64; 4],
    intercept: u64,
    usual: u64,
    quality: Option<u64>,
    rare: Vec<u32>,
    average: Vec<u32>,
    /// Cuts and heights.
    shapes: Vec<(Vec<u32>, Vec<u32>)>,
}

impl Learnt {
    /// As bytes: the length of a head of JSON, the head, the entries.
    ///
    /// # Panics
    /// Never: names and whole numbers are JSON.
    pub fn to_bytes(&self) -> Vec<u8> {
        let shapes = self.linear.shapes.iter();
        let head = Head {
            form: FORM,
            fields: self.fields.clone(),
            approved: self.approved,
            denied: self.denied,
            sampled_below: self.sampled_below,
            calibration: self.calibration.numbers().map(f64::to_bits),
            intercept: self.linear.intercept.to_bits(),
            usual: self.linear.usual.to_bits(),
            quality: self.quality.map(f64::to_bits),
            rare: bits(&self.linear.rare),
            average: bits(&self.linear.average),
            shapes: shapes
                .map(|shape| (bits(&shape.cuts), bits(&shape.heights)))
                .collect(),
        };
        let head = serde_json::to_vec(&head).expect("invariant: names and whole numbers are JSON");
        let length =
            u32::try_from(head.len()).expect("invariant: a head has some thousand numbers");
        let mut bytes = length.to_le_bytes().to_vec();
        bytes.extend(head);
        for entry in &self.linear.entries {
            bytes.extend(entry.key.to_le_bytes());
            bytes.extend(entry.weight.to_le_bytes());
            bytes.extend(entry.tally.approved.to_le_bytes());
            bytes.extend(entry.tally.denied.to_le_bytes());
        }
        bytes
    }

    /// From bytes; none when they are of another form, or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (length, rest) = bytes.split_first_chunk()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        let (head, rest) = rest.split_at_checked(length)?;
        let head: Head = serde_json::from_slice(head).ok()?;
        if head.fields.len() > MOST_FIELDS + 1 {
            return None;
        }
        let sets = combinations(&head.fields);
        let expected = 2 * sets.iter().filter(|set| counted(**set)).count();
        let fits = head.rare.len() == sets.len()
            && head.average.len() == sets.len()
            && head.shapes.len() == expected
            && head
                .shapes
                .iter()
                .all(|(cuts, heights)| cuts.len() + 1 == heights.len());
        if head.form != FORM || !fits || !rest.len().is_multiple_of(EACH) {
            return None;
        }
        let entries = rest.chunks_exact(EACH).map(entry).collect::<Option<_>>()?;
        let shapes = head.shapes.iter().map(|(cuts, heights)| Shape {
            cuts: numbers(cuts),
            heights: numbers(heights),
        });
        Some(Self {
            fields: head.fields,
            linear: Linear {
                sets,
                intercept: f64::from_bits(head.intercept),
                usual: f64::from_bits(head.usual),
                rare: numbers(&head.rare),
                average: numbers(&head.average),
                shapes: shapes.collect(),
                entries,
            },
            calibration: Calibration::from_numbers(head.calibration.map(f64::from_bits)),
            approved: head.approved,
            denied: head.denied,
            quality: head.quality.map(f64::from_bits),
            sampled_below: head.sampled_below,
        })
    }
}

fn bits(numbers: &[f32]) -> Vec<u32> {
    numbers.iter().map(|number| number.to_bits()).collect()
}

fn numbers(bits: &[u32]) -> Vec<f32> {
    bits.iter().map(|bits| f32::from_bits(*bits)).collect()
}

fn entry(bytes: &[u8]) -> Option<Entry> {
    let (key, rest) = bytes.split_first_chunk()?;
    let (weight, rest) = rest.split_first_chunk()?;
    let (approved, denied) = rest.split_first_chunk()?;
    Some(Entry {
        key: u64::from_le_bytes(*key),
        weight: f32::from_le_bytes(*weight),
        tally: Tally {
            approved: u32::from_le_bytes(*approved),
            denied: u32::from_le_bytes(denied.try_into().ok()?),
        },
    })
}
