//! From three eyes to modules: which version, where exactly each module lies, dark or light.

use rqrr::{Grid, SimpleGrid};

use super::{finders::Triple, plane::Plane};

/// A point of the picture.
type Spot = (f32, f32);
/// The centres of the eyes and the place where a fourth would be: top left, top right, bottom left, bottom right.
type Corners = [Spot; 4];

/// Versions tried around the one the eyes' distance suggests.
const AROUND: i32 = 3;
/// Below this part of known modules an assumption is not worth settling; chance gives a half.
const KNOWN_BEFORE: f32 = 0.66;
/// Below this part of known modules a settled assumption is wrong.
const KNOWN_AFTER: f32 = 0.80;
/// Steps in modules when corners are moved to where modules are clearest.
const STEPS: [f32; 4] = [0.6, 0.3, 0.15, 0.07];

/// Assumptions worth settling: settling one costs more than rating hundreds.
const MAX_TRIES: usize = 12;

/// A symbol that was read.
pub(super) struct Reading {
    pub(super) eyes: Triple,
    pub(super) text: String,
}

/// Reads the symbols between these eyes, the likeliest assumptions first.
pub(super) fn read(plane: &Plane, triples: &[Triple]) -> Vec<Reading> {
    let mut tries: Vec<(f32, Triple, Fit<'_>)> = Vec::new();
    for triple in triples {
        for version in versions(triple) {
            let fit = Fit::new(plane, corners(triple), version);
            let known = fit.known();
            if known >= KNOWN_BEFORE {
                tries.push((known, *triple, fit));
            }
        }
    }
    tries.sort_by(|(one, ..), (other, ..)| other.total_cmp(one));
    let mut readings: Vec<Reading> = Vec::new();
    let mut failed = 0;
    for (_, eyes, fit) in tries {
        let is_used = readings.iter().any(|reading| reading.eyes.iter().any(|eye| eyes.contains(eye)));
        if is_used {
            continue;
        }
        if let Some(text) = fit.settled().decode() {
            readings.push(Reading { eyes, text });
        } else {
            failed += 1;
        }
        if failed == MAX_TRIES {
            break;
        }
    }
    readings
}

fn corners(triple: &Triple) -> Corners {
    let [top_left, top_right, bottom_left] = triple.map(|eye| (eye.x, eye.y));
    let fourth = (top_right.0 + bottom_left.0 - top_left.0, top_right.1 + bottom_left.1 - top_left.1);
    [top_left, top_right, bottom_left, fourth]
}

fn versions(triple: &Triple) -> Vec<i32> {
    let [corner, one, other] = triple;
    let leg = |eye: &super::finders::Eye| (eye.x - corner.x).hypot(eye.y - corner.y);
    let (first, second) = (leg(one), leg(other));
    // An eye was measured along the picture's axes: standing at an angle it seems wider by that angle's cosine.
    let (dx, dy) = ((one.x - corner.x).abs(), (one.y - corner.y).abs());
    let upright = dx.max(dy) / first;
    let module = (corner.module + one.module + other.module) / 3.0 * upright;
    let modules = (first + second) / 2.0 / module + 7.0;
    let guess = ((modules - 17.0) / 4.0).round() as i32;
    (guess - AROUND..=guess + AROUND).filter(|version| (1..=40).contains(version)).collect()
}

/// One assumption about where the modules are.
#[derive(Clone)]
struct Fit<'a> {
    plane: &'a Plane,
    corners: Corners,
    /// Modules per side.
    side: i32,
}

impl<'a> Fit<'a> {
    fn new(plane: &'a Plane, corners: Corners, version: i32) -> Self {
        Self { plane, corners, side: 17 + 4 * version }
    }

    /// Moves the fourth corner to where the last alignment mark is, then all corners to where modules are clearest.
    fn settled(mut self) -> Self {
        if self.side > 21 {
            self.find_mark();
        }
        let mut best = self.clearness();
        for step in STEPS {
            let mut moved = true;
            let mut rounds = 0;
            while moved && rounds < 6 {
                moved = false;
                rounds += 1;
                for corner in 0..4 {
                    for (dx, dy) in [(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)] {
                        let other = self.moved(corner, dx * step, dy * step);
                        let clearness = other.clearness();
                        if clearness > best {
                            best = clearness;
                            self = other;
                            moved = true;
                        }
                    }
                }
            }
        }
        self
    }

    /// Looks for the alignment mark near the fourth corner: a photograph taken aslant moves it by several modules.
    fn find_mark(&mut self) {
        let reach = self.side / 10 + 1;
        let mut best = (self.mark(), self.clone());
        for dy in -2 * reach..=2 * reach {
            for dx in -2 * reach..=2 * reach {
                let other = self.moved(3, dx as f32 * 0.5, dy as f32 * 0.5);
                // Far places need a clearer mark than near ones.
                let far = (dx as f32).hypot(dy as f32) / (4 * reach) as f32;
                let mark = other.mark() * (1.0 - 0.3 * far);
                if mark > best.0 {
                    best = (mark, other);
                }
            }
        }
        *self = best.1;
    }

    /// A copy with one corner moved by a part of a module along the picture's axes.
    fn moved(&self, corner: usize, dx: f32, dy: f32) -> Self {
        let [a, b, _, _] = self.corners;
        let module = (a.0 - b.0).hypot(a.1 - b.1) / (self.side - 7) as f32;
        let mut other = self.clone();
        if let Some(spot) = other.corners.get_mut(corner) {
            spot.0 += dx * module;
            spot.1 += dy * module;
        }
        other
    }

    /// How much like an alignment mark the place of the last one is.
    fn mark(&self) -> f32 {
        let warp = Warp::new(&self.corners, self.side);
        let centre = self.side - 7;
        let mut sum = 0.0;
        for dy in -2..=2i32 {
            for dx in -2..=2i32 {
                let dark = dx.abs().max(dy.abs()) != 1;
                let relief = self.relief(&warp, centre + dx, centre + dy);
                sum += if dark { -relief } else { relief };
            }
        }
        sum
    }

    /// The part of the modules known beforehand (eyes and timing) that are as they should be.
    fn known(&self) -> f32 {
        let warp = Warp::new(&self.corners, self.side);
        let (mut right, mut all) = (0.0, 0.0);
        let mut check = |x: i32, y: i32, dark: bool| {
            all += 1.0;
            if (self.relief(&warp, x, y) < 0.0) == dark {
                right += 1.0;
            }
        };
        for along in 8..self.side - 8 {
            check(along, 6, along % 2 == 0);
            check(6, along, along % 2 == 0);
        }
        for (left, top) in [(0, 0), (self.side - 7, 0), (0, self.side - 7)] {
            for y in 0..7i32 {
                for x in 0..7i32 {
                    let ring = (x - 3).abs().max((y - 3).abs());
                    check(left + x, top + y, ring != 2);
                }
            }
        }
        right / all
    }

    /// How far modules are from grey: largest when the grid lies on them.
    fn clearness(&self) -> f32 {
        let warp = Warp::new(&self.corners, self.side);
        let mut sum = 0.0;
        for y in 0..self.side {
            for x in 0..self.side {
                sum += self.relief(&warp, x, y).abs();
            }
        }
        sum
    }

    fn relief(&self, warp: &Warp, x: i32, y: i32) -> f32 {
        let (x, y) = warp.at(x as f32 + 0.5, y as f32 + 0.5);
        self.plane.relief(x, y)
    }

    fn decode(&self) -> Option<String> {
        if self.known() < KNOWN_AFTER {
            return None;
        }
        let warp = Warp::new(&self.corners, self.side);
        let side = usize::try_from(self.side).ok()?;
        let dark = |x: usize, y: usize| {
            let (x, y) = (i32::try_from(x).unwrap_or(0), i32::try_from(y).unwrap_or(0));
            self.relief(&warp, x, y) < 0.0
        };
        let (_, text) = Grid::new(SimpleGrid::from_func(side, dark)).decode().ok()?;
        (!text.is_empty()).then_some(text)
    }
}

/// The perspective that takes module coordinates to the picture.
struct Warp {
    side: f32,
    origin: Spot,
    across: Spot,
    down: Spot,
    depth: (f32, f32),
}

impl Warp {
    /// Takes the square between the eyes' centres to the four corners.
    fn new(corners: &Corners, side: i32) -> Self {
        let [p0, p1, p3, p2] = *corners;
        let (dx1, dx2, dx3) = (p1.0 - p2.0, p3.0 - p2.0, p0.0 - p1.0 + p2.0 - p3.0);
        let (dy1, dy2, dy3) = (p1.1 - p2.1, p3.1 - p2.1, p0.1 - p1.1 + p2.1 - p3.1);
        let area = dx1 * dy2 - dx2 * dy1;
        let (g, h) = if area.abs() < f32::EPSILON {
            (0.0, 0.0)
        } else {
            ((dx3 * dy2 - dx2 * dy3) / area, (dx1 * dy3 - dx3 * dy1) / area)
        };
        Self {
            side: (side - 7) as f32,
            origin: p0,
            across: (p1.0 - p0.0 + g * p1.0, p1.1 - p0.1 + g * p1.1),
            down: (p3.0 - p0.0 + h * p3.0, p3.1 - p0.1 + h * p3.1),
            depth: (g, h),
        }
    }

    fn at(&self, x: f32, y: f32) -> Spot {
        let (u, v) = ((x - 3.5) / self.side, (y - 3.5) / self.side);
        let depth = self.depth.0 * u + self.depth.1 * v + 1.0;
        (
            (self.across.0 * u + self.down.0 * v + self.origin.0) / depth,
            (self.across.1 * u + self.down.1 * v + self.origin.1) / depth,
        )
    }
}
