"""Reads printed certificates back: every page under every condition of paper.py, by zbar and by zxing-cpp.
read_back.py --papers DIR --out DIR --count N --seed S [--saboteur {link,cover}]
DIR of --papers holds 000.pdf with 000.txt, the link that must come out to the letter, and so on.
Goes on where it was interrupted.  Exit: 0 everything demanded was read, 1 it was not, 2 the run itself broke.
"""
import argparse
import json
import subprocess
import sys
import time
import traceback
from functools import partial
from hashlib import sha256
from importlib.metadata import version
from multiprocessing import Pool
from pathlib import Path

from PIL import Image

import paper
from paper import CONDITIONS, EACH, ONE, READERS

PROCESSES = 2
ENOUGH = 0.95
LIBRARIES = ("zxing-cpp", "pillow", "numpy")


def said(*command):
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    return (answer.stdout + answer.stderr).split("\n")[0].strip()


def tools():
    """Who reads and who draws, with versions: what they make of a page is theirs alone."""
    names = [f"zbar {said('zbarimg', '--version')}", said("pdftoppm", "-v").replace(" version", "")]
    return ", ".join(names + [f"{name} {version(name)}" for name in LIBRARIES])


def expected(options, number):
    link = (options.papers / f"{number:03}.txt").read_text()
    if options.saboteur == "link":
        link = link[:-1] + str((int(link[-1]) + 1) % 10)
    return link


def keys(options, with_tools, number):
    """A key per condition, of everything its result comes from: a result counts for the same key only."""
    parts = [with_tools.encode(), Path(paper.__file__).read_bytes(), (options.papers / f"{number:03}.pdf").read_bytes(),
             expected(options, number).encode(), f"{options.seed} {number} {options.saboteur}".encode()]
    common = b"".join(sha256(part).digest() for part in parts)
    return {condition.name: sha256(common + condition.name.encode()).hexdigest() for condition in CONDITIONS}


def miss_file(options, row):
    missed = [reader for reader in READERS if not row["read"][reader]]
    if not missed:
        return None
    name = "".join(letter if letter.isalnum() else "-" for letter in row["condition"])
    return options.out / "misses" / f"{row['certificate']:03}-{name}-{'-'.join(missed)}.png"


def read_one(options, job):
    """One certificate under one condition; a miss leaves its page."""
    number, at, key = job
    condition, link, began = CONDITIONS[at], expected(options, number), time.monotonic()
    page = paper.picture(options.papers / f"{number:03}.pdf", condition, options.seed, number, options.saboteur)
    read, phantoms = paper.read_back(page, link)
    row = {"key": key, "certificate": number, "condition": condition.name, "read": read, "phantoms": phantoms,
           "seconds": round(time.monotonic() - began, 2)}
    if picture := miss_file(options, row):
        Image.fromarray(page).save(picture)
    return row


def kept(options, results):
    """Results of earlier runs by key; a miss whose picture is gone is read again, half a line is none."""
    rows = {}
    for line in results.read_text().splitlines() if results.exists() else []:
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            continue
        picture = miss_file(options, row)
        if picture is None or picture.exists():
            rows[row["key"]] = row
    return rows


def run(options):
    """All results that are wanted, in order of certificate and condition."""
    (options.out / "misses").mkdir(parents=True, exist_ok=True)
    results, with_tools = options.out / "results.jsonl", tools()
    rows = kept(options, results)
    wanted = [(number, at, key) for number in range(options.count)
              for at, key in enumerate(keys(options, with_tools, number).values())]
    jobs = [job for job in wanted if job[2] not in rows]
    with results.open("a") as file, Pool(PROCESSES) as pool:
        file.write("\n")
        for row in pool.imap_unordered(partial(read_one, options), jobs):
            rows[row["key"]] = row
            file.write(json.dumps(row) + "\n")
            file.flush()
    rows = [rows[key] for _, _, key in wanted]
    current = {miss_file(options, row) for row in rows}
    for picture in (options.out / "misses").glob("*.png"):
        if picture not in current:
            picture.unlink()
    return rows


def judge(rows, count):
    """A table line per condition, and the conditions that were not met."""
    lines, missed = [], []
    for condition in CONDITIONS:
        reads = [row["read"] for row in rows if row["condition"] == condition.name]
        if len(reads) != count or not count:
            raise RuntimeError(f"{condition.name}: {len(reads)} results for {count} certificates")
        by = {name: sum(read[name] for read in reads) for name in READERS}
        by_one = sum(any(read.values()) for read in reads)
        met = {EACH: min(by.values()) == count, ONE: by_one >= ENOUGH * count}.get(condition.demand, True)
        figures = " | ".join(f"{figure}/{count}" for figure in (*by.values(), by_one))
        lines.append(f"| {condition.name} | {condition.demand} | {figures} |")
        if not met:
            missed.append(condition.name)
    return lines, missed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--papers", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--saboteur", choices=("link", "cover"))
    options = parser.parse_args()
    rows = run(options)
    lines, missed = judge(rows, options.count)
    minutes = sum(row["seconds"] for row in rows) / 60
    changed = " and changes" if said("git", "status", "--porcelain", "--untracked-files=no") else ""
    print(f"Commit {said('git', 'rev-parse', '--short', 'HEAD')}{changed}, {options.count} certificates, "
          f"seed {options.seed}, {minutes:.1f} minutes of reading shared by {PROCESSES} processes, {tools()}.\n")
    print(f"| page | demanded | {' | '.join(READERS)} | at least one |\n|---|---|{'---|' * (len(READERS) + 1)}")
    print("\n".join(lines))
    phantoms = {name: sum(row["phantoms"][name] > 0 for row in rows) for name in READERS}
    print("\nPages with a symbol that is not there: " + ", ".join(f"{phantoms[name]} by {name}" for name in READERS)
          + f", of {len(rows)}.")
    if missed:
        print(f"\nNot met: {'; '.join(missed)}. The pages are in {options.out / 'misses'}.")
    return 1 if missed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        traceback.print_exc()
        sys.exit(2)
