"""Clients that are not ours talk to a register: http-message-signatures signs, tuspy uploads.

What is signed, how it is written and how an upload goes on is those libraries' own work. They are told which of the
fields of RFC 9421 our profile has, and nothing of how.
"""

import argparse
import collections
import hashlib
import io
import pathlib
import subprocess
import sys
import tempfile

import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from http_message_signatures import HTTPMessageSigner, algorithms
from http_message_signatures.resolvers import MappingKeyResolver
from http_message_signatures.structures import PreparedSignature
from http_sf.compat import Item
from tusclient import client as tus
from tusclient.exceptions import TusCommunicationError, TusUploadFailed

CHUNK = 256 << 10
LABEL = "fieldproof"
COMPONENTS = ["@method", "@target-uri", "content-digest"]

failures = []


def check(holds, what):
    """Says what was tried, and remembers what did not hold."""
    print(("ok      " if holds else "FAILED  ") + what)
    if not holds:
        failures.append(what)


class Register:
    """A register as a process of its own, killed rather than stopped."""

    def __init__(self, program, folder, evidence):
        command = [program, str(folder), str(evidence)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.address = self.process.stdout.readline().strip()
        self.seed = bytes.fromhex(self.process.stdout.readline().strip())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


class Laptop(requests.auth.AuthBase):
    """Signs every request with http-message-signatures, over the nonce of the answer before."""

    def __init__(self, register):
        self.key = Ed25519PrivateKey.from_private_bytes(register.seed)
        self.name = self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
        resolver = MappingKeyResolver(public_keys={}, private_keys={self.name: self.key})
        self.signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=resolver)
        self.address = register.address
        self.sent = []

    def nonce(self):
        """A nonce, as hello brings it."""
        return requests.get(self.address + "/v0/hello", timeout=10).headers["fieldproof-nonce"]

    def sign(self, request, parameters, components=COMPONENTS, label=LABEL):
        """Signs a request, with these parameters in this order."""
        body = request.body or b""
        self.signer.content_digest_class.prepare(request.headers, body, use_existing_digest=False)
        base, shown, _ = self.signer._build_signature_base(
            request,
            covered_component_ids=[Item(name) for name in components],
            signature_params=collections.OrderedDict(parameters),
        )
        prepared = PreparedSignature(base.encode(), str(shown), label, algorithms.ED25519.algorithm_id)
        signature = algorithms.ED25519(private_key=self.key).sign(prepared.signature_base)
        self.signer.apply(request, prepared, signature)
        return request

    def __call__(self, request):
        self.sent.append((request.method, len(request.body or b"")))
        return self.sign(request, [("nonce", self.nonce()), ("keyid", self.name), ("alg", "ed25519")])


def fault(answer):
    """The code of a fault, and the problem of the signature where it names one."""
    body = answer.content
    if body[1:3] != b"\x00\x06":
        return None
    return tuple(body[index] for index in range(4, len(body), 2))


def signatures(laptop, record):
    """One form is taken; every other one that the library can write is refused."""

    def send(change=None, **keywords):
        request = requests.Request("POST", laptop.address + "/v0/records", data=record).prepare()
        parameters = [("nonce", laptop.nonce()), ("keyid", laptop.name), ("alg", "ed25519")]
        laptop.sign(request, change(parameters) if change else parameters, **keywords)
        return requests.Session().send(request, timeout=10), request

    answer, request = send()
    check(answer.status_code == 200 and fault(answer) is None, "a record signed in our profile is taken")
    again = requests.Session().send(request, timeout=10)
    check(again.status_code == 401 and fault(again) == (9,), "the same request a second time is not")
    refused = [
        ("with a time", 5, lambda p: [("created", 1618884473)] + p, {}),
        ("without a nonce", 6, lambda p: p[1:], {}),
        ("in another order", 7, lambda p: [p[1], p[0], p[2]], {}),
        ("with a tag", 7, lambda p: p + [("tag", "x")], {}),
        ("under another label", 3, None, {"label": "pyhms"}),
        ("of more components", 4, None, {"components": COMPONENTS + ["@authority"]}),
        ("of fewer components", 4, None, {"components": COMPONENTS[:2]}),
    ]
    for name, problem, change, keywords in refused:
        answer, _ = send(change, **keywords)
        check(answer.status_code == 401 and fault(answer) == (8, problem), f"a signature {name} is refused as such")
    request = requests.Request("POST", laptop.address + "/v0/records", data=record).prepare()
    laptop.signer.sign(
        request, key_id=laptop.name, nonce=laptop.nonce(), label=LABEL, covered_component_ids=COMPONENTS, body=record
    )
    answer = requests.Session().send(request, timeout=10)
    check(answer.status_code == 401 and fault(answer) == (8, 5), "what the library signs by itself names a time")


def upload(program, folder, evidence):
    """tuspy begins, is interrupted by a register that is killed, and goes on where that one stood."""
    content = evidence.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    kept = folder / "evidence" / digest
    options = {"chunk_size": CHUNK, "metadata": {"digest": digest}}
    with Register(program, folder, evidence) as register:
        laptop = Laptop(register)
        with signing(laptop):
            uploader = tus.TusClient(register.address + "/v0/uploads").uploader(str(evidence), **options)
            uploader.upload(stop_at=2 * CHUNK)
        check(uploader.url.endswith(f"/v0/uploads/{digest}"), "an upload is named by its digest")
        check(uploader.offset == 2 * CHUNK and not kept.exists(), "two chunks are there, and no evidence yet")
        path = uploader.url.removeprefix(register.address)
    with Register(program, folder, evidence) as register:
        laptop = Laptop(register)
        with signing(laptop):
            resumed = tus.TusClient(register.address).uploader(str(evidence), url=register.address + path, **options)
            check(resumed.offset == 2 * CHUNK, "after the register was killed the upload stands where it stood")
            resumed.upload()
            sent = sum(size for method, size in laptop.sent if method == "PATCH")
            check(sent == len(content) - 2 * CHUNK, "nothing is sent twice")
            check(resumed.get_offset() == len(content), "and it is whole")
        check(kept.read_bytes() == content, "the register has the evidence, byte for byte")
        wrong = tus.TusClient(register.address + "/v0/uploads")
        refused(lambda: wrong.uploader(str(evidence), **options).upload(), 401, "an upload that is not signed is refused")
        with signing(laptop):
            other = io.BytesIO(b"what no record names")
            named = {"metadata": {"digest": hashlib.sha256(other.getvalue()).hexdigest()}}
            refused(lambda: wrong.uploader(file_stream=other, **named).upload(), 409, "what no record names is refused")


def refused(work, status, what):
    """Whether work ends with this HTTP status."""
    try:
        work()
    except (TusCommunicationError, TusUploadFailed) as error:
        check(error.status_code == status, what)
    else:
        check(False, what)


class signing:
    """Has every request of `requests` signed, tuspy's among them, which it sends without a session of its own."""

    def __init__(self, laptop):
        self.laptop = laptop

    def __enter__(self):
        self.before = requests.Session.send
        before, laptop = self.before, self.laptop

        def send(session, request, **keywords):
            is_hello = request.url.endswith("/v0/hello")
            return before(session, request if is_hello else laptop(request), **keywords)

        requests.Session.send = send

    def __exit__(self, *_):
        requests.Session.send = self.before


def main():
    """Runs everything; ends with 1 when something did not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--register", required=True, help="the program that answers")
    program = parser.parse_args().register
    with tempfile.TemporaryDirectory() as place:
        evidence = pathlib.Path(place) / "photo.bin"
        evidence.write_bytes(bytes(n * 7 % 251 for n in range(4 * CHUNK + 77)))
        folder = pathlib.Path(place) / "register"
        upload(program, folder, evidence)
        with Register(program, folder, evidence) as register:
            signatures(Laptop(register), (folder / "record.cbor").read_bytes())
    print(f"{len(failures)} did not hold" if failures else "everything held")
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
