//! Reading Punycode (RFC 3492): how a label of another script is written after `xn--`.

/// Parameters of section 5.
const BASE: u32 = 36;
const T_MIN: u32 = 1;
const T_MAX: u32 = 26;
const SKEW: u32 = 38;
const DAMP: u32 = 700;
const INITIAL_BIAS: u32 = 72;
const INITIAL_N: u32 = 0x80;

/// What is written, in the order of section 6.2; `None` where it is no Punycode.
pub(crate) fn decode(text: &str) -> Option<String> {
    let (basic, extended) = text.rsplit_once('-').unwrap_or(("", text));
    let mut output: Vec<char> = basic.chars().collect();
    let (mut n, mut i, mut bias) = (INITIAL_N, 0u32, INITIAL_BIAS);
    let mut digits = extended.bytes().map(digit).peekable();
    while digits.peek().is_some() {
        let (before, mut weight, mut k) = (i, 1u32, BASE);
        loop {
            let digit = digits.next()??;
            i = i.checked_add(digit.checked_mul(weight)?)?;
            let threshold = k.saturating_sub(bias).clamp(T_MIN, T_MAX);
            if digit < threshold {
                break;
            }
            weight = weight.checked_mul(BASE - threshold)?;
            k += BASE;
        }
        let length = u32::try_from(output.len()).ok()? + 1;
        bias = adapt(i - before, length, before == 0);
        n = n.checked_add(i / length)?;
        i %= length;
        output.insert(usize::try_from(i).ok()?, char::from_u32(n)?);
        i += 1;
    }
    Some(output.into_iter().collect())
}

fn digit(byte: u8) -> Option<u32> {
    let digit = match byte {
        b'a'..=b'z' => byte - b'a',
        b'A'..=b'Z' => byte - b'A',
        b'0'..=b'9' => byte - b'0' + 26,
        _ => return None,
    };
    Some(u32::from(digit))
}

/// Section 6.1.
fn adapt(delta: u32, length: u32, is_first: bool) -> u32 {
    let delta = if is_first { delta / DAMP } else { delta / 2 };
    let (mut delta, mut k) = (delta + delta / length, 0);
    while delta > (BASE - T_MIN) * T_MAX / 2 {
        delta /= BASE - T_MIN;
        k += BASE;
    }
    k + (BASE - T_MIN + 1) * delta / (delta + SKEW)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_of_the_standard_are_read() {
        for (written, read) in [
            // RFC 3492 section 7.1: (A), (B), (L) and (S), of the last without its upper case.
            (
                "egbpdaj6bu4bxfgehfvwxn",
                "\u{644}\u{64a}\u{647}\u{645}\u{627}\u{628}\u{62a}\u{643}\u{644}\u{645}\u{648}\
                 \u{634}\u{639}\u{631}\u{628}\u{64a}\u{61f}",
            ),
            (
                "ihqwcrb4cv8a8dqg056pqjye",
                "\u{4ed6}\u{4eec}\u{4e3a}\u{4ec0}\u{4e48}\u{4e0d}\u{8bf4}\u{4e2d}\u{6587}",
            ),
            (
                "3b-ww4c5e180e575a65lsy2b",
                "3\u{5e74}b\u{7d44}\u{91d1}\u{516b}\u{5148}\u{751f}",
            ),
            ("-> $1.00 <--", "-> $1.00 <-"),
            ("mnchen-3ya", "m\u{fc}nchen"),
            ("80ak6aa92e", "\u{430}\u{440}\u{440}\u{4cf}\u{435}"),
        ] {
            assert_eq!(decode(written).as_deref(), Some(read), "{written}");
        }
    }

    #[test]
    fn what_is_no_punycode_is_refused() {
        for wrong in ["\u{e9}", "a-_", "99999999", "mnchen-3y", "a-zzzzzzzzzzzz9"] {
            assert_eq!(decode(wrong), None, "{wrong}");
        }
    }
}
