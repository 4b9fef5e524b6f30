"""An independent COSE library against the project's own emblem vectors: keys, their ids, signatures."""

import base64
import hashlib
import json
import unittest
from pathlib import Path

import cbor2
import cwt

VECTORS = Path(__file__).parents[2] / "testdata" / "vectors" / "emblem-cwt.json"
# COSE: labels of a key and of a header, and the tags of a token.
KTY, KEY_ID, CRV, X, Y = 1, 2, -1, -2, -3
HEADER_KEY_ID = 4
SIGN1, CWT = 18, 61


def thumbprint(key):
    """RFC 9679: SHA-256 over the deterministic encoding of what makes up the public key."""
    members = {label: key[label] for label in (KTY, CRV, X, Y) if label in key}
    return hashlib.sha256(cbor2.dumps(members, canonical=True)).digest()


class TheEmblemVectors(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.algorithms = json.loads(VECTORS.read_text())["algorithms"]

    def keys(self, algorithm):
        """The keys of an algorithm by their ids, which are computed here."""
        keys = {}
        for key in algorithm["keys"]:
            members = cbor2.loads(bytes.fromhex(key["cose_key"]))
            kid = thumbprint(members)
            keys[kid] = cwt.COSEKey.new(members | {KEY_ID: kid})
        return keys

    def test_name_keys_by_their_thumbprints(self):
        for algorithm in self.algorithms:
            for key in algorithm["keys"]:
                with self.subTest(algorithm=algorithm["algorithm"], role=key["role"]):
                    kid = thumbprint(cbor2.loads(bytes.fromhex(key["cose_key"])))
                    self.assertEqual(kid.hex(), key["kid_hex"])
                    text = base64.b32encode(kid).decode().lower().rstrip("=")
                    self.assertEqual(text, key["kid_text"])

    def test_are_signed_by_the_keys_that_they_name_and_only_those_that_say_otherwise_are_not(self):
        checked = dict.fromkeys(["EdDSA", "ES256", "ES384", "ES512"], 0)
        for algorithm in self.algorithms:
            keys = self.keys(algorithm)
            for case in algorithm["cases"]:
                for at, token in enumerate(case["tokens"]):
                    with self.subTest(case=case["name"], token=at):
                        right = self.is_signed(bytes.fromhex(token), keys)
                        rule = case["rule"] if at == 0 else None
                        expected = {"emblem-signature": False, "emblem-key-missing": None}
                        self.assertEqual(right, expected.get(rule, True))
                        checked[algorithm["algorithm"]] += right is not None
        self.assertTrue(all(count > 20 for count in checked.values()), checked)

    def is_signed(self, token, keys):
        """Whether the key that a token names signed it; nothing where that key is not there."""
        sign1 = cbor2.loads(token)
        if sign1.tag == CWT:
            sign1 = sign1.value
        self.assertEqual(sign1.tag, SIGN1)
        key = keys.get(cbor2.loads(sign1.value[0])[HEADER_KEY_ID])
        if key is None:
            return None
        try:
            cwt.COSE.new().decode(cbor2.dumps(sign1), key)
        except cwt.VerifyError:
            return False
        return True
