//! Drawing: marks in micrometres become page operations in points. Fractions appear here and nowhere else.

use printpdf::{
    Actions, BorderArray, Color, CurTransMat, FontId, Line, LinePoint, LinkAnnotation, Op, PaintMode, PdfFontHandle,
    Point, Polygon, PolygonRing, Pt, Rect, Rgb, TextItem, TextMatrix, TextRenderingMode, WindingOrder,
};

use crate::{
    Shape,
    flow::Mark,
    fonts::{Faces, Stretch, Style, milli_em_to_um},
    shapes::{self, Outline},
    symbol::Symbol,
    template::{BLACK, Colour, INK, PAGE_HEIGHT_DOTS, PAPER, QUIET_ZONE, Um},
};

/// A thousandth of a point: 1/300 inch is 240 of them, so both grids are whole numbers.
type MilliPt = i64;
const MILLI_PT_PER_DOT: MilliPt = 240;

/// One page being drawn.
pub(crate) struct Canvas<'a> {
    faces: &'a Faces,
    ops: Vec<Op>,
}

impl<'a> Canvas<'a> {
    pub(crate) fn new(faces: &'a Faces) -> Self {
        Self { faces, ops: Vec::new() }
    }

    pub(crate) fn into_ops(self) -> Vec<Op> {
        self.ops
    }

    /// Draws a mark whose piece starts at `top`.
    pub(crate) fn mark(&mut self, top: Um, mark: &Mark) {
        match mark {
            Mark::Text { x, baseline, style, size, colour, text } => {
                self.fill(*colour);
                self.text(*x, top + baseline, *style, *size, text);
            }
            Mark::Bar { x, y, width, height, colour } => {
                self.fill(*colour);
                let ring = rectangle(*x, top + y, *width, *height);
                self.polygon(vec![ring]);
            }
            Mark::Shape { x, y, side, shape } => self.shape(*x, top + y, *side, *shape),
        }
    }

    /// Draws a symbol with its quiet zone; the corner is in printer dots from the top left of the page.
    pub(crate) fn symbol(&mut self, left_dots: i64, top_dots: i64, symbol: &Symbol) {
        let side = symbol.side_dots();
        // Inside this state a unit is a printer dot, so that every corner of a module is a whole number in the file.
        let dot = thousandths(MILLI_PT_PER_DOT);
        let matrix = CurTransMat::Raw([dot, 0.0, 0.0, dot, 0.0, 0.0]);
        self.ops.push(Op::SaveGraphicsState);
        self.ops.push(Op::SetTransformationMatrix { matrix });
        self.fill(PAPER);
        self.polygon(vec![dot_rectangle(left_dots, top_dots, side, side)]);
        let module = symbol.module_dots;
        let (left, top) = (left_dots + QUIET_ZONE * module, top_dots + QUIET_ZONE * module);
        let rings = symbol
            .runs()
            .into_iter()
            .map(|(row, column, length)| {
                dot_rectangle(left + column * module, top + row * module, length * module, module)
            })
            .collect();
        self.fill(BLACK);
        self.polygon(rings);
        self.ops.push(Op::RestoreGraphicsState);
    }

    /// Makes a square of the page a link; corner and side are in printer dots.
    pub(crate) fn link(&mut self, left_dots: i64, top_dots: i64, side_dots: i64, uri: &str) {
        let bottom = (PAGE_HEIGHT_DOTS - top_dots - side_dots) * MILLI_PT_PER_DOT;
        let side = pt(side_dots * MILLI_PT_PER_DOT);
        let rect = Rect {
            x: pt(left_dots * MILLI_PT_PER_DOT),
            y: pt(bottom),
            width: side,
            height: side,
            mode: None,
            winding_order: None,
        };
        self.ops.push(Op::LinkAnnotation {
            link: LinkAnnotation::new(
                rect,
                Actions::Uri(uri.to_owned()),
                Some(BorderArray::Solid([0.0, 0.0, 0.0])),
                None,
                None,
            ),
        });
    }

    /// Writes text turned around a point, outlined, and fills the letters with lines along it.
    pub(crate) fn hatched(&mut self, word: &Hatched<'_>) {
        let width = self.faces.width(word.style, word.size, word.text);
        let half_height = milli_em_to_um(668, word.size) / 2;
        let (cos, sin) = word.turn;
        let x = word.centre.0 - (width / 2 * cos - half_height * sin) / 1000;
        let y = word.centre.1 + (width / 2 * sin + half_height * cos) / 1000;
        // Readers aloud and searchers pass over what is marked as no part of the text.
        let tag = "Artifact".to_owned();
        self.ops.push(Op::BeginMarkedContent { tag });
        self.ops.push(Op::SaveGraphicsState);
        self.stroke(word.colour, word.outline);
        self.ops.push(Op::StartTextSection);
        self.ops.push(Op::SetTextRenderingMode { mode: TextRenderingMode::StrokeClip });
        let matrix = TextMatrix::Raw([
            thousandths(cos),
            thousandths(sin),
            thousandths(-sin),
            thousandths(cos),
            pt(across(x)).0,
            pt(down(y)).0,
        ]);
        self.ops.push(Op::SetTextMatrix { matrix });
        for stretch in self.faces.shape(word.style, word.text) {
            self.show(&stretch, word.size);
        }
        self.ops.push(Op::EndTextSection);
        self.stroke(word.colour, word.hatch);
        let reach = width / 2 + half_height;
        let mut level = -half_height;
        while level < half_height {
            let end = |along: Um| {
                let x = word.centre.0 + (along * cos - level * sin) / 1000;
                let y = word.centre.1 - (along * sin + level * cos) / 1000;
                (x, y)
            };
            self.line(&[end(-reach), end(reach)]);
            level += word.hatch_step;
        }
        self.ops.push(Op::RestoreGraphicsState);
        self.ops.push(Op::EndMarkedContent);
    }

    fn text(&mut self, x: Um, baseline: Um, style: Style, size: i64, text: &str) {
        let mut x = x;
        for stretch in self.faces.shape(style, text) {
            self.ops.push(Op::StartTextSection);
            self.ops.push(Op::SetTextMatrix { matrix: TextMatrix::Translate(pt(across(x)), pt(down(baseline))) });
            self.show(&stretch, size);
            self.ops.push(Op::EndTextSection);
            x += milli_em_to_um(self.faces.stretch_milli_em(&stretch), size);
        }
    }

    fn show(&mut self, stretch: &Stretch, size: i64) {
        self.ops.push(Op::SetFont {
            font: PdfFontHandle::External(FontId(stretch.program.name().to_owned())),
            size: pt(size * 10),
        });
        let mut items = Vec::new();
        let mut run = String::new();
        for (character, kern) in &stretch.glyphs {
            if *kern != 0 {
                items.push(TextItem::Text(std::mem::take(&mut run)));
                items.push(TextItem::Offset(-thousandths(*kern * 1000)));
            }
            run.push(*character);
        }
        items.push(TextItem::Text(run));
        self.ops.push(Op::ShowText { items });
    }

    fn shape(&mut self, x: Um, y: Um, side: Um, shape: Shape) {
        let place = |points: &[(i64, i64)]| -> Vec<(Um, Um)> {
            points.iter().map(|(px, py)| (x + px * side / 1000, y + py * side / 1000)).collect()
        };
        self.stroke(INK, shapes::STROKE * side / 1000);
        match shapes::outline(shape) {
            Outline::Strokes(lines) => {
                for line in lines {
                    self.line(&place(line));
                }
            }
            Outline::Circle => self.circle(x + side / 2, y + side / 2, side * 400 / 1000),
            Outline::Filled(points) => {
                self.fill(INK);
                self.polygon(vec![ring(&place(points))]);
            }
        }
    }

    fn circle(&mut self, x: Um, y: Um, radius: Um) {
        // The control points of a quarter circle stand 0.5523 of the radius from its ends.
        let reach = radius * 5523 / 10_000;
        let plain = |px, py| line_point(x + px, y + py, false);
        let pull = |px, py| line_point(x + px, y + py, true);
        let points = vec![
            plain(radius, 0),
            pull(radius, reach),
            pull(reach, radius),
            plain(0, radius),
            pull(-reach, radius),
            pull(-radius, reach),
            plain(-radius, 0),
            pull(-radius, -reach),
            pull(-reach, -radius),
            plain(0, -radius),
            pull(reach, -radius),
            pull(radius, -reach),
            plain(radius, 0),
        ];
        self.ops.push(Op::DrawLine { line: Line { points, is_closed: true } });
    }

    fn line(&mut self, points: &[(Um, Um)]) {
        self.ops.push(Op::DrawLine {
            line: Line { points: points.iter().map(|(x, y)| line_point(*x, *y, false)).collect(), is_closed: false },
        });
    }

    fn polygon(&mut self, rings: Vec<PolygonRing>) {
        self.ops.push(Op::DrawPolygon {
            polygon: Polygon { rings, mode: PaintMode::Fill, winding_order: WindingOrder::NonZero },
        });
    }

    fn fill(&mut self, colour: Colour) {
        self.ops.push(Op::SetFillColor { col: rgb(colour) });
    }

    fn stroke(&mut self, colour: Colour, width: Um) {
        self.ops.push(Op::SetOutlineColor { col: rgb(colour) });
        self.ops.push(Op::SetOutlineThickness { pt: pt(across(width)) });
    }
}

/// A word drawn as an outline filled with lines.
pub(crate) struct Hatched<'a> {
    pub(crate) text: &'a str,
    pub(crate) style: Style,
    pub(crate) size: i64,
    pub(crate) centre: (Um, Um),
    /// Cosine and sine in thousandths.
    pub(crate) turn: (i64, i64),
    pub(crate) colour: Colour,
    pub(crate) outline: Um,
    pub(crate) hatch: Um,
    pub(crate) hatch_step: Um,
}

fn rectangle(x: Um, y: Um, width: Um, height: Um) -> PolygonRing {
    ring(&[(x, y), (x + width, y), (x + width, y + height), (x, y + height)])
}

fn ring(points: &[(Um, Um)]) -> PolygonRing {
    PolygonRing { points: points.iter().map(|(x, y)| line_point(*x, *y, false)).collect() }
}

fn dot_rectangle(left: i64, top: i64, width: i64, height: i64) -> PolygonRing {
    let corner = |x: i64, y: i64| LinePoint { p: Point { x: whole(x), y: whole(PAGE_HEIGHT_DOTS - y) }, bezier: false };
    let (right, bottom) = (left + width, top + height);
    PolygonRing { points: vec![corner(left, top), corner(right, top), corner(right, bottom), corner(left, bottom)] }
}

/// A whole number where the page counts in printer dots.
fn whole(dots: i64) -> Pt {
    Pt(dots as f32)
}

fn line_point(x: Um, y: Um, bezier: bool) -> LinePoint {
    LinePoint { p: Point { x: pt(across(x)), y: pt(down(y)) }, bezier }
}

/// Micrometres as thousandths of a point: 72 000 of them make 25 400 micrometres.
fn across(um: Um) -> MilliPt {
    um * 360 / 127
}

/// Micrometres from the top as thousandths of a point from the bottom.
fn down(um: Um) -> MilliPt {
    PAGE_HEIGHT_DOTS * MILLI_PT_PER_DOT - across(um)
}

fn pt(milli: MilliPt) -> Pt {
    Pt(thousandths(milli))
}

/// The one place where a whole number becomes a fraction: values stay far below the 2²⁴ a float holds exactly.
fn thousandths(value: i64) -> f32 {
    value as f32 / 1000.0
}

fn rgb([red, green, blue]: Colour) -> Color {
    let part = |value: u8| f32::from(value) / 255.0;
    Color::Rgb(Rgb::new(part(red), part(green), part(blue), None))
}
