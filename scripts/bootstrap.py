#!/usr/bin/env python3
"""Build whatever a fresh machine lacks and start the portal. Standard library only: it runs before anything is installed.

bootstrap.py run         environment, system libraries, database, demo data, then web + worker + clock
bootstrap.py dev         environment for tests and checks
bootstrap.py demo-reset  throw the demo site away and build it anew
"""

import ctypes.util
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
VAR = Path(os.environ.get("PORTAL_VAR", ROOT / "var"))
MINIMUM = (3, 11)

# What WeasyPrint loads at run time; the names are Debian's and Ubuntu's.
PRINT_LIBRARIES = {
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz-subset": "libharfbuzz-subset0",
}
DEV_PROGRAMS = {"chromium": "chromium", "pdftoppm": "poppler-utils", "msgfmt": "gettext"}


def say(text: str) -> None:
    print(f"› {text}", flush=True)


def stop(text: str) -> None:
    sys.exit(f"✗ {text}")


def run(*command: object, quiet: bool = False, check: bool = True) -> subprocess.CompletedProcess:
    """Run a command from the project's root; where it must not fail, say which one did and show its last lines."""
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=ROOT, text=True, capture_output=quiet)
    if check and done.returncode:
        tail = (
            "\n".join((done.stdout or "").splitlines()[-15:] + (done.stderr or "").splitlines()[-15:]) if quiet else ""
        )
        stop(f"这一步没有成功：{' '.join(words)}\n{tail}")
    return done


def may_install() -> list[str] | None:
    """The prefix with which apt-get may be called without a question: [] as root, ['sudo', '-n'], or None."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ["sudo", "-n"]
    return None


def apt_install(packages: list[str]) -> bool:
    """Install Debian packages where that is possible without a question; tell whether it worked."""
    prefix = may_install()
    if prefix is None:
        return False
    environment = ["env", "DEBIAN_FRONTEND=noninteractive"]
    say(f"安装系统组件：{' '.join(packages)}")
    for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        if run(*prefix, *environment, "apt-get", *words, quiet=True, check=False).returncode:
            return False
    return True


def interpreter() -> str:
    """A Python new enough for the portal: this one, or another on the PATH."""
    if sys.version_info >= MINIMUM:
        return sys.executable
    for minor in (14, 13, 12, 11):
        if found := shutil.which(f"python3.{minor}"):
            return found
    stop("需要 Python 3.11 或更新版本。请先安装，例如：sudo apt install python3.11 python3.11-venv")
    raise AssertionError  # stop() does not return


def make_environment(lock_name: str) -> None:
    """Create .venv and bring it to the lock file; a second call with the same lock costs nothing."""
    lock = ROOT / lock_name
    stamp = VENV / f".{lock_name}.sha256"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    if not PYTHON.exists():
        say("建立 Python 环境 .venv")
        create_venv(interpreter())
    say(f"按 {lock_name} 安装依赖（首次约一两分钟）")
    run(PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", "-r", lock, quiet=True)
    for old in VENV.glob(".requirements*.sha256"):
        old.unlink()
    stamp.write_text(wanted)


def create_venv(python: str) -> None:
    """`python -m venv`, also on Debian without python3-venv (no ensurepip there)."""
    if subprocess.run([python, "-m", "venv", VENV], cwd=ROOT, capture_output=True).returncode == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    version = subprocess.run(
        [python, "-c", "import sys; print('python%d.%d-venv' % sys.version_info[:2])"], capture_output=True, text=True
    ).stdout.strip()
    if apt_install([version]) and subprocess.run([python, "-m", "venv", VENV], cwd=ROOT).returncode == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    # No ensurepip and no right to install it: a pip that is already there can fill a venv made without one.
    bare = subprocess.run([python, "-m", "venv", "--without-pip", VENV], cwd=ROOT, capture_output=True).returncode == 0
    if bare and subprocess.run([python, "-m", "pip", "--python", PYTHON, "install", "-q", "pip"]).returncode == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    stop(f"无法建立 Python 环境。请先执行：sudo apt install {version}")


def print_libraries() -> None:
    """Pango and friends for PDF. Their absence is never fatal: everything but PDF works, and the portal says so."""
    missing = [package for name, package in PRINT_LIBRARIES.items() if not ctypes.util.find_library(name)]
    if not missing or apt_install(missing):
        return
    private = VAR / "pango"
    if not private.exists() and shutil.which("apt-get") and shutil.which("dpkg-deb"):
        say("没有管理员权限，把排版组件下载到 var/pango（不改动系统）")
        run(PYTHON, "-m", "content.printing.fetch_pango", check=False)
    if not private.exists():
        say(f"PDF 暂不可用，其余功能正常。需要时执行：sudo apt install {' '.join(missing)}")


def dev_programs() -> None:
    """Chromium and friends: tests that need one and do not find it are skipped with the reason."""
    missing = [package for program, package in DEV_PROGRAMS.items() if not shutil.which(program)]
    if missing and not apt_install(missing):
        say(f"缺少 {' '.join(missing)}，用到它们的测试会跳过。安装：sudo apt install {' '.join(missing)}")


def prepare_site() -> None:
    """Migrate, set up and seed; skipped where nothing that matters has changed since the last start."""
    patterns = ("content/**/*.py", "search/**/*.py", "portal/settings/*.py", "requirements.lock")
    sources = sorted(path for pattern in patterns for path in ROOT.glob(pattern))
    state = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    # Another database is another site; its address may hold a password, so only its digest is kept.
    state += hashlib.sha256(os.environ.get("DATABASE_URL", "").encode()).hexdigest()
    stamp = VAR / "prepared"
    if stamp.exists() and stamp.read_text() == state:
        return
    say("建立数据库")
    run(PYTHON, "manage.py", "migrate", "--noinput", "-v0", quiet=True)
    run(PYTHON, "manage.py", "setup_portal", "-v0", quiet=True)
    say("装入演示数据")
    print(run(PYTHON, "manage.py", "seed_demo", quiet=True).stdout, end="")
    stamp.write_text(state)


def reset_demo() -> None:
    """Throw away everything the demo site has written and build it anew. Only for the SQLite site of this machine."""
    if os.environ.get("DATABASE_URL"):
        stop("demo-reset 只用于本机的演示站；设置了 DATABASE_URL 时不会清空任何数据。")
    for path in (*VAR.glob("portal.sqlite3*"), VAR / "prepared"):
        path.unlink(missing_ok=True)
    for folder in ("media", "search", "pdf", "cache", "mail"):
        shutil.rmtree(VAR / folder, ignore_errors=True)
    prepare_site()
    say("演示数据已重新装入。")


def main(task: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")
    begun = time.monotonic()
    if task == "dev":
        make_environment("requirements-dev.lock")
        print_libraries()
        dev_programs()
        return
    # An environment made for tests holds everything the portal needs.
    dev_stamp = VENV / ".requirements-dev.lock.sha256"
    make_environment("requirements-dev.lock" if dev_stamp.exists() else "requirements.lock")
    print_libraries()
    VAR.mkdir(parents=True, exist_ok=True)
    if task == "demo-reset":
        reset_demo()
        return
    prepare_site()
    say(f"准备完成，用时 {time.monotonic() - begun:.0f} 秒")
    os.execv(PYTHON, [str(PYTHON), str(ROOT / "scripts" / "serve.py")])


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in {"run", "dev", "demo-reset"}:
        stop("用法：bootstrap.py run | dev | demo-reset")
    try:
        main(sys.argv[1])
    except KeyboardInterrupt:
        stop("已中断。再次执行同一命令会从中断处继续。")
