//! What Ferrous sends: `name=value&name=value`, percent-encoded.

/// Every name once, values decoded. None when it is no such form.
pub struct Form(Vec<(String, String)>);

/// A form of Ferrous has nine members, and its longest body 400 bytes.
pub const BODY_BYTES_MAX: usize = 4096;

impl Form {
    pub fn parse(body: &[u8]) -> Option<Form> {
        if body.is_empty() || body.len() > BODY_BYTES_MAX {
            return None;
        }
        let mut members: Vec<(String, String)> = Vec::new();
        for part in body.split(|byte| *byte == b'&') {
            let equals = part.iter().position(|byte| *byte == b'=')?;
            let name = decode(&part[..equals])?;
            if name.is_empty() || members.iter().any(|(known, _)| *known == name) {
                return None;
            }
            members.push((name, decode(&part[equals + 1..])?));
        }
        Some(Form(members))
    }

    /// The error is the name: of what is missing, or not what it has to be.
    pub fn text<'a>(&'a self, name: &'static str) -> Result<&'a str, &'static str> {
        self.optional(name).ok_or(name)
    }
    pub fn optional(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name)?;
        (!found.1.is_empty()).then_some(found.1.as_str())
    }
    /// Digits only, at most 15: no sum of two overflows.
    pub fn integer(&self, name: &'static str) -> Result<i64, &'static str> {
        let text = self.text(name)?;
        if text.len() > 15 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(name);
        }
        text.parse().map_err(|_| name)
    }
}

fn decode(text: &[u8]) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => digit(rest.next()?)? * 16 + digit(rest.next()?)?,
            other => *other,
        });
    }
    String::from_utf8(bytes).ok()
}

fn digit(letter: &u8) -> Option<u8> {
    (*letter as char).to_digit(16).map(|value| value as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_decoded() {
        let form = Form::parse(b"user=b%C3%b6b+1&amount=1200&empty=").unwrap();
        assert_eq!(form.text("user"), Ok("böb 1"));
        assert_eq!(form.integer("amount"), Ok(1200));
        assert_eq!(form.text("empty"), Err("empty"));
        assert_eq!(form.integer("user"), Err("user"));
    }

    #[test]
    fn what_is_no_form_is_refused() {
        let long = vec![b'a'; BODY_BYTES_MAX + 1];
        let odd: [&[u8]; 8] = [b"", b"a", b"=b", b"a=1&a=2", b"a=%", b"a=%4", b"a=%zz", b"a=%ff"];
        assert!(Form::parse(&long).is_none());
        for body in odd {
            assert!(Form::parse(body).is_none(), "{body:?}");
        }
    }
}
