"""Bring the layout libraries into a folder without root: apt-get download, then dpkg-deb -x.

    python -m content.printing.fetch_pango [FOLDER]

FOLDER is $PORTAL_VAR/pango (var/pango) if not given. Works on Debian and Ubuntu; needs no Django. Packages whose
libraries the system already has are skipped. Exit code 0: everything can be loaded afterwards.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from content.printing.pango import APT_LINE, load_libraries

# Several names: the 64-bit time_t change renamed packages in newer releases.
PACKAGES = [
    ("libffi8",),
    ("libpcre2-8-0",),
    ("libglib2.0-0", "libglib2.0-0t64"),
    ("libexpat1",),
    ("libpng16-16", "libpng16-16t64"),
    ("libbrotli1",),
    ("libfreetype6",),
    ("libfontconfig1",),
    ("libgraphite2-3",),
    ("libharfbuzz0b",),
    ("libharfbuzz-subset0",),
    ("libfribidi0",),
    ("libdatrie1",),
    ("libthai0",),
    ("libpango-1.0-0",),
    ("libpangoft2-1.0-0",),
]


def download(names: tuple[str, ...], into: Path) -> bool:
    """Download the first of the package names that exists; tell whether one did."""
    return any(
        subprocess.run(  # noqa: S603 (fixed command, package names from the list above)
            ["apt-get", "download", name],  # noqa: S607 (apt-get is found by PATH on purpose)
            cwd=into,
            capture_output=True,
            check=False,
        ).returncode
        == 0
        for name in names
    )


def fetch(folder: Path) -> list[str]:
    """Fill `folder` with the libraries; return one Chinese line for each thing that failed."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        return [f"这台机器没有 apt-get 或 dpkg-deb，请让管理员安装排版组件：{APT_LINE}"]
    folder.mkdir(parents=True, exist_ok=True)
    failures = []
    with tempfile.TemporaryDirectory() as scratch:
        for names in PACKAGES:
            if not download(names, Path(scratch)):
                failures.append(f"下载不到软件包 {names[0]}。")
        for package in sorted(Path(scratch).glob("*.deb")):
            unpacked = subprocess.run(  # noqa: S603 (file we just downloaded)
                ["dpkg-deb", "-x", str(package), str(folder)],  # noqa: S607
                capture_output=True,
                check=False,
            )
            if unpacked.returncode:
                failures.append(f"解不开软件包 {package.name}。")
    return failures


def main() -> int:
    default = Path(os.environ.get("PORTAL_VAR", Path(__file__).resolve().parents[2] / "var")) / "pango"
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    if not load_libraries(folder):
        sys.stdout.write("排版组件已经齐全。\n")
        return 0
    failures = fetch(folder)
    missing = load_libraries(folder)
    if missing:
        lines = [*failures, f"仍缺：{'、'.join(missing)}。", f"请让管理员执行：{APT_LINE}"]
        sys.stderr.write("\n".join(lines) + "\n")
        return 1
    sys.stdout.write(f"排版组件已放入 {folder}。\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
