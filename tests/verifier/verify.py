"""Independent verifier of the Fieldproof sealed formats, version 1, from crates/seal/SPEC.md alone.
verify.py [--trust TRUST] [--today YYYY-MM-DD] [--json] FILE
verify.py --trust TRUST --flips 10000 --seed 1 FILE...
verify.py --trust HELD --replaces OFFERED
verify.py --vectors DIR
FILE: record file, sealed record, token bytes, or text with a link or digits.  Exit: 0 genuine (or
may replace), 1 not, 2 could not tell, 64 misuse; with --flips and --vectors 0 if sound, else 1.
"""
import argparse
import json
import random
import re
import sys
from collections import Counter
from datetime import date, datetime, timezone
from pathlib import Path

sys.dont_write_bytecode = True  # the tree stays as it was checked out

import formats  # noqa: E402
import vectors  # noqa: E402
from deterministic import Unreadable  # noqa: E402
from verdict import NO, UNSURE, YES, judge  # noqa: E402

EPOCH_DAY = date(1970, 1, 1).toordinal()


def day_of(text):
    return date.fromisoformat(text).toordinal() - EPOCH_DAY


def trust_at_hand(path):
    """A trust file that is malformed counts as none."""
    try:
        return formats.read_trust(path.read_bytes()) if path else formats.NO_TRUST
    except Unreadable:
        return formats.NO_TRUST


def in_words(verdict):
    lines = [f"{verdict['what']}, purpose {verdict['purpose']}{', green' if verdict['green'] else ''}",
             f"genuine as issued: {verdict['genuine']} ({verdict['genuine_because']})",
             f"in force now: {verdict['in_force']} ({verdict['in_force_because']})"]
    for name, check in verdict["checks"].items():
        lines.append(f"  {name}: {check['answer']} ({check['because']})")
    return "\n".join(lines).replace("could_not_tell", "could not tell")


def flippable(data):
    """The bytes that a flip changes, the stretches that get an equal share of flips, and how a file
    is made of the bytes again.  What is attached is no such stretch: when it does not hold it is as
    if it were absent."""
    if data[:1] == b"\x85":
        sealed, _, attached = formats.read_record_file(data)
        if attached:
            raise SystemExit("--flips needs a record file with nothing attached")
        start = data.index(sealed)
        end = start + len(sealed)
        return data, [range(start), range(start, end), range(end, len(data))], bytes
    if data[:1] == b"\xd2":
        return data, [range(len(data))], bytes
    plain = formats.from_digits(data.decode())
    return plain, [range(len(plain))], lambda altered: formats.to_digits(altered).encode()


def places(stretches, count, source):
    """Bits to flip: the shorter stretches whole, the others as often as is left to each."""
    for index, stretch in enumerate(sorted(stretches, key=len)):
        bits = range(stretch.start * 8, stretch.stop * 8)
        share = min(len(bits), count // (len(stretches) - index))
        count -= share
        yield from source.sample(bits, share)
    yield from (source.choice(bits) for _ in range(count))


def flip_test(paths, trust, today, count, source):
    answers = Counter()
    for index, path in enumerate(paths):
        data, stages = path.read_bytes(), Counter()
        if judge(data, trust, today)["genuine"] != YES:
            raise SystemExit(f"{path}: NOT accepted unaltered")
        plain, stretches, file_of = flippable(data)
        share = (count + index) // len(paths)
        for place in places(stretches, share, source):
            altered = bytearray(plain)
            altered[place // 8] ^= 1 << place % 8
            verdict = judge(file_of(altered), trust, today)
            answers[verdict["genuine"]] += 1
            if verdict["genuine"] == YES:
                print(f"{path}: bit {place} makes no difference")
            stages[re.sub("[:,].*", "", verdict["genuine_because"])] += 1
        print(f"{path}: {share} flips, stopped at", dict(sorted(stages.items())))
    return answers


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.error = lambda message: parser.exit(64, f"verify.py: {message}\n")
    parser.add_argument("--trust", type=Path)
    parser.add_argument("--today", type=day_of, default=day_of(f"{datetime.now(timezone.utc):%Y-%m-%d}"))
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--flips", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--vectors", type=Path, metavar="DIR")
    parser.add_argument("--replaces", type=Path, metavar="OFFERED")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    args = parser.parse_args()
    missing = [str(path) for path in [args.trust, args.replaces, *args.files] if path and not path.is_file()]
    if missing:
        parser.error(f"no such file: {' '.join(missing)}")
    if args.replaces and not args.trust:
        parser.error("--replaces needs --trust")
    if not (args.vectors or args.replaces) and (not args.files or len(args.files) > 1 and args.flips is None):
        parser.error("give one FILE, or --flips, --replaces or --vectors")
    return args


def main():
    args = arguments()
    if args.vectors:
        return vectors.run(args.vectors, day_of)
    if args.replaces:
        held = formats.replaces(args.trust.read_bytes(), args.replaces.read_bytes())
        print("may replace" if held else "may not replace")
        return 0 if held else 1
    trust = trust_at_hand(args.trust)
    if args.flips is None:
        verdict = judge(args.files[0].read_bytes(), trust, args.today)
        print(json.dumps(verdict, default=bytes.hex) if args.json else in_words(verdict))
        return [YES, NO, UNSURE].index(verdict["genuine"])
    count = flip_test(args.files, trust, args.today, args.flips, random.Random(args.seed))
    print(f"flips: {args.flips} made, {count[NO] + count[UNSURE]} rejected (no: {count[NO]}, "
          f"could not tell: {count[UNSURE]}), seed {args.seed}")
    return 0 if count[NO] + count[UNSURE] == args.flips else 1


if __name__ == "__main__":
    raise SystemExit(main())
