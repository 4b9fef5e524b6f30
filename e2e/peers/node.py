"""A node with the invented story of `ensign demo`."""

import os
import re
import subprocess
import tempfile
import urllib.request
from pathlib import Path
from urllib.parse import urljoin

BINARY = os.environ["ENSIGN_BIN"]
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
