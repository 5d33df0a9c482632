//! The certificate of assessment: one A4 page.

use crate::{
    CertificateFacts, Fact, RenderError,
    canvas::Canvas,
    clean,
    document::{self, About},
    fit::wrap,
    flow::{Hand, Mark, Piece, hairline, height},
    fonts::{Faces, Style},
    sections::{fitted, head, ink, muted, opening, rows, scheme},
    symbol::{self, Symbol},
    template::{
        ADDRESS_ATTEMPTS, ADDRESS_GAP, CHECK_LEADING, CHECK_SIZE, CODE_ATTEMPTS, CODE_GAP, DENSITIES, Density,
        FLOW_BOTTOM, FOOT_BASELINE, FOOT_RULE, FOOT_SIZE, LABELS, LEFT, NAME_ATTEMPTS, QUIET_ZONE, RIGHT,
        STANDING_LEADING, STANDING_SIZE, SYMBOL_GRID_DOTS, SYMBOL_TOP, Um,
    },
    watermark,
};

/// What the paper is called. Never "micro-credential": that word belongs to what the register issues.
const TITLE: &str = "Certificate of assessment";
const STANDING: &str = "Issued on site, not yet in the register";
const CHECK: &str = "Check it with the institution's own address or the Fieldproof app; \
    the address inside the code is no evidence.";
/// What a certificate is not; printed on every paper.
pub(crate) const NO_PERMISSION: &str = "Shows what was assessed. Does not authorise work; the employer does.";

/// Draws a certificate of assessment as a one-page PDF.
///
/// The same facts give the same bytes.
///
/// # Errors
/// See [`RenderError`]: blank facts, characters that cannot be printed, too much text, a link that does not fit.
pub fn render_certificate(facts: &CertificateFacts) -> Result<Vec<u8>, RenderError> {
    let faces = Faces::load()?;
    let facts = cleaned(&faces, facts)?;
    let symbol = symbol::encode(&facts.token_link)?;
    let mut canvas = Canvas::new(&faces);
    if facts.demonstration {
        watermark::draw(&mut canvas);
    }
    let mut top = 0;
    for piece in flow(&faces, &facts)? {
        for mark in &piece.marks {
            canvas.mark(top, mark);
        }
        top += piece.height;
    }
    foot(&faces, &mut canvas, &facts, &symbol)?;
    let title = if facts.demonstration {
        format!("DEMONSTRATION: {TITLE}, {}", facts.holder)
    } else {
        format!("{TITLE}, {}", facts.holder)
    };
    document::write(
        vec![canvas.into_ops()],
        &About { title, institution: &facts.institution, date: facts.document_date },
    )
}

fn cleaned(faces: &Faces, facts: &CertificateFacts) -> Result<CertificateFacts, RenderError> {
    let required = |field, text: &str| clean::required(faces, field, text);
    Ok(CertificateFacts {
        demonstration: facts.demonstration,
        institution: required("institution", &facts.institution)?,
        holder: required("holder", &facts.holder)?,
        birth_year: facts.birth_year,
        scheme_title: required("scheme title", &facts.scheme_title)?,
        scheme_version: clean::clean(faces, "scheme version", &facts.scheme_version)?,
        scope: clean::clean(faces, "scope", &facts.scope)?,
        course: clean::facts(faces, "course", &facts.course)?,
        assessed: clean::facts(faces, "assessed", &facts.assessed)?,
        people: clean::facts(faces, "people", &facts.people)?,
        issued_on: required("issued on", &facts.issued_on)?,
        valid_until: match &facts.valid_until {
            Some(until) => Some(required("valid until", until)?),
            None => None,
        },
        confirm_by: required("confirm by", &facts.confirm_by)?,
        certificate_id: required("certificate id", &facts.certificate_id)?,
        address: required("address", &facts.address)?,
        token_link: facts.token_link.clone(),
        document_date: facts.document_date,
    })
}

/// Everything above the symbol, at the first density that leaves the foot free.
fn flow(faces: &Faces, facts: &CertificateFacts) -> Result<Vec<Piece>, RenderError> {
    for density in &DENSITIES {
        let pieces = flow_at(faces, facts, density)?;
        if height(&pieces) <= FLOW_BOTTOM {
            return Ok(pieces);
        }
    }
    Err(RenderError::TooMuchText { part: "the page" })
}

fn flow_at(faces: &Faces, facts: &CertificateFacts, density: &Density) -> Result<Vec<Piece>, RenderError> {
    let mut pieces = vec![head(faces, &facts.institution, facts.demonstration)?];
    pieces.extend(opening(faces, density, TITLE, &facts.holder, &NAME_ATTEMPTS, facts.birth_year)?);
    pieces.extend(scheme(faces, density, &facts.scheme_title, &facts.scheme_version, &facts.scope)?);
    pieces.extend(rows(faces, density, "Assessed", &facts.assessed));
    pieces.extend(rows(faces, density, "Course", &facts.course));
    pieces.extend(rows(faces, density, "People", &facts.people));
    pieces.extend(rows(faces, density, "Dates", &dates(facts)));
    Ok(pieces)
}

fn dates(facts: &CertificateFacts) -> Vec<Fact> {
    let mut dates = vec![Fact::new("Issued", &facts.issued_on)];
    dates.extend(facts.valid_until.iter().map(|until| Fact::new("Valid until", until)));
    dates
}

/// The symbol with code and address below it, the standing beside it, and what the paper does not do.
fn foot(faces: &Faces, canvas: &mut Canvas<'_>, facts: &CertificateFacts, symbol: &Symbol) -> Result<(), RenderError> {
    let quiet = QUIET_ZONE * symbol.module_dots;
    let (left, top) = (grid_dots(LEFT) - quiet, grid_dots(SYMBOL_TOP) - quiet);
    canvas.mark(0, &hairline(LEFT, RIGHT, FLOW_BOTTOM));
    canvas.symbol(left, top, symbol);
    canvas.link(left, top, symbol.side_dots(), &facts.token_link);
    let dark_bottom = dots_to_um(top + symbol.side_dots() - quiet);
    below_symbol(faces, canvas, facts, dark_bottom)?;
    beside_symbol(faces, canvas, facts, dark_bottom)?;
    canvas.mark(0, &hairline(LEFT, RIGHT, FOOT_RULE));
    let foot = ink(Style::Bold, FOOT_SIZE);
    canvas.mark(0, &foot.at(LEFT, FOOT_BASELINE, NO_PERMISSION));
    Ok(())
}

fn below_symbol(
    faces: &Faces,
    canvas: &mut Canvas<'_>,
    facts: &CertificateFacts,
    dark_bottom: Um,
) -> Result<(), RenderError> {
    let width = RIGHT - LEFT;
    let code = fitted(faces, "the certificate id", &facts.certificate_id, Style::MonoBold, &CODE_ATTEMPTS, width)?;
    let address = fitted(faces, "the address", &facts.address, Style::Mono, &ADDRESS_ATTEMPTS, width)?;
    let mut baseline = dark_bottom + CODE_GAP;
    for text in code.lines {
        canvas.mark(0, &ink(Style::MonoBold, code.size).at(LEFT, baseline, text));
    }
    for text in address.lines {
        baseline += ADDRESS_GAP;
        canvas.mark(0, &ink(Style::Mono, address.size).at(LEFT, baseline, text));
    }
    Ok(())
}

/// The standing begins level with the symbol's top, how to check ends level with its bottom.
fn beside_symbol(
    faces: &Faces,
    canvas: &mut Canvas<'_>,
    facts: &CertificateFacts,
    bottom: Um,
) -> Result<(), RenderError> {
    let set = |hand: Hand, text: &str| -> Vec<Mark> {
        let lines = wrap(text, RIGHT - LABELS, &|part| hand.width(faces, part));
        lines.into_iter().map(|line| hand.at(LABELS, 0, line)).collect()
    };
    let standing = ink(Style::Bold, STANDING_SIZE);
    let by = format!("Should be in the register by {}", facts.confirm_by);
    let mut upper = set(standing, STANDING);
    upper.extend(set(ink(Style::Regular, STANDING_SIZE), &by));
    let lower = set(muted(CHECK_SIZE), CHECK);
    let mut baseline = SYMBOL_TOP + standing.cap_height();
    for mark in &upper {
        canvas.mark(baseline, mark);
        baseline += STANDING_LEADING;
    }
    let above = lower.iter().skip(1).map(|_| CHECK_LEADING).sum::<Um>();
    let mut lowest = bottom - above;
    if lowest < baseline {
        return Err(RenderError::TooMuchText { part: "the text beside the symbol" });
    }
    for mark in &lower {
        canvas.mark(lowest, mark);
        lowest += CHECK_LEADING;
    }
    Ok(())
}

/// The nearest place on the symbol's grid, in dots: 300 of them make 25 400 micrometres.
fn grid_dots(um: Um) -> i64 {
    let step = 25_400 * SYMBOL_GRID_DOTS;
    (um * 300 + step / 2) / step * SYMBOL_GRID_DOTS
}

fn dots_to_um(dots: i64) -> Um {
    dots * 25_400 / 300
}
