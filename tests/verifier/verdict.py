"""The nine checks of SPEC §6, and the two answers they are composed to."""
import formats
from deterministic import Unreadable, without_key
from formats import (COMPROMISED, DAY_MS, DELEGATION, ENDORSEMENT, ISSUING, RECEIPT, RECORD, REGISTER, SCHEME,
                     TOKEN, covers, key_id, open_signed, sha, signed_by)

YES, NO, UNSURE = "yes", "no", "could_not_tell"
CHECKS = "signature issuer delegation content withdrawal term clock standing list".split()
IN_ORDER = "signature issuer delegation content withdrawal standing clock term list".split()
SOUND, UNCONFIRMED, AHEAD = 1, 2, 4
TWO_MINUTES = 120_000
RETIRED_END, COMPROMISED_END = 1, 2
ABSENT_PART = "a part is absent"
NOT_CHECKED = (UNSURE, "not checked")
KNOWN_PARTS = range(1, 10)


class Case:
    """One token or record, with all that is judged about it."""

    def __init__(self, doc, parts, attached, trust, today):
        self.doc, self.parts, self.trust, self.today = doc, parts, trust, today
        self.fields, self.snapshot = doc.fields, trust.snapshot
        self.is_record = doc.kind == RECORD
        self.registered = doc.kind == TOKEN and 19 in doc.fields
        self.day = doc.fields[5] // DAY_MS if self.is_record else doc.fields[13]
        self.given_bytes = None if self.registered else doc.fields[8 if self.is_record else 18]
        self.given, self.given_newer, self.given_broken = None, False, None
        if self.is_record and self.given_bytes == b"":
            self.given_bytes = next((item for item in attached if self.is_of_signer(item)), b"")
        self.given_later = self.given_bytes == b"" and self.is_record
        if not self.registered and not self.given_later:
            try:
                self.given = open_signed(self.given_bytes, DELEGATION)
            except Unreadable as broken:
                self.given_newer, self.given_broken = broken.newer, broken.rule
        self.clock = SOUND if self.registered else doc.fields[16]
        if self.is_record and any(self.received_before(item) for item in attached):
            self.clock = AHEAD

    def is_of_signer(self, item):
        given = formats.attempt(item, DELEGATION)
        return bool(given and key_id(given.fields[2]) == self.doc.key_id)

    def received_before(self, item):
        receipt = formats.attempt(item, RECEIPT)
        return bool(receipt and self.trust.keys and receipt.fields[3] == sha(self.doc.data)
                    and working_key(self.trust, receipt, REGISTER, receipt.fields[5] // DAY_MS)[0] == YES
                    and receipt.fields[5] < self.fields[5] - TWO_MINUTES)

    def row_of_delegation(self):
        rows = self.snapshot.fields[6] if self.snapshot and self.given else []
        return next((row for row in rows if row[0] == sha(self.given_bytes)[:8]), [])

    def registered_by_list(self):
        row = self.row_of_delegation()
        return bool(row) and self.doc.kind == TOKEN and row[1] >= self.fields[4]


def let_stand(snapshot, signed):
    """Whether what a compromised key signed stands: None when no row tells."""
    for row_key, pieces in snapshot.fields[7] if snapshot else []:
        if row_key == signed.key_id:
            short = sha(signed.payload)[:16]
            return short in [pieces[start:start + 16] for start in range(0, len(pieces), 16)]
    return None


def held_keys(trust, signed, role):
    keys = trust.keys.fields[7] if trust.keys else []
    return [key for key in keys if key[1] == role and key_id(key[0]) == signed.key_id]


def working_key(trust, signed, role, day):
    """Whether a working key of this role signed it on that day; a scheme has no day."""
    if not trust.keys:
        return UNSURE, "no key set at hand"
    held = held_keys(trust, signed, role)
    if not held:
        return UNSURE, "the key set lacks the key"
    if not covers(trust.keys.purpose, signed.purpose):
        return NO, "the key set does not cover the purpose"
    if not any(signed_by(signed, key[0]) for key in held):
        return NO, "not that key's signature"
    if day is not None and not any(key[2] <= day <= key[3] for key in held):
        return UNSURE, "outside the days of the key"
    if any(key[4] == COMPROMISED for key in held) and not let_stand(trust.snapshot, signed):
        return UNSURE, "the key is compromised"
    return YES, "a working key signed it"


def check_signature(case, _):
    if case.registered:
        held = held_keys(case.trust, case.doc, REGISTER)
        if not held:
            return NOT_CHECKED
        signed = any(signed_by(case.doc, key[0]) for key in held)
        return (YES, "the register's signature") if signed else (NO, "not the register key's signature")
    if case.given_newer or case.given_later:
        return NOT_CHECKED
    if case.given is None:
        return NO, f"the delegation inside cannot be read: {case.given_broken}"
    signed = signed_by(case.doc, case.given.fields[2])
    return (YES, "the assessor key's signature") if signed else (NO, "not the assessor key's signature")


def check_issuer(case, _):
    if case.registered:
        return working_key(case.trust, case.doc, REGISTER, case.day)
    if case.given is None:
        return UNSURE, "the delegation inside cannot be read"
    if case.given.purpose != case.doc.purpose:
        return NO, "the delegation has another purpose"
    return working_key(case.trust, case.given, ISSUING, case.given.fields[6])


def check_delegation(case, so_far):
    if so_far["issuer"][0] != YES:
        return NOT_CHECKED
    if case.registered:
        return YES, "registered"
    if case.row_of_delegation()[2:3] == [COMPROMISED_END] and not let_stand(case.snapshot, case.doc):
        return UNSURE, "the assessor key is compromised"
    given = case.given.fields
    if not given[8] & 1 or (not case.is_record and not given[5]):
        return NO, "the delegation does not allow it"
    if not given[6] <= case.day <= given[7]:
        return (NO if case.clock == SOUND else UNSURE), "outside the days of the delegation"
    return YES, "the delegation allows it"


def check_content(case, _):
    if not case.is_record:
        return YES, "a token has no parts"
    newer, contents = False, {}
    for number, part in case.parts.items():
        if case.fields[11].get(number) != sha(part):
            return NO, f"M15: part {number} is not the record's"
    for number, part in case.parts.items():
        try:
            contents[number] = formats.read_part(number, part)
        except Unreadable as broken:
            newer = newer or broken.newer
            if not broken.newer:
                return NO, f"M15: part {number}: {broken.rule}"
    if newer:
        return UNSURE, "M6: a part of a later version"
    if case.trust.keys and case.given:
        answers = {name: check_endorsement(case, item) for name, item in enumerate(case.fields.get(18, []))}
        answer = first_of(answers, list(answers))
        if answer:
            return answer
        if 7 in contents:
            answer = check_scheme(case, contents[7])
            if answer[0] != YES:
                return answer
    if any(number in case.fields[11] and number not in case.parts for number in KNOWN_PARTS):
        return UNSURE, ABSENT_PART
    return YES, "everything inside is what was signed"


def check_endorsement(case, item):
    try:
        found = open_signed(item, ENDORSEMENT)
        given = open_signed(found.fields[6], DELEGATION)
    except Unreadable as broken:
        return (UNSURE if broken.newer else NO), f"an endorsement cannot be read: {broken.rule}"
    over, over_digest, role, at = (found.fields[number] for number in range(2, 6))
    body = sha(without_key(case.doc.payload, 18))
    if over != 2 or over_digest != body:
        return NO, "an endorsement is not over this body"
    if found.purpose != case.doc.purpose or given.purpose != case.doc.purpose:
        return NO, "an endorsement has another purpose"
    if given.fields[2] == case.given.fields[2]:
        return NO, "an endorsement is by the record's own key"
    if not signed_by(found, given.fields[2]):
        return NO, "an endorsement is not signed by its delegation's key"
    answer, why = working_key(case.trust, given, ISSUING, given.fields[6])
    if answer != YES:
        return answer, f"an endorsement's delegation: {why}"
    if given.fields[3] != case.given.fields[3] or not given.fields[8] & 1 << role - 1:
        return NO, "an endorsement's delegation is for another scheme or role"
    if not given.fields[6] <= at // DAY_MS <= given.fields[7]:
        return NO, "an endorsement is outside the days of its delegation"
    return YES, "the endorsement holds"


def check_scheme(case, content):
    if not isinstance(content, bytes) or sha(content) != case.fields[7]:
        return NO, "M16: not the record's scheme"
    try:
        scheme = open_signed(content, SCHEME)
    except Unreadable as broken:
        return (UNSURE if broken.newer else NO), f"M16: the scheme cannot be read: {broken.rule}"
    if formats.scheme_id(scheme) != case.given.fields[3]:
        return NO, "M16: not the delegation's scheme"
    if not covers(scheme.purpose, case.doc.purpose):
        return NO, "M16: the scheme does not cover the purpose"
    answer, why = working_key(case.trust, scheme, ISSUING, None)
    return answer, f"M16: the scheme: {why}"


def check_withdrawal(case, _):
    certificate = case.fields.get(10 if case.is_record else 2)
    listed = [row[0] for row in case.snapshot.fields[5]] if case.snapshot else []
    if certificate and sha(certificate)[:8] in listed:
        return NO, "withdrawn"
    if not case.snapshot:
        return UNSURE, "no snapshot at hand"
    return YES, f"not withdrawn as of day {case.snapshot.fields[4] // DAY_MS}"


def check_clock(case, _):
    if case.registered or case.clock == SOUND:
        return YES, "sound, or registered"
    if case.clock == UNCONFIRMED and case.registered_by_list():
        return YES, "registered by the list"
    return UNSURE, f"the clock was graded {case.clock}"


def check_term(case, so_far):
    if case.today < case.day:
        return UNSURE, "today is before its day"
    if not case.is_record and case.today > case.fields.get(14, case.today):
        return (NO if so_far["clock"][0] == YES else UNSURE), "after its last day"
    return YES, "its days are running"


def check_standing(case, so_far):
    signed, role = (case.doc, REGISTER) if case.registered else (case.given, ISSUING)
    if signed and any(key[4] == COMPROMISED for key in held_keys(case.trust, signed, role)):
        if let_stand(case.snapshot, signed) is False:
            return NO, "the key is compromised, and this is not listed"
    if so_far["delegation"][1] == "the assessor key is compromised":
        return NO, "the assessor key is compromised, and this is not listed"
    if case.is_record:
        return UNSURE, "a record says what was seen, its certificate what holds"
    if case.registered:
        return YES, "registered"
    if case.registered_by_list():
        return YES, "registered by the list"
    if case.row_of_delegation()[2:3] == [RETIRED_END]:
        return UNSURE, "the delegation has ended and this is not registered by the list"
    if case.today > case.fields[17]:
        return UNSURE, "after the confirm-by day"
    return YES, "to be confirmed"


def check_list(case, _):
    if not case.snapshot:
        return UNSURE, "no snapshot at hand"
    as_of = case.snapshot.fields[4] // DAY_MS
    if as_of < case.day:
        return UNSURE, "the snapshot is older than this"
    if as_of > case.today:
        return UNSURE, "the snapshot is of a day to come"
    return YES, f"{case.today - as_of} days old"


def run_checks(case):
    """The nine checks in the order in which they rest on one another."""
    found = {}
    for name, check in [("signature", check_signature), ("issuer", check_issuer),
                        ("delegation", check_delegation), ("content", check_content),
                        ("withdrawal", check_withdrawal), ("clock", check_clock), ("term", check_term),
                        ("standing", check_standing), ("list", check_list)]:
        found[name] = check(case, found)
    return {name: found[name] for name in CHECKS}


def compose(checks, purpose):
    """Genuine and in force, each with its reason, and whether the verdict is green."""
    mind = {name: answer for name, answer in checks.items() if answer != (UNSURE, ABSENT_PART)}
    genuine = first_of(mind, IN_ORDER[:4]) or (YES, "every check at hand was made and held")
    force = first_of({"genuine": genuine, **checks}, ["genuine"] + IN_ORDER[4:]) or checks["list"]
    every = [answer for answer, _ in checks.values()] + [genuine[0], force[0]]
    return genuine, force, purpose == 0 and set(every) == {YES}


def first_of(checks, names):
    """The first "no" of these checks, otherwise the first that could not tell."""
    for wanted in (NO, UNSURE):
        for name in names:
            if name in checks and checks[name][0] == wanted:
                return checks[name]
    return None


def read_document(data):
    """The token or record, its parts, what is attached, and the bytes a flip may change."""
    if data[:1] == b"\x85":
        sealed, parts, attached = formats.read_record_file(data)
        return open_signed(sealed, RECORD), parts, attached
    if data[:1] == b"\xd2":
        return open_signed(data, RECORD, TOKEN), {}, []
    try:
        written = data.decode()
    except UnicodeDecodeError:
        raise Unreadable("neither file nor link") from None
    return open_signed(formats.from_digits(written), TOKEN), {}, []


def judge(data, trust, today):
    """Everything there is to say about a file, as plain values."""
    try:
        doc, parts, attached = read_document(data)
    except Unreadable as broken:
        what = "needs newer" if broken.newer else "unreadable"
        return {"what": what, "purpose": None, "genuine": UNSURE, "genuine_because": broken.rule,
                "in_force": UNSURE, "in_force_because": broken.rule, "green": False,
                "checks": {name: {"answer": UNSURE, "because": broken.rule} for name in CHECKS},
                "absent_parts": [], "facts": {}}
    checks = run_checks(Case(doc, parts, attached, trust, today))
    genuine, force, green = compose(checks, doc.purpose)
    held = doc.fields[11] if doc.kind == RECORD else {}
    return {"what": formats.KINDS[doc.kind].name, "purpose": formats.PURPOSES[doc.purpose],
            "genuine": genuine[0], "genuine_because": genuine[1], "in_force": force[0],
            "in_force_because": force[1], "green": green,
            "checks": {name: {"answer": answer, "because": why} for name, (answer, why) in checks.items()},
            "absent_parts": sorted(set(held) - set(parts)), "facts": facts(doc)}


FACTS = {RECORD: {10: "certificate", 2: "chain_index", 5: "sealed_at_ms", 9: "outcome"},
         TOKEN: {2: "certificate", 5: "holder", 7: "title", 8: "version", 13: "issue_day", 14: "last_day"}}


def facts(doc):
    found = {name: doc.fields[number] for number, name in FACTS[doc.kind].items() if number in doc.fields}
    if "certificate" in found:
        found["short_code"] = formats.short_code(found["certificate"])
    return found
