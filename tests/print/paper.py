"""Paper for read_back.py: a page as a scanner gives it, what paper goes through, and the two readers.

All that decides a result is in this file: results kept on disk count only for the file as it was.
"""
import io
import subprocess
from collections import namedtuple
from zlib import crc32

import numpy as np
import zxingcpp
from PIL import Image, ImageFilter

DAMAGED_DPI = 300
DOTS_PER_MM = DAMAGED_DPI / 25.4
# The symbol's dark modules begin here at 300 dpi; the smallest, of version 18, are 356 dots wide.
SYMBOL_LEFT, SYMBOL_TOP, SYMBOL_SIDE = 296, 2598, 356
WHITE = 255.0


def blur(pixels):
    """Gaussian blur with this standard deviation at 300 dpi."""
    def blurred(page, _dice):
        return np.asarray(Image.fromarray(page).filter(ImageFilter.GaussianBlur(pixels)))
    return blurred


def skewed(page, dice):
    """The whole page turned by 3° to the left or to the right about its centre, bicubic, white behind it."""
    angle = 3 if dice.integers(2) else -3
    turned = Image.fromarray(page).rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    return np.asarray(turned)


def faint(page, dice):
    """Toner at 70 %: black prints as 30 % grey level (76 of 255); every pixel varies by a standard deviation of
    10 levels; one in a hundred cells of 2 x 2 pixels (0.17 mm) of the page took no toner at all."""
    toner = (WHITE - page) * 0.7
    cells = dice.random((page.shape[0] // 2 + 1, page.shape[1] // 2 + 1)) < 0.01
    bare = cells.repeat(2, axis=0).repeat(2, axis=1)[: page.shape[0], : page.shape[1]]
    toner[bare] = 0
    return shades(WHITE - toner + dice.normal(0, 10, page.shape))


def crease(bare, shadow):
    """A straight fold at any angle through a random place of the inner two thirds of the symbol, across the page:
    so many millimetres where the toner flaked off to white paper, and beside them so many of shadow that takes
    40 % of the light."""
    def creased(page, dice):
        sixth = SYMBOL_SIDE / 6
        x, y = SYMBOL_LEFT + dice.uniform(sixth, 5 * sixth), SYMBOL_TOP + dice.uniform(sixth, 5 * sixth)
        angle = dice.uniform(0, np.pi)
        rows, columns = np.indices(page.shape, dtype=np.float32)
        from_fold = ((columns - x) * np.sin(angle) - (rows - y) * np.cos(angle)) / DOTS_PER_MM
        folded = page.astype(np.float32)
        folded[(from_fold >= 0) & (from_fold < bare)] = WHITE
        folded[(from_fold >= bare) & (from_fold < bare + shadow)] *= 0.6
        return shades(folded)
    return creased


def compressed(page, _dice):
    """JPEG at quality 40, grey, as Pillow writes it."""
    file = io.BytesIO()
    Image.fromarray(page).save(file, "JPEG", quality=40)
    return np.asarray(Image.open(file))


def covered(page):
    """Sabotage: a white label over the middle of the symbol, half as wide and half as high."""
    scale = page.shape[0] / (297 * DOTS_PER_MM)
    quarter = SYMBOL_SIDE / 4
    left, top = int((SYMBOL_LEFT + quarter) * scale), int((SYMBOL_TOP + quarter) * scale)
    side = int(2 * quarter * scale)
    labelled = page.copy()
    labelled[top : top + side, left : left + side] = 255
    return labelled


EACH, ONE, NOTHING = "all, by each", "95 %, by one", "reported only"
Condition = namedtuple("Condition", "name dpi option damage demand")
CONDITIONS = [Condition(f"{dpi} dpi, {kind}", dpi, option, None, EACH if dpi >= 200 else NOTHING)
              for dpi in (150, 200, 300, 600) for kind, option in (("grey", "-gray"), ("1-bit", "-mono"))]
CONDITIONS += [Condition(name, DAMAGED_DPI, "-gray", damage, demand) for name, damage, demand in (
    ("blurred, 0.13 mm (1.5 pixels)", blur(1.5), ONE),
    ("blurred, 0.17 mm (2 pixels)", blur(2), NOTHING),
    ("skewed 3°", skewed, ONE),
    ("toner at 70 %", faint, ONE),
    ("creased, 0.25 mm bare and 0.25 mm shadow", crease(0.25, 0.25), ONE),
    ("creased, 0.5 mm bare and 0.5 mm shadow", crease(0.5, 0.5), NOTHING),
    ("JPEG at quality 40", compressed, ONE))]


def shades(page):
    """Back to 256 shades of grey."""
    return np.clip(np.rint(page), 0, 255).astype(np.uint8)


def picture(pdf, condition, seed, number, saboteur=None):
    """The whole page under a condition, the same for the same seed and number."""
    command = ["pdftoppm", "-r", str(condition.dpi), condition.option, "-singlefile", str(pdf)]
    file = subprocess.run(command, check=True, capture_output=True).stdout
    page = np.asarray(Image.open(io.BytesIO(file)).convert("L"))
    dice = np.random.default_rng([seed, number, crc32(condition.name.encode())])
    if saboteur == "cover":
        page = covered(page)
    return condition.damage(page, dice) if condition.damage else page


def zbar(page):
    """Kind and text of everything that zbarimg finds on the page."""
    file = io.BytesIO()
    Image.fromarray(page).save(file, "PPM")
    answer = subprocess.run(["zbarimg", "--nodbus", "-q", "-"], input=file.getvalue(), capture_output=True)
    if answer.returncode not in (0, 4):  # 4: nothing found
        raise RuntimeError(f"zbarimg: {answer.stderr.decode(errors='replace')}")
    found = [line.partition(":") for line in answer.stdout.decode(errors="replace").splitlines()]
    return [(kind == "QR-Code", text) for kind, _, text in found]


def zxing(page):
    """Kind and text of everything that zxing-cpp finds on the page."""
    found = zxingcpp.read_barcodes(np.ascontiguousarray(page))
    return [(one.format == zxingcpp.BarcodeFormat.QRCode, one.text) for one in found]


READERS = {"zbar": zbar, "zxing-cpp": zxing}


def read_back(page, link):
    """By reader: whether the page's one QR symbol is the link to the letter, and how many other symbols it claims
    to see. Those are no fault of the symbol (zbar makes a DataBar of lines through text and modules now and then),
    but whoever scans sees them, so they are counted."""
    found = {name: reader(page) for name, reader in READERS.items()}
    read = {name: [text for is_qr, text in seen if is_qr] == [link] for name, seen in found.items()}
    return read, {name: sum(not is_qr for is_qr, _ in seen) for name, seen in found.items()}
