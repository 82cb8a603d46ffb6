"""What Gradio's import leaves out with us, each in a Python of its own: what is imported once stays."""

import subprocess
import sys

from tests.browser.server import ROOT


def said(code: str) -> str:
    """What `code` printed, in a process that ended well."""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_gradios_source_is_not_parsed_for_stubs():
    counted = "import ast\nparse, read = ast.parse, []\nast.parse = lambda *a, **k: (read.append(a), parse(*a, **k))[1]\n"
    assert said(f"{counted}import imagechat.ui\nprint(sum('EVENTS' in str(a[0]) for a in read))") == "0"
    assert int(said(f"{counted}import gradio\nprint(sum('EVENTS' in str(a[0]) for a in read))")) > 50


def test_the_tool_protocol_waits_until_somebody_asks_for_it():
    names = "[name for name in sys.modules if name.split('.')[0] == 'mcp']"
    assert said(f"import sys, imagechat.ui\nprint({names})") == "[]"
    assert said("import imagechat.ui, mcp\nprint(mcp.types.__name__)") == "mcp.types"
    assert said("import mcp, imagechat.ui, sys\nprint(sys.modules['mcp'] is mcp)") == "True"


def test_python_finds_modules_as_before():
    assert said("import sys\nbefore = list(sys.meta_path)\nimport imagechat.ui\nprint(sys.meta_path == before)") == "True"
