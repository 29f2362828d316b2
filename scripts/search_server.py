"""Real Elasticsearch servers for tests: fetched from the Maven repository, started on this machine, stopped again.

    python scripts/search_server.py --line 8 -- python -m pytest tests/search
    python scripts/search_server.py --line 9 --nodes 2 -- …      (the first may become master, the others hold data)

The command sees the servers in ELASTICSEARCH_URL; whatever becomes of it, nothing is left running. Needs Maven and a
JDK (Debian: maven default-jdk-headless). Line 9 wants Java 21, which Debian 12 does not package and whose runtimes in
Python packages lack modules it needs: there it runs only where another JDK stands in /usr/lib/jvm or JAVA_HOME, and
`--if-possible` leaves the command out elsewhere. The archive is the bare server: what works on it needs no module.
Everything is fetched once into SEARCH_SERVER_DIR (a folder of this name in the temporary directory) and checked
against its SHA-256. Servers listen on 127.0.0.1 only and run as an unprivileged user even if this runs as root.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

BASE = Path(os.environ.get("SEARCH_SERVER_DIR", Path(tempfile.gettempdir()) / "search-server"))
MAVEN_COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy"
ARTIFACT = "org.elasticsearch.distribution.integ-test-zip:elasticsearch"
PATIENCE = 180  # seconds a server may take to start; slow machines need some 30
# Of the options servers come with: another collector, no logs of it, small heaps that are not touched beforehand, and
# a module in the making (it only makes vectors fast).
DROPPED = re.compile(r"incubator|UseG1GC|G1ReservePercent|InitiatingHeapOccupancy|Xlog:gc|HeapDump|ErrorFile|^-Xm[sx]")


@dataclass(frozen=True)
class Line:
    """A release: its version, the digest of its archive, the oldest Java it runs on."""

    version: str
    sha256: str
    java: int


LINES = {
    "8": Line("8.19.13", "8a183e7d39512b563746d21dc1d85271d3987412d56a05eb74aa54e231a70505", 17),
    "9": Line("9.4.3", "adde840e7013d25cf04203377abf77ad66573bc5db381e5b865c18ef5d683bc5", 21),
}


def say(text: str) -> None:
    print(f"› {text}", file=sys.stderr, flush=True)


def java_version(home: Path) -> int:
    """The feature release of a Java home, 0 where there is none."""
    program = home / "bin" / "java"
    if not program.is_file():
        return 0
    told = subprocess.run([program, "-version"], capture_output=True, text=True).stderr
    found = re.search(r'version "(\d+)', told)
    return int(found[1]) if found else 0


def java_home(least: int) -> Path | None:
    """The oldest Java here that is new enough."""
    places = [Path(os.environ.get("JAVA_HOME", "/nowhere")), *Path("/usr/lib/jvm").glob("*")]
    found = sorted((version, place) for place in places if (version := java_version(place)) >= least)
    return found[0][1] if found else None


def fetched(line: Line) -> Path:
    """The unpacked server; the archive is fetched and checked if it is not there yet."""
    home = BASE / f"elasticsearch-{line.version}"
    if (home / ".complete").exists():
        return home
    BASE.mkdir(parents=True, exist_ok=True)
    BASE.chmod(0o755)
    with tempfile.TemporaryDirectory(dir=BASE) as scratch:
        say(f"取 Elasticsearch {line.version}")
        archive = Path(scratch) / f"elasticsearch-{line.version}.zip"
        subprocess.run(
            [
                "mvn",
                "-B",
                "-q",
                MAVEN_COPY,
                f"-Dartifact={ARTIFACT}:{line.version}:zip",
                f"-DoutputDirectory={scratch}",
            ],
            check=True,
            stdout=sys.stderr,
        )
        if hashlib.sha256(archive.read_bytes()).hexdigest() != line.sha256:
            sys.exit(f"✗ {archive.name} 的校验和不符，没有使用它。")
        shutil.rmtree(home, ignore_errors=True)
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(BASE)
    for path in home.rglob("*"):
        path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
    (home / ".complete").touch()
    return home


def free_ports(number: int) -> list[int]:
    """Ports nobody listens on now."""
    with_sockets = [socket.socket() for _ in range(number)]
    for one in with_sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in with_sockets]
    for one in with_sockets:
        one.close()
    return ports


def runs_as() -> str | None:
    """The user servers run as, None for this one; Elasticsearch refuses to be root."""
    return "nobody" if os.geteuid() == 0 else None


@dataclass
class Node:
    """One server: its folder with data, settings and logs, and its process while it runs."""

    home: Path
    java: Path
    folder: Path
    port: int
    settings: dict[str, object]
    heap: str
    process: subprocess.Popen | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def prepare(self) -> None:
        """Write the settings; data stays what it is."""
        for name in ("data", "logs", "tmp"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        shutil.copytree(self.home / "config", self.folder / "config")
        options = self.folder / "config" / "jvm.options"
        kept = [line for line in options.read_text().splitlines() if not DROPPED.search(line)]
        kept += [f"-Xms{self.heap}", f"-Xmx{self.heap}", "-XX:+UseSerialGC", "-XX:-AlwaysPreTouch"]
        kept += ["-XX:TieredStopAtLevel=1", f"-XX:ErrorFile={self.folder}/logs/hs_err_%p.log"]
        options.write_text("\n".join(kept) + "\n")
        lines = [f"{name}: {json.dumps(value)}\n" for name, value in self.settings.items()]
        (self.folder / "config" / "elasticsearch.yml").write_text("".join(lines))
        user = runs_as()
        if user:
            for path in (self.folder, *self.folder.rglob("*")):
                shutil.chown(path, user)

    def start(self) -> None:
        """Start the server without waiting for it."""
        (self.folder / "pid").unlink(missing_ok=True)
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("ES_", "JAVA_"))}
        environment |= {
            "ES_JAVA_HOME": str(self.java),
            "ES_PATH_CONF": str(self.folder / "config"),
            "ES_TMPDIR": str(self.folder / "tmp"),
            "HOME": str(self.folder),
        }
        with (self.folder / "logs" / "out.log").open("ab") as out:
            self.process = subprocess.Popen(
                [self.home / "bin" / "elasticsearch", "-p", self.folder / "pid"],
                cwd=self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=runs_as(),
                extra_groups=[] if runs_as() else None,
            )

    def wait(self, nodes: int = 1) -> None:
        """Return when the server answers and its cluster has so many nodes and every part of every index."""
        until = time.monotonic() + PATIENCE
        address = f"{self.url}/_cluster/health?wait_for_status=green&wait_for_nodes={nodes}&timeout=2s"
        while time.monotonic() < until:
            with suppress(OSError, ValueError), urllib.request.urlopen(address, timeout=10) as answer:
                if not json.load(answer)["timed_out"]:
                    return
            if self.process and self.process.poll() is not None:
                break
            time.sleep(0.3)
        sys.stderr.write((self.folder / "logs" / "out.log").read_text(errors="replace")[-3000:])
        raise RuntimeError(f"Elasticsearch did not start at {self.url}")

    def server_pid(self) -> int | None:
        with suppress(OSError, ValueError):
            return int((self.folder / "pid").read_text())
        return None

    def kill(self) -> None:
        """End the server as a power cut would."""
        pid = self.server_pid()
        if pid:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._gone(10)

    def stop(self) -> None:
        """End the server and whatever it has started."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        self._gone(30)

    def _gone(self, patience: float) -> None:
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(patience)
        with suppress(ProcessLookupError):  # the server is in the group of the program that started it
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None


@contextmanager
def servers(line: str, number: int = 1, heap: str = "512m") -> Generator[list[Node]]:
    """Run a cluster of so many servers. Only the first can be master, so any other may be lost."""
    release = LINES[line]
    java = java_home(release.java)
    if java is None:
        sys.exit(f"✗ Elasticsearch {release.version} 需要 Java {release.java} 以上，本机没有。")
    home = fetched(release)
    ports = free_ports(2 * number)
    folder = Path(tempfile.mkdtemp(prefix="search-server-"))
    folder.chmod(0o755)
    nodes = []
    for index in range(number):
        settings: dict[str, object] = {
            "cluster.name": folder.name,
            "node.name": f"n{index}",
            "network.host": "127.0.0.1",
            "http.port": ports[index],
            "transport.port": ports[number + index],
            "path.data": str(folder / f"n{index}" / "data"),
            "path.logs": str(folder / f"n{index}" / "logs"),
            "xpack.security.enabled": False,
            "cluster.routing.allocation.disk.threshold_enabled": False,
        }
        if number == 1:
            settings["discovery.type"] = "single-node"
        else:
            settings["discovery.seed_hosts"] = [f"127.0.0.1:{ports[number]}"]
            settings["node.roles"] = ["master", "data"] if index == 0 else ["data"]
            if index == 0:
                settings["cluster.initial_master_nodes"] = ["n0"]
        nodes.append(Node(home, java, folder / f"n{index}", ports[index], settings, heap))
    try:
        for node in nodes:
            node.prepare()
            node.start()
        for node in nodes:
            node.wait(number)
        say(f"Elasticsearch {release.version}，{number} 个节点，Java {java_version(java)}：{nodes[0].url}")
        yield nodes
    finally:
        for node in nodes:
            node.stop()
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--line", choices=sorted(LINES), default="8")
    parser.add_argument("--nodes", type=int, default=1)
    parser.add_argument("--heap", default="512m")
    parser.add_argument("--if-possible", action="store_true", help="without the Java it needs, say so and do nothing")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    release = LINES[options.line]
    if options.if_possible and java_home(release.java) is None:
        say(f"没有 Java {release.java}，略过 Elasticsearch {release.version}")
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # ends by way of `finally`, as Ctrl-C does
    with servers(options.line, options.nodes, options.heap) as nodes:
        addresses = ",".join(node.url for node in nodes)
        environment = {**os.environ, "ELASTICSEARCH_URL": addresses}
        return subprocess.run(options.command, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
