"""An independent reader of OpenAPI, which asks the node all that its description allows, and more: no answer
may be a failure or one that the description does not know."""

import base64
import hashlib
import hmac
import json
import os
import re
import struct
import subprocess
import sys
import time
import unittest
import urllib.parse
import urllib.request
from pathlib import Path

from node import BINARY, Node

TOOL = Path(sys.executable).with_name("schemathesis")
# The same cases in every run.
SEED = "20260906"
# Cases that are made for each address, beside those of its examples.
CASES = "25"
# What must hold of every answer.
CHECKS = ("not_a_server_error,status_code_conformance,content_type_conformance,"
          "response_headers_conformance,response_schema_conformance,unsupported_method")
ROLES = ("administrator", "auditor", "guardian", "registrar", "submitter")
SCOPES = ("account.read", "audit.read", "request.read", "statement.submit")


def one_time_code(secret):
    """What an authenticator app shows now (RFC 6238)."""
    step = struct.pack(">Q", int(time.time()) // 30)
    mac = hmac.digest(base64.b32decode(secret), step, hashlib.sha1)
    at = mac[19] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 1_000_000:06}"


class Browser:
    """Somebody who sends forms."""

    def __init__(self, address):
        self.address, self.cookie = address, ""

    def send(self, place, fields=None):
        body = None if fields is None else urllib.parse.urlencode(fields).encode()
        request = urllib.request.Request(self.address + place, body)
        request.add_header("Origin", self.address)
        request.add_header("Cookie", self.cookie)
        with urllib.request.urlopen(request, timeout=30) as answer:
            if given := answer.headers["Set-Cookie"]:
                self.cookie = given.split(";")[0]
            return answer.read().decode()


def token_of_everybody(address, folder):
    """A token of somebody who has all roles, for all that a token can be for."""
    command = [BINARY, "account", "open", "Everybody", "--json", "--dir", folder]
    for role in ROLES:
        command += ["--role", role]
    opened = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    browser = Browser(address)
    code = opened["code"]
    page = browser.send("/en/enrol", {"code": code, "login": "everybody", "password": "three rivers meet here"})
    secret = re.search(r">([A-Z2-7]{32})<", page)[1]
    browser.send("/en/enrol", {"code": code, "one_time": one_time_code(secret)})
    page = browser.send("/en/account")
    fields = [("form_token", re.search(r'name="form_token" value="([0-9a-f]+)"', page)[1]), ("days", "1")]
    page = browser.send("/en/account/tokens", fields + [("scope", scope) for scope in SCOPES])
    return re.search(r"ensign_[\w-]+", page)[0]


class TheApi(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.node = Node()
        cls.addClassCleanup(cls.node.stop)
        cls.token = token_of_everybody(cls.node.address, cls.node.data)

    def ask_all(self, *more):
        done = subprocess.run(
            [TOOL, "--no-color", "run", self.node.address + "/api/v1/openapi.json", "--seed", SEED,
             "--generation-deterministic", "--max-examples", CASES, "--checks", CHECKS,
             "--phases", "examples,coverage,fuzzing",
             "--warnings", "off", "--request-timeout", "30", *more],
            capture_output=True, text=True, cwd=self.node.folder.name,
            env={**os.environ, "SCHEMATHESIS_HOOKS": "bytes_of_cbor", "PYTHONPATH": str(Path(__file__).parent)},
        )
        self.assertEqual(done.returncode, 0, done.stdout[-6000:] + done.stderr[-2000:])
        self.assertRegex(done.stdout, r"\d+ generated|\d+ passed|No issues found")

    def test_answers_a_stranger_as_it_says(self):
        self.ask_all()

    def test_answers_somebody_who_may_everything_as_it_says(self):
        self.ask_all("--header", f"Authorization: Bearer {self.token}")
