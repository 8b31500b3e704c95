//! Canonical JSON against the examples of RFC 8785 and against a naive second writer.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};

use super::{MAX_DEPTH, MAX_INTEGER, NotCanonical, check, to_vec};

fn text<T: Serialize + ?Sized>(value: &T) -> String {
    String::from_utf8(to_vec(value).unwrap()).unwrap()
}

#[test]
fn strings_are_escaped_as_in_section_3_2_2() {
    let value: Value =
        serde_json::from_str(r#"["\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/\u007f\b\f\t"]"#)
            .unwrap();
    assert_eq!(
        text(&value),
        "[\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\u{7f}\\b\\f\\t\"]"
    );
}

#[test]
fn keys_are_ordered_as_in_section_3_2_3() {
    let value = json!({
        "\u{20ac}": 1, "\r": 2, "\u{fb33}": 3, "1": 4, "\u{1f600}": 5, "\u{80}": 6, "\u{f6}": 7,
    });
    assert_eq!(
        text(&value),
        "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\u{fb33}\":3}"
    );
}

#[test]
fn every_shape_of_serde_has_its_form() {
    #[derive(Serialize)]
    enum Shape {
        Unit,
        One(u8),
        Two(i8, char),
        Named { z: Option<bool>, a: () },
    }
    #[derive(Serialize)]
    struct Wrapped(&'static str);
    let shapes = (
        Shape::Unit,
        Shape::One(1),
        Shape::Two(-2, 'c'),
        Shape::Named {
            z: Some(true),
            a: (),
        },
        Wrapped("w"),
    );
    assert_eq!(
        text(&shapes),
        r#"["Unit",{"One":1},{"Two":[-2,"c"]},{"Named":{"a":null,"z":true}},"w"]"#
    );
    assert_eq!(
        text(&(None::<u8>, [0_u64; 0], BTreeMap::<String, u8>::new())),
        "[null,[],{}]"
    );
    assert_eq!(text("alone"), "\"alone\"");
}

#[test]
fn numbers_that_doubles_cannot_hold_are_refused() {
    assert_eq!(text(&MAX_INTEGER), "9007199254740992");
    assert_eq!(text(&-9_007_199_254_740_992_i64), "-9007199254740992");
    assert_eq!(
        to_vec(&(MAX_INTEGER + 1)),
        Err(NotCanonical::IntegerTooLarge)
    );
    assert_eq!(to_vec(&i64::MIN), Err(NotCanonical::IntegerTooLarge));
    assert_eq!(to_vec(&u128::MAX), Err(NotCanonical::IntegerTooLarge));
    for float in [1.5, 1.0, -0.0, f64::NAN, f64::INFINITY] {
        assert_eq!(to_vec(&[float]), Err(NotCanonical::Float));
    }
    assert_eq!(to_vec(&1.5_f32), Err(NotCanonical::Float));
}

#[test]
fn keys_are_strings_and_stand_once() {
    #[derive(Serialize)]
    struct Twice {
        b: u8,
        a: u8,
        #[serde(rename = "b")]
        again: u8,
    }
    assert_eq!(
        to_vec(&BTreeMap::from([(1, 2)])),
        Err(NotCanonical::KeyNotString)
    );
    assert_eq!(
        to_vec(&Twice {
            b: 1,
            a: 2,
            again: 3
        }),
        Err(NotCanonical::DuplicateKey("b".into()))
    );
}

#[test]
fn depth_is_limited_to_what_can_be_read_back() {
    let nested = |depth: u8| (0..depth).fold(json!(1), |inner, _| json!([inner]));
    let deepest = to_vec(&nested(MAX_DEPTH)).unwrap();
    assert!(check(&deepest).is_ok());
    assert_eq!(to_vec(&nested(MAX_DEPTH + 1)), Err(NotCanonical::TooDeep));
}

#[test]
fn check_refuses_every_other_form() {
    assert!(check(br#"{"a":1,"b":[]}"#).is_ok());
    for (bytes, at) in [
        (&br#"{"b":[],"a":1}"#[..], 2),
        (br#"{"a": 1}"#, 5),
        (
            br#"{"a":1}
"#,
            7,
        ),
        (br#"{"a":1,"a":1}"#, 6),
        (br#""\u0041""#, 1),
        (br#""\/""#, 1),
        (br#""\u001F""#, 6),
    ] {
        assert_eq!(
            check(bytes),
            Err(NotCanonical::OtherForm(at)),
            "{}",
            String::from_utf8_lossy(bytes)
        );
    }
    for number in ["1.0", "-0", "1e2", "123456789012345678901234567890"] {
        assert_eq!(
            check(number.as_bytes()),
            Err(NotCanonical::Float),
            "{number}"
        );
    }
    for bytes in [&b""[..], b"{", b"01", b"\"\xff\"", br#""\ud800""#] {
        assert!(matches!(check(bytes), Err(NotCanonical::NotJson(_))));
    }
}

/// The same form, written by the letter of the RFC and without thought of speed.
fn naive(value: &Value) -> String {
    match value {
        Value::Array(items) => format!(
            "[{}]",
            items.iter().map(naive).collect::<Vec<_>>().join(",")
        ),
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(key, _)| key.encode_utf16().collect::<Vec<_>>());
            let members = members
                .iter()
                .map(|(key, value)| format!("{}:{}", json!(key), naive(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
        other => other.to_string(),
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    let limit = 1_i64 << 53;
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-limit..=limit).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map(
                "[a-c\u{1}\u{e000}-\u{e010}\u{10000}-\u{10010}]{0,3}",
                inner,
                0..6
            )
            .prop_map(|members| members.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_is_canonical_and_reads_the_same(value in any_value()) {
        let bytes = to_vec(&value).unwrap();
        prop_assert_eq!(std::str::from_utf8(&bytes).unwrap(), naive(&value));
        prop_assert_eq!(check(&bytes).unwrap(), value);
    }

    #[test]
    fn check_never_panics(bytes: Vec<u8>) {
        let _ = check(&bytes);
    }
}
