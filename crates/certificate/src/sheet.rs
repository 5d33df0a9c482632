//! The result sheet: what was seen, when it did not become a certificate; as many A4 pages as needed.

use crate::{
    Fact, RenderError, ResultSheetFacts, SheetLine,
    canvas::Canvas,
    certificate::NO_PERMISSION,
    clean,
    document::{self, About},
    fit::wrap,
    flow::{Mark, Piece, hairline, paginate},
    fonts::{Faces, Style},
    sections::{baseline, end_row, fitted, head, ink, line, line_height, muted, open_section, opening, rows, scheme},
    template::{
        FOOT_SIZE, GUTTER, LABELS, LEFT, LINE_JUDGED, LINE_SHAPE, LINE_TEXT, RIGHT, SHEET_BOTTOM,
        SHEET_CONTINUED_ATTEMPTS, SHEET_CONTINUED_NAME, SHEET_CONTINUED_TASK, SHEET_CONTINUED_TOP, SHEET_DENSITY,
        SHEET_FOOT_BASELINE, SHEET_FOOT_RULE, SHEET_FOOT_SECOND, SHEET_NAME_ATTEMPTS, SHEET_RESULT_SIZE, SHEET_SHAPE,
        Um,
    },
    watermark,
};

const TITLE: &str = "Result sheet";
const NOT_A_CERTIFICATE: &str = "This is not a certificate.";
/// More pages than this are a fault in the caller, not a result somebody reads.
const MAX_PAGES: usize = 100;

/// Draws a result sheet as a PDF.
///
/// The same facts give the same bytes.
///
/// # Errors
/// See [`RenderError`]: blank facts, characters that cannot be printed, too much text.
pub fn render_result_sheet(facts: &ResultSheetFacts) -> Result<Vec<u8>, RenderError> {
    let faces = Faces::load()?;
    let facts = cleaned(&faces, facts)?;
    let pages = paginate(flow(&faces, &facts)?, (0, SHEET_BOTTOM), (SHEET_CONTINUED_TOP, SHEET_BOTTOM));
    if pages.len() > MAX_PAGES {
        return Err(RenderError::TooMuchText { part: "the result sheet" });
    }
    let count = pages.len();
    let mut drawn = Vec::with_capacity(count);
    for (number, pieces) in (1..).zip(pages) {
        drawn.push(page(&faces, &facts, (number, count), pieces)?);
    }
    let title = if facts.demonstration {
        format!("DEMONSTRATION: {TITLE}, {}", facts.holder)
    } else {
        format!("{TITLE}, {}", facts.holder)
    };
    let about = About { title, institution: &facts.institution, date: facts.document_date };
    document::write(drawn, &about)
}

fn page(
    faces: &Faces,
    facts: &ResultSheetFacts,
    (number, count): (usize, usize),
    pieces: Vec<(Um, Piece)>,
) -> Result<Vec<printpdf::Op>, RenderError> {
    let mut canvas = Canvas::new(faces);
    if facts.demonstration {
        watermark::draw(&mut canvas);
    }
    if number > 1 {
        let within = pieces.first().and_then(|(_, piece)| piece.within.as_deref());
        continued(faces, &mut canvas, facts, within)?;
    }
    for (top, piece) in pieces {
        for mark in &piece.marks {
            canvas.mark(top, mark);
        }
    }
    canvas.mark(0, &hairline(LEFT, RIGHT, SHEET_FOOT_RULE));
    let first = ink(Style::Bold, FOOT_SIZE);
    let second = ink(Style::Regular, SHEET_DENSITY.body);
    let small = muted(SHEET_DENSITY.label);
    let code = ink(Style::Mono, SHEET_DENSITY.label);
    canvas.mark(0, &first.at(LEFT, SHEET_FOOT_BASELINE, NOT_A_CERTIFICATE));
    canvas.mark(0, &second.at(LEFT, SHEET_FOOT_SECOND, NO_PERMISSION));
    let of = format!("Page {number} of {count}");
    let right = RIGHT - small.width(faces, &of);
    canvas.mark(0, &small.at(right, SHEET_FOOT_SECOND, of));
    let right = RIGHT - code.width(faces, &facts.record_id);
    canvas.mark(0, &code.at(right, SHEET_FOOT_BASELINE, &facts.record_id));
    Ok(canvas.into_ops())
}

/// The head of a further page: whose sheet it is, and the task that goes on.
fn continued(
    faces: &Faces,
    canvas: &mut Canvas<'_>,
    facts: &ResultSheetFacts,
    within: Option<&str>,
) -> Result<(), RenderError> {
    for mark in &head(faces, &facts.institution, facts.demonstration)?.marks {
        canvas.mark(0, mark);
    }
    let name = fitted(faces, "the holder's name", &facts.holder, Style::Bold, &SHEET_CONTINUED_ATTEMPTS, RIGHT - LEFT)?;
    let mut baseline = SHEET_CONTINUED_NAME;
    for text in name.lines {
        canvas.mark(0, &ink(Style::Bold, name.size).at(LEFT, baseline, text));
        baseline += line_height(name.size);
    }
    if let Some(task) = within {
        let hand = muted(SHEET_DENSITY.body);
        let text = format!("{task}, continued");
        let first = wrap(&text, RIGHT - LEFT, &|part| hand.width(faces, part));
        for text in first.into_iter().take(1) {
            canvas.mark(0, &hand.at(LEFT, SHEET_CONTINUED_TASK, text));
        }
    }
    Ok(())
}

fn cleaned(faces: &Faces, facts: &ResultSheetFacts) -> Result<ResultSheetFacts, RenderError> {
    let required = |field, text: &str| clean::required(faces, field, text);
    let optional = |field, text: &str| clean::clean(faces, field, text);
    let record_id = required("record id", &facts.record_id)?;
    let code = ink(Style::Mono, SHEET_DENSITY.label);
    if code.width(faces, &record_id) > (RIGHT - LEFT) / 2 {
        return Err(RenderError::TooMuchText { part: "the record id" });
    }
    let mut lines = Vec::with_capacity(facts.lines.len());
    for line in &facts.lines {
        lines.push(SheetLine {
            task: optional("task", &line.task)?,
            text: required("line", &line.text)?,
            critical: line.critical,
            judged: required("judgement", &line.judged)?,
            shape: line.shape,
            because: optional("reason", &line.because)?,
        });
    }
    let mut because = Vec::with_capacity(facts.because.len());
    for reason in &facts.because {
        because.push(required("reason", reason)?);
    }
    Ok(ResultSheetFacts {
        demonstration: facts.demonstration,
        institution: required("institution", &facts.institution)?,
        holder: required("holder", &facts.holder)?,
        birth_year: facts.birth_year,
        scheme_title: required("scheme title", &facts.scheme_title)?,
        scheme_version: optional("scheme version", &facts.scheme_version)?,
        scope: optional("scope", &facts.scope)?,
        course: clean::facts(faces, "course", &facts.course)?,
        assessed: clean::facts(faces, "assessed", &facts.assessed)?,
        people: clean::facts(faces, "people", &facts.people)?,
        assessed_on: required("assessed on", &facts.assessed_on)?,
        record_id,
        result: required("result", &facts.result)?,
        result_shape: facts.result_shape,
        because,
        lines,
        document_date: facts.document_date,
    })
}

fn flow(faces: &Faces, facts: &ResultSheetFacts) -> Result<Vec<Piece>, RenderError> {
    let density = &SHEET_DENSITY;
    let mut pieces = vec![head(faces, &facts.institution, facts.demonstration)?];
    pieces.extend(opening(faces, density, TITLE, &facts.holder, &SHEET_NAME_ATTEMPTS, facts.birth_year)?);
    pieces.extend(result(faces, facts));
    let because: Vec<Fact> = facts
        .because
        .iter()
        .enumerate()
        .map(|(index, reason)| Fact::new(if index == 0 { "Because" } else { "" }, reason))
        .collect();
    pieces.extend(rows(faces, density, "No certificate", &because));
    pieces.extend(scheme(faces, density, &facts.scheme_title, &facts.scheme_version, &facts.scope)?);
    let mut assessed = vec![Fact::new("Date", &facts.assessed_on)];
    assessed.extend(facts.assessed.iter().cloned());
    pieces.extend(rows(faces, density, "Assessed", &assessed));
    pieces.extend(rows(faces, density, "Course", &facts.course));
    pieces.extend(rows(faces, density, "People", &facts.people));
    let mut task = None;
    for observed in &facts.lines {
        if task != Some(&observed.task) {
            if task.is_some() {
                pieces.push(Piece::space(density.section_gap));
            }
            pieces.extend(task_heading(faces, &observed.task));
            task = Some(&observed.task);
        }
        pieces.extend(observed_line(faces, observed));
    }
    Ok(pieces)
}

/// The result as shape and word, and that this is no certificate.
fn result(faces: &Faces, facts: &ResultSheetFacts) -> Vec<Piece> {
    let density = &SHEET_DENSITY;
    let mut pieces = open_section(density);
    let hand = ink(Style::Bold, SHEET_RESULT_SIZE);
    let leading = line_height(SHEET_RESULT_SIZE);
    let mut shape = Some(facts.result_shape);
    let x = LABELS + SHEET_SHAPE + GUTTER;
    for text in wrap(&facts.result, RIGHT - x, &|part| hand.width(faces, part)) {
        let base = baseline(hand, leading);
        let mut marks = vec![hand.at(x, base, text)];
        if let Some(shape) = shape.take() {
            marks.push(ink(Style::Bold, density.label).at(LEFT, base, "Result"));
            marks.push(Mark::Shape {
                x: LABELS,
                y: base - (hand.cap_height() + SHEET_SHAPE) / 2,
                side: SHEET_SHAPE,
                shape,
            });
        }
        pieces.push(Piece { height: leading, keep: true, marks, ..Piece::default() });
    }
    let not = ink(Style::Bold, FOOT_SIZE);
    pieces.push(line(x, not, NOT_A_CERTIFICATE, density.leading + density.row_gap));
    pieces.push(Piece::space(density.section_gap));
    pieces
}

fn task_heading(faces: &Faces, task: &str) -> Vec<Piece> {
    let density = &SHEET_DENSITY;
    let hand = ink(Style::Bold, FOOT_SIZE);
    let mut pieces = open_section(density);
    for text in wrap(task, RIGHT - LEFT, &|part| hand.width(faces, part)) {
        pieces.push(line(LEFT, hand, text, density.leading + density.row_gap));
    }
    pieces.push(Piece::space(density.row_gap));
    pieces
}

/// One judged criterion: shape, text, judgement at the right; critical and the reason below.
fn observed_line(faces: &Faces, observed: &SheetLine) -> Vec<Piece> {
    let density = &SHEET_DENSITY;
    let body = ink(Style::Regular, density.body);
    let word = ink(Style::Bold, density.body);
    let small = muted(density.label);
    let width = LINE_JUDGED - LINE_TEXT - GUTTER;
    let texts = wrap(&observed.text, width, &|part| body.width(faces, part));
    let judged = wrap(&observed.judged, RIGHT - LINE_JUDGED, &|part| word.width(faces, part));
    let note = match (observed.critical, observed.because.is_empty()) {
        (true, true) => "Critical".to_owned(),
        (true, false) => format!("Critical: {}", observed.because),
        (false, _) => observed.because.clone(),
    };
    let notes = wrap(&note, width, &|part| small.width(faces, part));
    let left: Vec<_> =
        texts.into_iter().map(|text| (body, text)).chain(notes.into_iter().map(|text| (small, text))).collect();
    let base = baseline(body, density.leading);
    let mut pieces: Vec<Piece> = (0..left.len().max(judged.len())).map(|_| Piece::space(density.leading)).collect();
    for (piece, (hand, text)) in pieces.iter_mut().zip(left) {
        piece.marks.push(hand.at(LINE_TEXT, base, text));
    }
    for (piece, text) in pieces.iter_mut().zip(judged) {
        piece.marks.push(word.at(LINE_JUDGED, base, text));
    }
    for piece in &mut pieces {
        piece.within = Some(observed.task.clone()).filter(|task| !task.is_empty());
    }
    if let Some(first) = pieces.first_mut() {
        first.marks.push(Mark::Shape {
            x: LEFT,
            y: base - (body.cap_height() + LINE_SHAPE) / 2,
            side: LINE_SHAPE,
            shape: observed.shape,
        });
    }
    end_row(&mut pieces, density.row_gap);
    pieces
}
