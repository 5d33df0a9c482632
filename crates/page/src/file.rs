//! The finished page as a file, and putting an institution's trust file into it.

use base64::{Engine, engine::general_purpose::STANDARD};

/// The page without an institution.
pub const TEMPLATE: &str = include_str!("../../../ui/dist-verify/verify.html");

/// The small second file, which keeps the page for days without a network, still without its institution.
const KEEPER: &str = include_str!("../../../ui/dist-verify/sw.js");

/// Where the trust file goes.
const PLACE: &str = r#"id="trust">"#;
/// Where the page says what it may load and run.
const POLICY: &str = r#"http-equiv="Content-Security-Policy" content=""#;

/// The page with a trust file inside; the template unchanged if it has no place for one.
#[must_use]
pub fn fill(template: &str, trust: &[u8]) -> String {
    let Some((before, after)) = template.split_once(PLACE) else {
        return template.to_owned();
    };
    // What was filled in before goes.
    let after = after.split_once('<').map_or(after, |(_, rest)| rest);
    format!("{before}{PLACE}{}<{after}", STANDARD.encode(trust))
}

/// The second file for an institution, named in a few letters: other letters, and the page is kept anew. Otherwise
/// whoever came once would see the root of that day for ever.
#[must_use]
pub fn keeper(institution: &str) -> String {
    KEEPER.replace("%INSTITUTION%", institution)
}

/// What the page may load and run, for the header of the response that carries it.
#[must_use]
pub fn policy(template: &str) -> Option<&str> {
    let (_, after) = template.split_once(POLICY)?;
    after.split_once('"').map(|(policy, _)| policy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_filled_once_and_anew() {
        let empty = r#"<script id="trust"></script><p id="x">"#;
        let once = fill(empty, b"first");
        assert_eq!(once, r#"<script id="trust">Zmlyc3Q=</script><p id="x">"#);
        assert_eq!(fill(&once, b"first"), once);
        assert_eq!(fill(&once, b"second"), r#"<script id="trust">c2Vjb25k</script><p id="x">"#);
        assert_eq!(fill("no place", b"first"), "no place");
    }

    #[test]
    fn the_finished_page_has_a_place_and_a_strict_policy() {
        assert_eq!(TEMPLATE.matches(PLACE).count(), 1);
        assert!(fill(TEMPLATE, b"first").contains(r#"id="trust">Zmlyc3Q=</script>"#));
        let policy = policy(TEMPLATE).unwrap();
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
    }

    #[test]
    fn the_keeper_names_version_and_institution() {
        let keeper = keeper("0011aabb");
        let (_, name) = keeper.split_once("const PAGE = \"fieldproof-page-").unwrap();
        let (name, _) = name.split_once('"').unwrap();
        let (version, institution) = name.split_once('-').unwrap();
        assert!(version.len() == 16 && version.bytes().all(|digit| digit.is_ascii_hexdigit()), "{name}");
        assert_eq!(institution, "0011aabb");
        assert!(!keeper.contains('%'));
    }
}
