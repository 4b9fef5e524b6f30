"""An independent witness and one of ours, asked by a node that serves its log."""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request
from hashlib import sha256
from pathlib import Path

BINARY = os.environ["ENSIGN_BIN"]
WITNESS = Path(sys.executable).with_name("aics-witness")
# How long anything may take that another process does, in seconds.
PATIENCE = 60


def ensign(*arguments):
    done = subprocess.run([BINARY, *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f"ensign {arguments}: {done.stderr}")
    return done.stdout


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class ALogAndItsWitnesses(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="ensign-witness-")
        cls.addClassCleanup(folder.cleanup)
        cls.root = Path(folder.name)
        for name in ("log", "watcher"):
            ensign("init", "--dir", str(cls.root / name), "--name", f"Office of the {name}",
                   "--origin", f"{name}.example.org", "--realm", "exercise/peers")
        cls.log = str(cls.root / "log")
        anchors = ensign("trust", "export", "--dir", cls.log)
        cls.key = re.search(r"^log (log\.example\.org\+\S+)", anchors, re.M)[1]
        cls.theirs = cls.start_theirs()
        cls.ours, lines = cls.start([BINARY, "witness", "run", "--dir", str(cls.root / "watcher"),
                                     "--listen", "127.0.0.1:0"], 2)
        cls.address, cls.our_key = lines[0].rstrip("/"), lines[1]
        ensign("witness", "add", cls.key, "--dir", str(cls.root / "watcher"))
        ensign("witness", "add", cls.their_key, cls.theirs, "--dir", cls.log)
        ensign("witness", "add", cls.our_key, cls.address, "--quorum", "2", "--dir", cls.log)
        _, lines = cls.start([BINARY, "serve", "--dir", cls.log, "--listen", "127.0.0.1:0"], 1)
        cls.served = lines[0]

    @classmethod
    def start(cls, command, count, environment=None):
        """A process, and so many lines that it prints first."""
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        def stop():
            process.terminate()
            process.wait(timeout=PATIENCE)
            process.stdout.close()
        cls.addClassCleanup(stop)
        return process, [process.stdout.readline().strip() for _ in range(count)]

    @classmethod
    def start_theirs(cls):
        config = cls.root / "aics" / "witness.json"
        config.parent.mkdir()
        port = free_port()
        environment = {**os.environ, "AICS_WITNESS_CONFIG": str(config)}
        made = subprocess.run([WITNESS, "init", "--name", "independent.example.org/w",
                               "--listen", f"127.0.0.1:{port}"],
                              capture_output=True, text=True, env=environment, check=True)
        cls.their_key = re.search(r"independent\.example\.org/w\+[0-9a-f]{8}\+\S+", made.stdout)[0]
        subprocess.run([WITNESS, "add-log", "--origin", "log.example.org", "--vkey", cls.key],
                       capture_output=True, env=environment, check=True)
        process = subprocess.Popen([WITNESS, "serve"], env=environment,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        def stop():
            process.terminate()
            process.wait(timeout=PATIENCE)
        cls.addClassCleanup(stop)
        return f"http://127.0.0.1:{port}"

    def status(self):
        return json.loads(ensign("witness", "status", "--json", "--dir", self.log))

    def witnessed(self):
        """How the witnesses stand, once nothing waits for them."""
        end = time.monotonic() + PATIENCE
        while (status := self.status())["news"]:
            self.assertLess(time.monotonic(), end, status)
            time.sleep(0.2)
        return status

    def read(self, url):
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
            return answer.read().decode()

    def test_both_cosign_and_an_idle_log_does_not_grow(self):
        status = self.witnessed()
        self.assertEqual([one["answer"] for one in status["asked"]], ["cosigned", "cosigned"])
        size = status["size"]
        time.sleep(4)
        self.assertEqual(self.status()["size"], size)
        ensign("party", "found", "--name", "River Clinic", "--type", "organisation", "--dir", self.log)
        later = self.witnessed()
        self.assertGreater(later["cosigned"], status["cosigned"])
        # Each round adds the record and its receipt, and nothing that has to be witnessed.
        self.assertEqual(later["size"], later["cosigned"] + 2)

    def test_both_witnesses_tell_the_same_tree_to_whoever_monitors_them(self):
        cosigned = self.witnessed()["cosigned"]
        name = sha256(b"log.example.org").hexdigest()
        notes = [self.read(f"{address}/{name}/checkpoint") for address in (self.theirs, self.address)]
        trees = [note.splitlines()[:3] for note in notes]
        self.assertEqual(trees[0], trees[1])
        self.assertGreaterEqual(int(trees[0][1]), cosigned)

    def test_what_is_no_request_is_declined(self):
        for body, status in ((b"", 400), (b"old 1\n", 400)):
            request = urllib.request.Request(self.address + "/add-checkpoint", data=body)
            with self.assertRaises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(request, timeout=PATIENCE)
            self.assertEqual(refused.exception.code, status)
            refused.exception.close()
