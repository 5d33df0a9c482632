//! The three square eyes of a symbol: dark, light, dark, light, dark in the widths 1, 1, 3, 1, 1.

use super::plane::Plane;

/// An eye's centre and the width of a module, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Eye {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) module: f32,
    /// In how many rows it was seen.
    rows: u16,
}

/// Three eyes in the order top left, top right, bottom left as the symbol stands.
pub(super) type Triple = [Eye; 3];

/// More eyes than this are a pattern, not symbols.
const MAX_EYES: usize = 60;
/// More triples than this are not worth a look: the best come first.
const MAX_TRIPLES: usize = 40;

/// Returns triples of eyes that may belong together, the likeliest first.
pub(super) fn triples(plane: &Plane) -> Vec<Triple> {
    let eyes = eyes(plane);
    let mut rated = Vec::new();
    for (index, a) in eyes.iter().enumerate() {
        for (second, b) in eyes.iter().enumerate().skip(index + 1) {
            for c in eyes.iter().skip(second + 1) {
                rated.extend(rate(a, b, c));
            }
        }
    }
    rated.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    rated.truncate(MAX_TRIPLES);
    rated.into_iter().map(|(_, triple)| triple).collect()
}

/// How far three eyes are from the corners of a square, and which is which; `None` when too far.
fn rate(a: &Eye, b: &Eye, c: &Eye) -> Option<(f32, Triple)> {
    let smallest = a.module.min(b.module).min(c.module);
    let largest = a.module.max(b.module).max(c.module);
    if largest > smallest * 1.6 {
        return None;
    }
    // The corner lies opposite the longest side.
    let sides = [(distance(b, c), a, b, c), (distance(a, c), b, a, c), (distance(a, b), c, a, b)];
    let (long, corner, one, other) = sides.into_iter().max_by(|left, right| left.0.total_cmp(&right.0))?;
    let (first, second) = (distance(corner, one), distance(corner, other));
    let skew = (first - second).abs() / first.max(second);
    let bend = (long * long / (first * first + second * second) - 1.0).abs();
    let modules = (first + second) / 2.0 / ((smallest + largest) / 2.0);
    if skew > 0.3 || bend > 0.3 || !(10.0..=120.0).contains(&modules) {
        return None;
    }
    let turn = (one.x - corner.x) * (other.y - corner.y) - (one.y - corner.y) * (other.x - corner.x);
    let triple = if turn > 0.0 { [*corner, *one, *other] } else { [*corner, *other, *one] };
    Some((skew + bend + (largest / smallest - 1.0), triple))
}

fn distance(a: &Eye, b: &Eye) -> f32 {
    (a.x - b.x).hypot(a.y - b.y)
}

fn eyes(plane: &Plane) -> Vec<Eye> {
    let mut eyes: Vec<Eye> = Vec::new();
    for y in 0..plane.height {
        for (start, runs) in patterns(&plane.dark_row(y)) {
            if let Some(eye) = confirm(plane, start, &runs, y) {
                collect(&mut eyes, eye);
            }
        }
    }
    // A chance pattern is seen in one row; an eye in several, though in few when it stands on its corner.
    eyes.retain(|eye| f32::from(eye.rows) >= (eye.module * 0.4).max(2.0));
    eyes.sort_by_key(|eye| std::cmp::Reverse(eye.rows));
    eyes.truncate(MAX_EYES);
    eyes
}

/// Dark runs of a row followed by the four runs that make the pattern.
fn patterns(row: &[bool]) -> Vec<(usize, [usize; 5])> {
    let runs: Vec<(bool, usize)> =
        row.chunk_by(|a, b| a == b).map(|run| (run.first().copied().unwrap_or(false), run.len())).collect();
    let mut found = Vec::new();
    let mut start = 0;
    for window in runs.windows(5) {
        let [(dark, a), (_, b), (_, c), (_, d), (_, e)] = window else {
            continue;
        };
        let lengths = [*a, *b, *c, *d, *e];
        if *dark && is_pattern(lengths) {
            found.push((start, lengths));
        }
        start += a;
    }
    found
}

/// Whether five runs have the widths 1, 1, 3, 1, 1 within what blur and small modules do to them.
fn is_pattern(lengths: [usize; 5]) -> bool {
    let total: usize = lengths.iter().sum();
    let module = total as f32 / 7.0;
    let slack = module * 0.5 + 0.8;
    let [a, b, c, d, e] = lengths.map(|length| length as f32);
    module >= 1.5
        && [a, b, d, e].iter().all(|run| (run - module).abs() <= slack)
        && (c - 3.0 * module).abs() <= module + 1.0
}

/// Looks for the pattern through the middle downwards and again across.
fn confirm(plane: &Plane, start: usize, runs: &[usize; 5], y: usize) -> Option<Eye> {
    let [a, b, c, _, _] = *runs;
    let total: usize = runs.iter().sum();
    let x = start + a + b + c / 2;
    let reach = total;
    let (down, height) = cross(|y| plane.is_dark(x, y), y, reach)?;
    let row = down.round() as usize;
    let (across, width) = cross(|x| plane.is_dark(x, row), x, reach)?;
    let (narrow, wide) = (width.min(height), width.max(height));
    if wide > narrow * 1.6 {
        return None;
    }
    Some(Eye { x: across, y: down, module: (width + height) / 14.0, rows: 1 })
}

/// The pattern through a dark place along one axis, as (middle of the inner square, width of the whole).
fn cross(is_dark: impl Fn(usize) -> bool, from: usize, reach: usize) -> Option<(f32, f32)> {
    let back = runs_from(|step| from.checked_sub(step).is_some_and(&is_dark), reach)?;
    let forth = runs_from(|step| is_dark(from + step), reach)?;
    let lengths = [back[2], back[1], back[0] + forth[0] - 1, forth[1], forth[2]];
    if !is_pattern(lengths) {
        return None;
    }
    let total: usize = lengths.iter().sum();
    // The inner square alone decides the middle: outer edges blur into what stands beside.
    let middle = from as f32 + (forth[0] as f32 - back[0] as f32) / 2.0;
    Some((middle, total as f32))
}

/// Lengths of a dark, a light and a dark run going one way.
fn runs_from(is_dark: impl Fn(usize) -> bool, reach: usize) -> Option<[usize; 3]> {
    let mut lengths = [0; 3];
    let mut step = 0;
    for (length, dark) in lengths.iter_mut().zip([true, false, true]) {
        while is_dark(step) == dark {
            step += 1;
            *length += 1;
            if *length > reach {
                return None;
            }
        }
        if *length == 0 {
            return None;
        }
    }
    Some(lengths)
}

/// Adds an eye, or averages it into one that was seen at the same place.
fn collect(eyes: &mut Vec<Eye>, eye: Eye) {
    let room = eyes.len() < MAX_EYES * 20;
    let same = eyes.iter_mut().find(|known| {
        (known.x - eye.x).abs() < known.module * 2.0
            && (known.y - eye.y).abs() < known.module * 2.0
            && eye.module < known.module * 1.5
            && known.module < eye.module * 1.5
    });
    match same {
        Some(known) => {
            let seen = f32::from(known.rows);
            let average = |old: f32, new: f32| (old * seen + new) / (seen + 1.0);
            known.x = average(known.x, eye.x);
            known.y = average(known.y, eye.y);
            known.module = average(known.module, eye.module);
            known.rows = known.rows.saturating_add(1);
        }
        None if room => eyes.push(eye),
        None => {}
    }
}
