"""Independent tools against the running node and the published vectors: what it serves and what they
say must satisfy software that is not ours.

The binary is named by ENSIGN_BIN; `cargo xtask peers` builds it and installs the tools.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
import urllib.request
from pathlib import Path
from urllib.parse import urljoin

import icalendar

from emblems import TheEmblemVectors  # Its tests run with those below.
from witnesses import ALogAndItsWitnesses  # So do these.

BINARY = os.environ["ENSIGN_BIN"]
TOOL = Path(sys.executable).with_name("aics-tlog")
# A verifier key of a signed note: name, key hash, key.
VERIFIER_KEY = re.compile(r"[^\s\"'+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]+={0,2}")


class Node:
    """A node with the invented story of `ensign demo`, in a folder of its own."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="ensign-peers-")
        self.data = str(Path(self.folder.name) / "node")
        command = [BINARY, "demo", "--dir", self.data, "--listen", "127.0.0.1:0"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.address = None
        for line in self.process.stdout:
            if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                self.address = found[0]
                break

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=30)
        self.process.stdout.close()
        self.folder.cleanup()

    def read(self, url):
        with urllib.request.urlopen(urljoin(self.address, url), timeout=30) as answer:
            return answer.read().decode()

    def log_prefix(self):
        """Where the public log lies: the first checkpoint that the page about the log links to."""
        links = re.findall(r'href="([^"]*/checkpoint)"', self.read("/en/log"))
        return urljoin(self.address, links[0].removesuffix("checkpoint"))

    def log_key(self, origin):
        """The log's key as the trust anchors name it, not as the log serves it."""
        anchors = subprocess.run(
            [BINARY, "trust", "export", "--dir", self.data],
            check=True, capture_output=True, text=True,
        ).stdout
        keys = [key for key in VERIFIER_KEY.findall(anchors) if key.startswith(origin + "+")]
        return keys[0]


class ThePublicLog(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.node = Node()
        cls.addClassCleanup(cls.node.stop)
        if cls.node.address is None:
            raise AssertionError("`ensign demo` ended without printing its address")
        cls.prefix = cls.node.log_prefix()
        cls.checkpoint = cls.node.read(cls.prefix + "checkpoint")
        cls.origin, size = cls.checkpoint.splitlines()[:2]
        cls.size = int(size)
        cls.key = cls.node.log_key(cls.origin)

    def verify(self, task, *arguments):
        done = subprocess.run(
            [TOOL, task, "--tiles", self.prefix, "--origin", self.origin, "--log-key", self.key, *arguments],
            capture_output=True, text=True,
        )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def test_has_a_checkpoint_that_its_tiles_bear_out(self):
        answer = self.verify("verify-checkpoint")
        self.assertTrue(answer["log_ok"] and answer["tiles_ok"], answer)
        self.assertGreater(answer["size"], 1)

    def test_includes_its_first_middle_and_last_entry_as_served(self):
        for index in sorted({0, self.size // 2, self.size - 1}):
            with self.subTest(index=index), tempfile.NamedTemporaryFile() as entry:
                answer = self.verify("verify-inclusion", "--index", str(index), "--entry-out", entry.name)
                self.assertEqual(answer["index"], index)
                self.assertGreater(Path(entry.name).stat().st_size, 0)

    def test_is_refused_under_a_key_that_is_not_its_own(self):
        name, _, key = self.key.split("+", 2)
        wrong = f"{name}+00000000+{key}"
        done = subprocess.run(
            [TOOL, "verify-checkpoint", "--tiles", self.prefix, "--log-key", wrong],
            capture_output=True, text=True,
        )
        self.assertNotEqual(done.returncode, 0)


class TheCalendarOfDeadlines(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.node = Node()
        cls.addClassCleanup(cls.node.stop)
        if cls.node.address is None:
            raise AssertionError("`ensign demo` ended without printing its address")

    def test_has_the_moments_of_the_read_api(self):
        rows = json.loads(self.node.read("/api/v1/deadlines?state=all&limit=1000"))["deadlines"]
        told = {row["id"]: row["lapses"] for row in rows if row["lapses"]}
        for language in ("en", "ar"):
            with self.subTest(language=language):
                text = self.node.read(f"/{language}/deadlines.ics?state=all")
                calendar = icalendar.Calendar.from_ical(text)
                events = {}
                for event in calendar.walk("VEVENT"):
                    first = event.decoded("dtstart")
                    last = event.decoded("dtend") if "dtend" in event else first
                    self.assertEqual(first.utcoffset().total_seconds(), 0)
                    times = [int(first.timestamp()), int(last.timestamp())]
                    events[str(event["uid"])] = times
                self.assertGreater(len(events), 0)
                self.assertEqual(events, told)
                self.assertEqual(calendar.errors, [])


if __name__ == "__main__":
    run = unittest.main(verbosity=2, exit=False).result
    # A fault in the set-up counts no test, and is a failure all the same.
    faults = len(run.failures) + len(run.errors)
    skipped = len(run.skipped)
    passed = max(run.testsRun - faults - skipped, 0)
    print(f"{passed} passed, {faults} failed, {skipped} skipped")
    sys.exit(not run.wasSuccessful())
