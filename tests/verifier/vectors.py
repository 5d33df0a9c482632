"""Judges every file of a folder of vectors and says where the answers differ from those expected."""
import re
import shlex

import formats
from deterministic import Unreadable, require
from verdict import CHECKS, IN_ORDER, NO, judge

FEWEST = 60
READ_ONLY = {"readable", "unreadable", "needs newer", "replaces", "kept out"}
WORDS = {"yes": "yes", "no": "no", "could not tell": "could_not_tell"}


class Malformed(Exception):
    """A vector that does not say what it should."""


def run(folder, day_of):
    files = sorted(folder.glob("*.txt"))
    wrong = 0
    for file in files:
        try:
            differences = list(compare(read_vector(file.read_text()), day_of))
        except (Malformed, ValueError, KeyError) as error:
            differences = [f"cannot be used: {error!r}"]
        wrong += bool(differences)
        for difference in differences:
            print(f"{file.name}: {difference}")
    print(f"vectors: {len(files)} read, {len(files) - wrong} agree, {wrong} disagree")
    if len(files) < FEWEST:
        print(f"vectors: fewer than {FEWEST}")
    return 1 if wrong or len(files) < FEWEST else 0


def read_vector(text):
    """Name and value of each line; only `expect` and `check …` may stand more than once."""
    found = {"expect": [], "checks": {}}
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("#"):
            continue
        name, colon, value = line.partition(":")
        name, value = name.strip(), value.strip()
        if not colon or name in found:
            if name != "expect":
                raise Malformed(line)
        if name == "expect":
            found["expect"].append(value)
        elif name.startswith("check "):
            found["checks"][name.removeprefix("check ")] = WORDS[value.strip('"')]
        else:
            found[name] = value
    if not found["expect"] or not set(found["checks"]) <= set(CHECKS):
        raise Malformed("no expectation, or a check that is none of the nine")
    return found


def compare(vector, day_of):
    """What differs, a sentence each."""
    about = f"{vector['about']}, {vector['name']}"
    read, reason = read_only(vector)
    verdict = None
    if "today" in vector:
        verdict = judge(input_bytes(vector), trust_of(vector), day_of(vector["today"]))
    for expected in vector["expect"]:
        if expected in READ_ONLY:
            if read != expected:
                yield f"{about}: expected {expected}, found {read} ({reason})"
        elif verdict is None:
            raise Malformed("nothing to judge")
        else:
            yield from compare_answers(about, expected, verdict)
    for name, answer in vector["checks"].items():
        mine = verdict["checks"][name]
        if mine["answer"] != answer:
            yield f"{about}: {name} expected {answer}, found {mine['answer']} ({mine['because']})"
    if verdict and vector.get("purpose", verdict["purpose"]) not in (verdict["purpose"], "-"):
        yield f"{about}: purpose expected {vector['purpose']}, found {verdict['purpose']}"
    if "reads" in vector and vector["reads"] != reason:
        yield f"{about}: reads expected {vector['reads']}, found {reason}"
    if "fails at" in vector:
        mine = fails_at(read, verdict)
        if vector["fails at"] != mine:
            yield f"{about}: expected to fail at {vector['fails at']}, found {mine} ({reason})"


def compare_answers(about, expected, verdict):
    for pair in shlex.split(expected):
        name, _, answer = pair.partition("=")
        answer = WORDS[answer.replace("_", " ")]
        mine = {True: "yes", False: "no"}.get(verdict[name], verdict[name])
        if mine != answer:
            reason = verdict.get(f"{name}_because", "")
            yield f"{about}: {name} expected {answer}, found {mine} ({reason})"


def fails_at(read, verdict):
    if read not in ("readable", "replaces"):
        return "reading"
    failed = [name for name in IN_ORDER if verdict and verdict["checks"][name]["answer"] == NO]
    return (failed + ["-"])[0]


def read_only(vector):
    """Whether the input can be read as what it says it is; what it reads, or the sentence it breaks."""
    if vector["kind"] == "trust" and vector["trust"] != "-":
        held = formats.replaces(in_bytes(vector["trust"]), in_bytes(vector["input"]))
        return ("replaces" if held else "kept out"), "M22"
    try:
        found = read(vector)
    except Unreadable as broken:
        return ("needs newer" if broken.newer else "unreadable"), broken.rule
    return "readable", found if isinstance(found, str) else "nothing is broken"


def read(vector):
    kind = vector["kind"]
    if kind == "short code":
        return formats.read_short_code(vector["input"])
    if kind == "digits":
        return formats.from_digits(vector["input"]).hex()
    data = input_bytes(vector)
    if kind == "trust":
        trust = formats.read_trust(data)
        require(trust.keys, "a key set that the root did not sign")
        return trust
    if kind == "record" and data[:1] == b"\x85":
        data = formats.read_record_file(data)[0]
    return formats.open_signed(data, formats.NUMBERS[kind])


def input_bytes(vector):
    return vector["input"].encode() if vector["kind"] == "digits" else in_bytes(vector["input"])


def in_bytes(digits):
    """Hexadecimal digits, in which (61*1000) is the byte 61 a thousand times; "-" is nothing."""
    repeated = re.sub(r"\((\w\w)\*(\d+)\)", lambda found: found[1] * int(found[2]), digits)
    return bytes.fromhex(repeated.strip("-"))


def trust_of(vector):
    try:
        return formats.read_trust(in_bytes(vector["trust"]))
    except Unreadable:
        return formats.NO_TRUST
