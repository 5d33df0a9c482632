"""CBOR as SPEC §1 allows it: M1 to M4 hold, or nothing is read."""
from collections import namedtuple

DEEPEST = 12
FALSE, TRUE, NULL, FIRST_FLOAT = 20, 21, 22, 25
Tag = namedtuple("Tag", "number value")
Simple = namedtuple("Simple", "number")


class Unreadable(Exception):
    """Bytes that break the sentence named; `newer` where a later version could read them (M6)."""

    def __init__(self, rule, newer=False):
        super().__init__(rule)
        self.rule, self.newer = rule, newer


def require(held, rule):
    if not held:
        raise Unreadable(rule)


def decode(data):
    value, end = _item(data, 0, 0)
    require(end == len(data), "M4: bytes after the value")
    return value


def without_key(data, unwanted):
    """The map in `data`, whose keys are integers, encoded again without one of them."""
    _, _, count, at = _head(data, 0)
    kept = []
    for _ in range(count):
        start = at
        key, at = _item(data, at, 1)
        _, at = _item(data, at, 1)
        if key != unwanted:
            kept.append(data[start:at])
    return head(5, len(kept)) + b"".join(kept)


def head(major, number):
    """The shortest beginning of an item (M1)."""
    if number < 24:
        return bytes([major << 5 | number])
    exponent = next(e for e in range(4) if number < 1 << (8 << e))
    return bytes([major << 5 | 24 + exponent]) + number.to_bytes(1 << exponent, "big")


def byte_string(data):
    return head(2, len(data)) + data


def text_string(text):
    data = text.encode()
    return head(3, len(data)) + data


def _head(data, at):
    """Major type, the five low bits, the number they lead to, and where the item goes on."""
    require(at < len(data), "M1: the bytes end too early")
    major, low = data[at] >> 5, data[at] & 31
    if low < 24:
        return major, low, low, at + 1
    require(low < 28, "M1: indefinite or reserved length")
    end = at + 1 + (1 << (low - 24))
    require(end <= len(data), "M1: the bytes end too early")
    number = int.from_bytes(data[at + 1:end], "big")
    if major != 7:
        require(number >= (24, 1 << 8, 1 << 16, 1 << 32)[low - 24], "M1: not the shortest form")
    return major, low, number, end


def _item(data, at, depth):
    major, low, number, at = _head(data, at)
    if major < 2:
        return (number if major == 0 else -1 - number), at
    if major < 4:
        end = at + number
        require(end <= len(data), "M1: the bytes end too early")
        return (data[at:end] if major == 2 else _text(data[at:end])), end
    if major == 7:
        return _simple(low, number), at
    require(depth < DEEPEST, "M4: nested too deeply")
    if major == 4:
        items = []
        for _ in range(number):
            item, at = _item(data, at, depth + 1)
            items.append(item)
        return items, at
    if major == 5:
        return _map(data, at, number, depth + 1)
    require(number not in (2, 3), "M3: a large number")
    value, at = _item(data, at, depth + 1)
    return Tag(number, value), at


def _text(data):
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Unreadable("M1: text that is not UTF-8") from None


def _simple(low, number):
    require(low < FIRST_FLOAT, "M3: floating point")
    require(low < 24 or number >= 32, "M1: not the shortest form")
    require(number in (FALSE, TRUE, NULL), "M3: a simple value")
    return {FALSE: False, TRUE: True, NULL: None}[number]


def _map(data, at, count, depth):
    found, last = {}, b""
    for _ in range(count):
        start = at
        key, at = _item(data, at, depth)
        encoded = data[start:at]
        require(not isinstance(key, (list, dict, Tag)), "M2: kind of key")
        require(encoded > last, "M2: order of keys")
        # For Python, True and 1 are the same key.
        key, last = Simple(int(key)) if isinstance(key, bool) else key, encoded
        found[key], at = _item(data, at, depth)
    return found, at
