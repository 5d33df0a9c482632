"""Independent verifier of the Fieldproof sealed formats, from crates/seal/SPEC.md alone.
verify.py --trust TRUST [--today YYYY-MM-DD] {FILE | --flips 10000 --seed 1 FILE...}
FILE: record file, sealed record, token bytes, or text with a link or digits.  Exit: 0 genuine,
1 not genuine, 2 could not tell, 64 misuse; with --flips 0 if sound, else 1.
"""
import argparse
import json
import random
import re
from collections import Counter, namedtuple
from contextlib import suppress
from datetime import date, datetime, timezone
from hashlib import sha256

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

YES, NO, UNSURE = "yes", "no", "could_not_tell"
PURPOSES = ["real", "practice", "demonstration"]
KEY_SET, SCHEME, DELEGATION, RECORD, TOKEN, SNAPSHOT = 1, 2, 3, 5, 6, 10
KINDS = {  # name, last known field, schema of the fields from 2 on (#: unsigned, @: integer)
    KEY_SET: ("key set", 7, r"2=# 3=b16 4=str 5=str 6=@ 7=\[( ?\[b32 [12] @ @ [123]\])*\]"),
    SCHEME: ("scheme", 4, r"2=str 3=str 4=str"),
    DELEGATION: ("delegation", 7, r"2=b32 3=b16 4=str 5=(True|False) 6=@ 7=@"),
    RECORD: ("record", 15, r"2=(1|(?!1 )[1-9]\d* 3=b32) 4=b16 5=@( 6=\[# @\])? 7=b32 8=b# "
             r"9=[1-4]( 10=b16)? 11=\{( ?\d+=b32)*\} 12=\[( ?\[b32 #\])*\]( 13=str)?( 14=b16)?( 15=#)?"),
    TOKEN: ("token", 15, r"2=b16 3=b32 4=[1-9]\d*( 5=\[# @\])? 6=@ 7=str( 8=#)? 9=str 10=str "
            r"(11=[1-4] )?(12=\[# [12]\] )?13=@( 14=@)? 15=b#"),
    SNAPSHOT: ("snapshot", 5, r"2=# 3=# 4=@ 5=\[( ?\[b8 [123] @\])*\]")}
FACTS = {RECORD: {10: "certificate", 2: "chain_index", 5: "sealed_at_ms", 9: "outcome"},
         TOKEN: {2: "certificate", 7: "holder", 9: "scheme", 13: "issue_day", 14: "last_day"}}
SHOWN = "what purpose genuine genuine_because in_force in_force_because absent_parts facts".split()
WIDTHS = [0, 3, 5, 8, 10, 13, 15, 17]  # digits of a block of 0 to 7 bytes
DAY_MS, P, ORDER = 86_400_000, 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P)
# Left to itself, cbor2 turns some tags into dates, big numbers or references.
TAGS = {tag: lambda value, _, tag=tag: cbor2.CBORTag(tag, value) for tag in range(60_000)}
Signed = namedtuple("Signed", "kind purpose fields key_id protected payload signature")
Broken = type("Broken", (Exception,), {})  # a rule, and the answer where it does not hold


def need(held, rule, answer=NO):
    if not held:
        raise Broken(rule, answer)


def outcome(function, *arguments):
    try:
        return YES, function(*arguments)
    except Broken as broken:
        return broken.args[1], broken.args[0]


def sketch(value, depth=0):
    """Check M2 to M4; give the types and numbers as text, for schemas in regular expressions."""
    need(depth <= 12 and not isinstance(value, float), "M3 or M4")
    if isinstance(value, (list, tuple)):
        return f"[{' '.join(sketch(item, depth + 1) for item in value)}]"
    if isinstance(value, cbor2.CBORTag):
        return f"{value.tag}({sketch(value.value, depth + 1)})"
    if hasattr(value, "items"):
        keys = [cbor2.dumps(key) for key in value]
        need(keys == sorted(keys), "M2")  # cbor2's canonical form has another order
        items = [sketch(k, depth + 1) + "=" + sketch(v, depth + 1) for k, v in value.items()]
        return "{" + " ".join(items) + "}"
    simple = str(value) if type(value) in (int, bool) else type(value).__name__
    return f"b{len(value)}" if isinstance(value, bytes) else simple


def decode(data, schema=".*", rule=""):
    same = False
    with suppress(Exception):  # hostile bytes make cbor2 raise more than its own errors
        value = cbor2.loads(data, max_depth=40, semantic_decoders=TAGS)
        same = cbor2.dumps(value) == data
    need(same, "M1, M2 or M4")
    need(re.fullmatch(schema, sketch(value)), rule)
    return value


def open_envelope(data, *kinds):
    """Read a signed thing of one of these kinds; its signature is not judged here."""
    protected, _, payload, signature = decode(data, r"18\(\[b13 {} b\d+ b\d+\]\)", "M7").value
    need(protected == cbor2.dumps({1: -8, 4: protected[-8:]}), "M7")
    fields = decode(payload)
    need(isinstance(fields, dict) and all(type(key) is int for key in fields), "M8")
    kind, purpose = fields.get(0), fields.get(1)
    need(sketch([kind, purpose]) in [f"[{k} {p}]" for k in kinds for p in range(3)], "M9")
    need(min(fields) >= 0, "M6", UNSURE)
    need(len(data) <= (500 if kind == TOKEN else 1_048_576), "M12 or M18")
    _, last, schema = KINDS[kind]
    known = sketch({key: value for key, value in fields.items() if 2 <= key <= last})[1:-1]
    need(re.fullmatch(schema.replace("@", "-?#").replace("#", r"\d+"), known), "M14")
    rows = [row[0] for row in fields[5]] if kind == SNAPSHOT else []
    need(rows == sorted(set(rows)), "M13")
    return Signed(kind, purpose, fields, protected[-8:], protected, payload, signature)


def signed_by(signed, key):
    """M7, M10, M11; the library's part of M11 is the cofactorless equation."""
    ys = [int.from_bytes(point, "little") % 2**255 for point in (key, signed.signature[:32])]
    # y of a point of order 2, 1, 4, and 8 (whose double has y = 0)
    if any(y >= P or (y + 1) * (y - 1) * y * (D * y**4 + 2 * y**2 - 1) % P == 0 for y in ys):
        return False
    aad = f"fieldproof/0/{KINDS[signed.kind][0]}/{PURPOSES[signed.purpose]}".encode()
    message = cbor2.dumps(["Signature1", signed.protected, aad, signed.payload])
    with suppress(InvalidSignature, ValueError):
        Ed25519PublicKey.from_public_bytes(key).verify(signed.signature, message)
        s = int.from_bytes(signed.signature[32:], "little")
        return s < ORDER and signed.key_id == sha256(key).digest()[:8]
    return False


def read_trust(data):
    """The key set and the snapshot, each None unless it verifies."""
    keys = snapshot = None
    with suppress(Broken):
        value = decode(data, r"\[str 0 b32 b\d+ (b\d+|NoneType)\]", "trust file")
        found = open_envelope(value[3], KEY_SET)
        keys = found if value[0] == "fieldproof-trust" and signed_by(found, value[2]) else None
        found = open_envelope(value[4] or b"", SNAPSHOT)
        if keys and found.purpose == keys.purpose and any(
                signed_by(found, key[0]) for key in keys.fields[7] if key[1] == 2 and key[4] != 3):
            snapshot = found
    return keys, snapshot


def read_document(data):
    """The token or record of a file, the parts at hand, and the bytes that count."""
    digits = data.strip().rpartition(b"#")[2]  # M19
    if digits.isdigit() and not data.startswith((b"\x84", b"\xd2\x84")):
        blocks = [digits[start:start + 17] for start in range(1, len(digits), 17)]
        need(digits[:1] == b"0" and all(
            len(b) in WIDTHS and int(b) < 256**WIDTHS.index(len(b)) for b in blocks), "M17")
        data = b"".join(int(b).to_bytes(WIDTHS.index(len(b)), "big") for b in blocks)
        return open_envelope(data, TOKEN), {}, data
    if not data.startswith(b"\x84"):
        return open_envelope(data, RECORD, TOKEN), {}, data
    value = decode(data, r"\[str 0 b\d+ {( ?\d+=b\d+)*}\]", "record file")
    need(len(data) <= 8_388_608 and value[0] == "fieldproof-record", "record file")
    return open_envelope(value[2], RECORD), value[3], data


def genuine(doc, parts, keys):
    read, given = outcome(open_envelope, doc.fields[15 if doc.kind == TOKEN else 8], DELEGATION)
    need(read == YES, f"step 1: the delegation breaks {given}", read)
    assessor, scheme_id, _, certifies, first, last = (given.fields[key] for key in range(2, 8))
    need(signed_by(doc, assessor), "step 2: not signed by the assessor's key")
    need(given.purpose == doc.purpose, "step 3: the delegation has another purpose")
    need(keys, "step 4: no key set at hand", UNSURE)
    issuing = [key for key in keys.fields[7] if key[1] == 1]
    named = [key for key in issuing if sha256(key[0]).digest()[:8] == given.key_id]
    need(not named or doc.purpose == keys.purpose, "step 5: the key set has another purpose")
    need(named, "step 6: the key set lacks the delegation's issuing key", UNSURE)
    need(any(signed_by(given, key[0]) for key in named), "step 7: the delegation is not signed")
    need(all(key[4] != 3 for key in named), "step 8: the issuing key is compromised", UNSURE)
    day = doc.fields[13] if doc.kind == TOKEN else doc.fields[5] // DAY_MS
    need(first <= day <= last, "step 9: outside the days of the delegation")
    need(certifies or doc.kind == RECORD, "step 10: the delegation does not allow certificates")
    digests = {number: sha256(part).digest() for number, part in parts.items()}
    need(not parts or digests.items() <= doc.fields[11].items(), "step 10: M15")
    for number, part in parts.items():
        read, pair = outcome(decode, part, r"\[b16 .+\]", "its form")
        need(read == YES and len(pair) == 2, f"step 10: part {number} is no part")
        need(not re.search(r"[{ ]-\d+=", sketch(pair)), "step 10: M6 in a part", UNSURE)
    if 7 in parts:
        raw, found = decode(parts[7])[1], None
        need(isinstance(raw, bytes) and sha256(raw).digest() == doc.fields[7], "step 10: M16")
        read, scheme = outcome(open_envelope, raw, SCHEME)
        need(read == YES, f"step 10: M16, the scheme breaks {scheme}", read)
        held = [key for key in issuing if sha256(key[0]).digest()[:8] == scheme.key_id]
        need(held and held[0][4] != 3, "step 10: its key is not held or compromised", UNSURE)
        need(scheme.purpose == doc.purpose and signed_by(scheme, held[0][0]), "step 10: M16, signer")
        with suppress(ValueError, TypeError, KeyError, RecursionError):
            found = json.loads(scheme.fields[2])["id"]
        need(isinstance(found, str) and found.lower() == scheme_id.hex(), "step 10: M16, its id")
    return "step 11: every check was made and held"


def in_force(doc, snapshot, today):
    certificate = doc.fields.get(2 if doc.kind == TOKEN else 10)
    as_of, rows = (snapshot.fields[4] // DAY_MS, snapshot.fields[5]) if snapshot else (0, [])
    short = certificate and sha256(certificate).digest()[:8]
    need(short not in [row[0] for row in rows], "listed in the snapshot")
    need(doc.kind == TOKEN, "a record says what was seen, its certificate what holds", UNSURE)
    need(today >= doc.fields[13], "before the issue day", UNSURE)
    need(today <= doc.fields.get(14, today), "after the last day")
    need(today <= doc.fields[6], "after the confirm-by day", UNSURE)
    need(snapshot, "no snapshot that verifies", UNSURE)
    need(as_of >= doc.fields[13], "the snapshot is older than the issue day", UNSURE)
    return f"not withdrawn as of day {as_of} ({as_of - today:+} from today)"


def judge(data, trust, today):
    read, got = outcome(read_document, data)
    if read != YES:
        return dict(zip(SHOWN, ["unreadable", None, *(UNSURE, f"unreadable: {got}") * 2, [], {}]))
    doc, parts, _ = got
    first = outcome(genuine, doc, parts, trust[0])
    second = outcome(in_force, doc, trust[1], today) if first[0] == YES else first
    held = doc.fields[11] if doc.kind == RECORD else {}
    facts = {name: doc.fields[key] for key, name in FACTS[doc.kind].items() if key in doc.fields}
    return dict(zip(SHOWN, [KINDS[doc.kind][0], PURPOSES[doc.purpose], *first, *second,
                            sorted(set(held) - set(parts)), facts]))


def flip_test(files, trust, today, count, source):
    answers = Counter()
    for index, file in enumerate(files):
        data, stages = file.read(), Counter()
        if judge(data, trust, today)["genuine"] != YES:
            raise SystemExit(f"{file.name}: NOT accepted unaltered")
        plain = read_document(data)[2]
        bits, share = len(plain) * 8, (count + index) // len(files)
        for place in (source.sample(range(bits), min(bits, share)) * (share // bits + 1))[:share]:
            altered = (int.from_bytes(plain, "big") ^ 1 << place).to_bytes(len(plain), "big")
            if plain is not data:
                altered = b"0" + b"".join(b"%0*d" % (WIDTHS[len(b)], int.from_bytes(b, "big"))
                                          for b in re.findall(b"(?s).{1,7}", altered))
            verdict = judge(altered, trust, today)
            answers[verdict["genuine"]] += 1
            stages[re.sub("(step .*):.*", r"\1", verdict["genuine_because"])] += 1
        print(f"{file.name}: {share} flips, stopped at", dict(sorted(stages.items())))
    return answers


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.error = lambda message: parser.exit(64, f"verify.py: {message}\n")
    parser.add_argument("--trust", type=argparse.FileType("rb"), required=True)
    parser.add_argument("--today", type=date.fromisoformat, default=datetime.now(timezone.utc))
    parser.add_argument("--flips", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("files", nargs="+", type=argparse.FileType("rb"), metavar="FILE")
    args = parser.parse_args()
    trust, today = read_trust(args.trust.read()), args.today.toordinal() - 719_163
    if args.flips is None:
        if len(args.files) > 1:
            parser.error("give one FILE, or --flips")
        verdict = judge(args.files[0].read(), trust, today)
        print(json.dumps(verdict, default=bytes.hex))
        return [YES, NO, UNSURE].index(verdict["genuine"])
    count = flip_test(args.files, trust, today, args.flips, random.Random(args.seed))
    print(f"flips: {args.flips} made, {count[NO] + count[UNSURE]} rejected (no: {count[NO]}, "
          f"could not tell: {count[UNSURE]}), seed {args.seed}")
    return 0 if count[NO] + count[UNSURE] == args.flips else 1


if __name__ == "__main__":
    raise SystemExit(main())
