"""Independent tools against the running node and the published vectors: what it serves and what they
say must satisfy software that is not ours.

The binary is named by ENSIGN_BIN; `cargo xtask peers` builds it and installs the tools.
"""

import json
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from urllib.parse import urljoin

import icalendar

from api import TheApi  # Its tests run with those below.
from emblems import TheEmblemVectors  # So do these.
from node import Node
from witnesses import ALogAndItsWitnesses  # So do these.

TOOL = Path(sys.executable).with_name("aics-tlog")


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
