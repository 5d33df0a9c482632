"""M11: the strict rule for Ed25519, every condition of it written out."""
from functools import lru_cache
from hashlib import sha512

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT = pow(2, (P - 1) // 4, P)
NEUTRAL = (0, 1, 1, 0)


@lru_cache(maxsize=4096)
def holds(key, signature, message):
    """Whether these 64 bytes are the key's signature of the message."""
    if len(key) != 32 or len(signature) != 64:
        return False
    a, r = point(key), point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or small_order(a) or small_order(r) or s >= ORDER:
        return False
    # The library is laxer or equal; what it refuses need not be computed slowly.
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    k = int.from_bytes(sha512(signature[:32] + key + message).digest(), "little") % ORDER
    return same(multiply(s, BASE), add(r, multiply(k, a)))  # without the cofactor


def point(encoded):
    """The point of a canonical encoding, or None."""
    number = int.from_bytes(encoded, "little")
    y, odd = number % 2**255, number >> 255
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and odd):
        return None
    x = P - x if x % 2 != odd else x
    return x, y, 1, x * y % P


def add(one, other):
    """The sum of two points in extended coordinates; complete, so it doubles too."""
    (x1, y1, z1, t1), (x2, y2, z2, t2) = one, other
    a, b = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    c, d = 2 * D * t1 * t2 % P, 2 * z1 * z2 % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply(number, of):
    total = NEUTRAL
    for bit in f"{number:b}":
        total = add(total, total)
        if bit == "1":
            total = add(total, of)
    return total


def same(one, other):
    (x1, y1, z1, _), (x2, y2, z2, _) = one, other
    return (x1 * z2 - x2 * z1) % P == 0 and (y1 * z2 - y2 * z1) % P == 0


def small_order(of):
    return same(multiply(8, of), NEUTRAL)


BASE = point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
