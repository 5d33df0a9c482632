"""What is signed and the files it travels in (SPEC §2 to §5); nothing is judged here but signatures."""
import json
import re
from collections import namedtuple
from hashlib import sha256
from itertools import pairwise

import strict
from deterministic import Tag, Unreadable, byte_string, decode, head, require, text_string

KEY_SET, SCHEME, DELEGATION, CHAIN, RECORD, TOKEN, RECEIPT, REFUSAL, BEACON, SNAPSHOT, ENDORSEMENT, EPOCH = (
    range(1, 13))
ISSUING, REGISTER, COMPROMISED = 1, 2, 3
PURPOSES = ["real", "practice", "demonstration"]
DAY_MS = 86_400_000
Signed = namedtuple("Signed", "kind purpose fields key_id protected payload signature data")
Kind = namedtuple("Kind", "name required optional")
Trust = namedtuple("Trust", "root keys snapshot key_set_bytes snapshot_bytes")
NO_TRUST = Trust(None, None, None, None, None)


# The types that §3 names; each is a question about a decoded value.
def whole(lowest, highest):
    return lambda value: type(value) is int and lowest <= value <= highest


def blob(size):
    return lambda value: isinstance(value, bytes) and len(value) == size


def one_of(highest):
    return whole(1, highest)


def row(*types):
    return lambda value: (isinstance(value, list) and len(value) == len(types)
                          and all(fits(item) for fits, item in zip(types, value)))


def array(of):
    return lambda value: isinstance(value, list) and all(of(item) for item in value)


def either(*types):
    return lambda value: any(fits(value) for fits in types)


def data(value):
    return isinstance(value, bytes)


def text(value):
    return isinstance(value, str)


def boolean(value):
    return isinstance(value, bool)


def rising(values):
    return all(before < after for before, after in pairwise(values))


count, index, size = whole(0, 2**32 - 1), whole(1, 2**32 - 1), whole(0, 2**63 - 1)
time, day = whole(-2**63, 2**63 - 1), whole(-2**31, 2**31 - 1)
id16, digest = blob(16), blob(32)


def field_map(value):
    return isinstance(value, dict) and all(type(key) is int for key in value)


def digests_by_part(value):
    return field_map(value) and all(count(key) and digest(item) for key, item in value.items())


def parts_by_number(value):
    return field_map(value) and all(count(key) and data(part) for key, part in value.items())


def kinds_passed(value):
    return array(one_of(4))(value) and rising(value)


def part_numbers(value):
    return array(count)(value) and len(value) > 0 and rising(value)


def endorsements(value):
    return array(data)(value) and len(value) > 0


def sorted_pieces(value):
    """Pieces of 16 bytes, sorted and without repetition (M13)."""
    if not isinstance(value, bytes):
        return False
    pieces = [value[start:start + 16] for start in range(0, len(value), 16)]
    return len(value) % 16 == 0 and rising(pieces)


EVIDENCE = array(row(digest, size))
ACTIVITY = Kind("activity", {1: id16, 2: id16, 3: day, 4: id16, 6: one_of(6)},
                {5: digest, 7: text, 8: day, 9: count, 10: day})
KINDS = {
    KEY_SET: Kind("key set", {2: count, 3: id16, 4: text, 5: text, 6: time,
                              7: array(row(digest, one_of(3), day, day, one_of(3)))}, {}),
    SCHEME: Kind("scheme", {2: text, 3: text, 4: text}, {}),
    DELEGATION: Kind("delegation", {2: digest, 3: id16, 4: text, 5: boolean, 6: day, 7: day,
                                    8: whole(0, 2**32 - 1)}, {9: whole(0, 2**16 - 1)}),
    CHAIN: Kind("chain entry", {2: index, 4: id16, 5: time, 6: one_of(5)},
                {3: digest, 7: digest, 8: text, 9: field_map, 10: row(index, digest), 12: digest, 13: part_numbers}),
    RECORD: Kind("record", {2: index, 4: id16, 5: time, 7: digest, 8: data, 9: one_of(4),
                            11: digests_by_part, 12: EVIDENCE, 13: text, 15: count, 16: one_of(5)},
                 {3: digest, 6: row(count, time), 10: id16, 14: id16, 17: row(digest, text),
                  18: endorsements}),
    TOKEN: Kind("token", {2: id16, 3: digest, 4: index, 5: text, 7: text, 8: text,
                          10: kinds_passed, 13: day},
                {6: either(whole(0, 2**16 - 1), text), 9: text, 11: one_of(4),
                 12: row(count, one_of(2)), 14: day, 15: row(count, day), 16: one_of(5), 17: day,
                 18: data, 19: text}),
    RECEIPT: Kind("receipt", {2: one_of(2), 3: digest, 4: EVIDENCE, 5: time, 6: index, 7: digest,
                              8: count}, {}),
    REFUSAL: Kind("refusal", {2: digest, 3: one_of(3), 4: time}, {}),
    BEACON: Kind("beacon", {2: count, 3: time}, {}),
    SNAPSHOT: Kind("snapshot", {2: count, 3: count, 4: time, 5: array(row(blob(8), one_of(3), day)),
                                6: array(either(row(blob(8), count), row(blob(8), count, one_of(2), day))),
                                7: array(row(blob(8), data))}, {}),
    ENDORSEMENT: Kind("endorsement", {2: one_of(2), 3: digest, 4: one_of(5), 5: time, 6: data}, {}),
    EPOCH: Kind("epoch", {2: count, 3: time, 4: count, 5: digest}, {})}
NUMBERS = {kind.name: number for number, kind in KINDS.items()}


def sha(bytes_):
    return sha256(bytes_).digest()


def key_id(key):
    return sha(key)[:8]


def open_signed(signed, *kinds):
    """Reads a signed thing of one of these kinds; its signature is not judged here."""
    require(len(signed) <= 1_048_576, "M12")
    envelope = decode(signed)
    require(isinstance(envelope, Tag) and envelope.number == 18
            and row(data, lambda value: value == {}, data, data)(envelope.value), "M7: envelope")
    protected, _, payload, signature = envelope.value
    require(len(protected) == 13 and protected[:5] == b"\xa2\x01\x27\x04\x48", "M7: protected")
    fields = decode(payload)
    require(field_map(fields), "M8")
    kind, purpose = fields.get(0), fields.get(1)
    require(one_of(12)(kind) and whole(0, 2)(purpose), "M9")
    require(kind in kinds, "another kind of thing")
    require(kind != TOKEN or len(signed) <= 500, "M18")
    refuse_negative(fields)
    inner = fields.get({CHAIN: 9, RECORD: 11}.get(kind))
    refuse_negative(inner if isinstance(inner, dict) else {})
    check_fields(fields, KINDS[kind])
    check_more(kind, fields)
    return Signed(kind, purpose, fields, protected[5:], protected, payload, signature, signed)


def refuse_negative(fields):
    if any(type(key) is int and key < 0 for key in fields):
        raise Unreadable("M6", newer=True)


def check_fields(fields, kind):
    for number, fits in kind.required.items():
        require(number in fields, f"M14: {kind.name} without field {number}")
        require(fits(fields[number]), f"M14: {kind.name} field {number}")
    for number, fits in kind.optional.items():
        require(number not in fields or fits(fields[number]), f"M14: {kind.name} field {number}")


def check_more(kind, fields):
    """What M13 and M14 ask beyond the types of the fields."""
    if kind in (CHAIN, RECORD):
        require((fields[2] == 1) == (3 not in fields), "M14: previous digest")
    if kind == CHAIN:
        needed = {1: (7,), 2: (8,), 3: (9,), 4: (10,), 5: (8, 12, 13)}[fields[6]]
        require(all(number in fields for number in needed), "M14: what the event needs")
        if fields[6] == 3:
            check_fields(fields[9], ACTIVITY)
            needed = {1: (7, 8), 3: (9,), 6: (7, 8)}.get(fields[9][6], ())
            require(all(number in fields[9] for number in needed), "M14: what the activity needs")
    if kind == TOKEN:
        require((18 in fields) != (19 in fields), "M14: on site or registered")
        require(18 in fields or not {15, 16, 17} & fields.keys(), "M14: registered")
        require(19 in fields or (16 in fields and 17 in fields), "M14: on site")
    if kind == SNAPSHOT:
        for number in (5, 6, 7):
            require(rising([item[0] for item in fields[number]]), f"M13: field {number}")
        require(all(sorted_pieces(item[1]) for item in fields[7]), "M13: pieces of field 7")


def signed_by(signed, key):
    """Whether the signature is this key's, under the id in the envelope (M7, M10, M11)."""
    return signed.key_id == key_id(key) and strict.holds(key, signed.signature, to_be_signed(signed))


def to_be_signed(signed):
    about = f"fieldproof/1/{KINDS[signed.kind].name}/{PURPOSES[signed.purpose]}".encode()
    return (head(4, 4) + text_string("Signature1") + byte_string(signed.protected)
            + byte_string(about) + byte_string(signed.payload))


def covers(own, other):
    return own == other or (own == 0 and other == 1)


def scheme_id(scheme):
    """The id in a scheme's document, or None."""
    def refuse(name):
        raise ValueError(f"{name} is not JSON")

    try:
        found = json.loads(scheme.fields[2], parse_constant=refuse)["id"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    held = isinstance(found, str) and re.fullmatch("[0-9A-Fa-f]{32}", found)
    return bytes.fromhex(found) if held else None


def read_trust(file):
    """A trust file: what of it is at hand is not None."""
    require(len(file) <= 4_194_304, "trust file: too long")
    value = decode(file)
    shape = row(text, count, digest, data, either(data, lambda item: item is None))
    require(shape(value) and value[:2] == ["fieldproof-trust", 1], "trust file: shape")
    root, key_set, snapshot = value[2:]
    keys = attempt(key_set, KEY_SET)
    keys = keys if keys and signed_by(keys, root) else None
    return Trust(root, keys, list_under(keys, snapshot), key_set, snapshot)


def attempt(signed, *kinds):
    try:
        return open_signed(signed, *kinds)
    except Unreadable:
        return None


def register_signed(keys, signed, on):
    """Whether a register key that is not compromised signed this on that day."""
    held = [key for key in keys.fields[7] if key[1] == REGISTER and key_id(key[0]) == signed.key_id]
    return (covers(keys.purpose, signed.purpose) and all(key[4] != COMPROMISED for key in held)
            and any(signed_by(signed, key[0]) and key[2] <= on <= key[3] for key in held))


def replaces(held, offered):
    """M22: whether the trust file offered may take the place of the one held."""
    try:
        old, new = read_trust(held), read_trust(offered)
    except Unreadable:
        return False
    if not (old.keys and new.keys and old.root == new.root and old.keys.purpose == new.keys.purpose
            and old.keys.fields[3] == new.keys.fields[3]):
        return False
    if old.keys.fields[2] >= new.keys.fields[2] and old.key_set_bytes != new.key_set_bytes:
        return False
    if old.snapshot_bytes == new.snapshot_bytes:
        return True
    # The list held counts only where the offered key set still believes it.
    held_list = list_under(new.keys, old.snapshot_bytes)
    if not held_list:
        return new.snapshot_bytes is None or new.snapshot is not None
    return bool(new.snapshot and number_of(held_list) < number_of(new.snapshot))


def number_of(snapshot):
    return snapshot.fields[2], snapshot.fields[3]


def list_under(keys, signed):
    """The snapshot in these bytes, if a register key of this key set signed it."""
    found = attempt(signed, SNAPSHOT) if keys and signed else None
    return found if found and register_signed(keys, found, found.fields[4] // DAY_MS) else None


def read_record_file(file):
    """The sealed record, the parts at hand, and what is attached."""
    require(len(file) <= 8_388_608, "record file: too long")
    value = decode(file)
    require(row(text, count, data, parts_by_number, array(data))(value)
            and value[:2] == ["fieldproof-record", 1], "record file: shape")
    return value[2], value[3], value[4]


def read_part(number, part):
    """The content of a part: its digest is not judged here, and of its content only M6."""
    pair = decode(part)
    require(row(id16, lambda content: True)(pair), "M15: form of a part")
    if number in range(1, 10):
        refuse_negative_inside(pair[1])
    return pair[1]


def refuse_negative_inside(value):
    """Of a part of version 1 every map is looked at."""
    if isinstance(value, dict):
        refuse_negative(value)
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
        refuse_negative_inside(item)


WIDTHS = [0, 3, 5, 8, 10, 13, 15, 17]  # digits of a block of 0 to 7 bytes


def from_digits(written):
    """The bytes of a link or of digits (M17, M19)."""
    digits = written.strip().rpartition("#")[2]
    require(re.fullmatch("0[0-9]+", digits), "M17: format")
    blocks = [digits[start:start + 17] for start in range(1, len(digits), 17)]
    sizes = [WIDTHS.index(len(block)) if len(block) in WIDTHS else None for block in blocks]
    require(None not in sizes, "M17: length")
    require(all(int(block) < 256**size for block, size in zip(blocks, sizes)), "M17: block")
    return b"".join(int(block).to_bytes(size, "big") for block, size in zip(blocks, sizes))


def to_digits(payload):
    blocks = [payload[start:start + 7] for start in range(0, len(payload), 7)]
    return "0" + "".join(f"{int.from_bytes(block, 'big'):0{WIDTHS[len(block)]}}" for block in blocks)


ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def short_code(certificate):
    first = int.from_bytes(sha(certificate)[:7], "big") >> 1
    values = [first >> shift & 31 for shift in range(50, -1, -5)]
    return written_code(values + [-code_sum(values) % 32])


def code_sum(values):
    doubled = [value * 2 if place % 2 == 0 else value for place, value in enumerate(reversed(values))]
    return sum(value // 32 + value % 32 for value in doubled)


def written_code(values):
    letters = "".join(ALPHABET[value] for value in values)
    return "-".join(letters[start:start + 4] for start in (0, 4, 8))


def read_short_code(written):
    """The code as it is written below a symbol."""
    letters = re.sub("[- ]", "", written.strip()).upper().translate(str.maketrans("OIL", "011"))
    require(len(letters) == 12 and all(letter in ALPHABET for letter in letters), "short code: digits")
    values = [ALPHABET.index(letter) for letter in letters]
    require((code_sum(values[:11]) + values[11]) % 32 == 0, "short code: check digit")
    return written_code(values)
