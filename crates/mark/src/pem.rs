//! PEM blocks (RFC 7468), with lines of whatever length: who writes one wraps at 64 characters, and
//! who reads one may take others (section 2).

use x509_cert::der::Document;

/// Characters of a line, as the strict reader asks for.
const LINE: usize = 64;

/// Reads exactly one block: its label and its DER. Nothing where it is not one.
pub(crate) fn read(block: &str) -> Option<(String, Document)> {
    let mut lines = block.trim().lines().map(str::trim_end);
    let (first, last) = (lines.next()?, lines.next_back()?);
    let inside: String = lines.collect();
    // Headers and other text are no base64, and refused as such by the reader.
    let inside: Vec<char> = inside.chars().collect();
    let wrapped = inside
        .chunks(LINE)
        .map(|line| line.iter().collect::<String>());
    let all = [first.to_owned()]
        .into_iter()
        .chain(wrapped)
        .chain([last.to_owned()]);
    let block = all.collect::<Vec<_>>().join("\n");
    let (label, document) = Document::from_pem(&block).ok()?;
    Some((label.to_owned(), document))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An empty sequence would fit in one line: this one is a hundred bytes of an octet string.
    fn block(width: usize, end: &str) -> String {
        let der = [&[0x30, 0x64, 0x04, 0x62][..], &[7; 98]].concat();
        let text = data_encoding::BASE64.encode(&der);
        let lines = text.as_bytes().chunks(width).map(String::from_utf8_lossy);
        let lines = lines.map(|line| format!("{line}{end}")).collect::<String>();
        format!("-----BEGIN CERTIFICATE-----{end}{lines}-----END CERTIFICATE-----{end}")
    }

    #[test]
    fn lines_of_any_length_are_read_alike() {
        let expected = read(&block(64, "\n")).unwrap();
        assert_eq!(expected.0, "CERTIFICATE");
        for width in [1, 60, 76, 1_000] {
            for end in ["\n", "\r\n"] {
                let (label, document) = read(&block(width, end)).unwrap();
                assert_eq!(
                    (label.as_str(), document.as_bytes()),
                    ("CERTIFICATE", expected.1.as_bytes())
                );
            }
        }
    }

    #[test]
    fn what_is_no_block_is_refused() {
        let good = block(64, "\n");
        for bad in [
            String::new(),
            "-----BEGIN CERTIFICATE-----".to_owned(),
            good.replace("END CERTIFICATE", "END X509 CRL"),
            good.replace("MGQ", "M*Q"),
            good.replace("-----\nMGQ", "-----\nProc-Type: 4\n\nMGQ"),
            format!("{good}{good}"),
        ] {
            assert!(read(&bad).is_none(), "{bad}");
        }
    }
}
