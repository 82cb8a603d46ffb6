"""What is written about the project is true of it: generated parts are fresh, commands and links exist, every language is complete."""

import asyncio
import json
import re
import runpy
import subprocess
import tomllib
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from imagechat import __version__, i18n
from imagechat.catalogue import Catalogue
from imagechat.domain.models import ModelCard, ModelEvent, TextDelta, Usage
from imagechat.domain.requests import ChatRequest, ChatTurn
from imagechat.errors import BrokenReply
from imagechat.providers import Embedded, cards

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
FACT = re.compile(r"\{(\w+)\}")
NUMBER = re.compile(r"\{(?:count|seconds|took)\}")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def tracked() -> list[Path]:
    """Every text file of the repository."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=False)
    files = [ROOT / name for name in listed.stdout.splitlines()] or [path for path in ROOT.rglob("*") if ".venv" not in path.parts]
    return [path for path in files if path.is_file() and path.suffix not in {".png", ".webp", ".jpg", ".ico"}]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def anchors(page: Path) -> set[str]:
    """The names by which a page's headings are linked. Source: docs.github.com, section links."""
    headings = re.findall(r"^#+ (.+)$", CODE.sub("", page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_generated_pages_are_current():
    stale = [
        named(path) for path, text in runpy.run_path(str(ROOT / "docs" / "make.py"))["pages"]().items() if path.read_text("utf-8") != text
    ]
    assert not stale, f"run `python docs/make.py`: {stale}"


def test_the_example_is_a_good_env_file(monkeypatch, tmp_path):
    from imagechat import settings

    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    given = [line.removeprefix("# ") for line in lines if re.match(r"# [A-Z_]+=", line)]
    (tmp_path / ".env").write_text("\n".join(given), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert len(given) == len(list(settings.rows()))
    assert settings.load() == settings.Settings(_env_file=None)


def test_commands_of_the_readme_exist():
    readme, targets = (ROOT / "README.md").read_text("utf-8"), (ROOT / "Makefile").read_text("utf-8")
    commands = set(re.findall(r"^(?:\S+=\S+ )?make (\w+)", readme, re.MULTILINE)) | set(
        re.findall(r"`(?:\S+=\S+ )?make (\w+)[^`]*`", readme)
    )
    assert {"run", "test"} <= commands
    assert not [name for name in commands if not re.search(rf"^{name}:", targets, re.MULTILINE)]


def test_files_that_the_docs_name_exist():
    written = {
        name for page in PAGES for name in re.findall(r"`((?:imagechat|assets|docs|tests|benchmarks)/[\w./-]+)`", page.read_text("utf-8"))
    }
    assert written
    assert not sorted(name for name in written if not (ROOT / name).exists())


async def test_the_model_of_the_docs_works():
    """What adding-a-model.md begins with is a whole model."""
    page = (ROOT / "docs" / "adding-a-model.md").read_text("utf-8")
    toy: dict[str, Any] = {}
    exec(re.findall(r"```python\n(.*?)```", page, re.DOTALL)[0], toy)
    request = ChatRequest(model="parrot", turns=(ChatTurn(role="user", text="hello"),))
    events = [event async for event in toy["Parrot"]().stream(request)]
    assert events == [TextDelta(text="hello"), Usage(price=0)]
    catalogue = Catalogue([Embedded(toy["Parrot"]())])
    assert not catalogue.card("parrot").draws


def test_the_entries_of_the_docs_are_cards(tmp_path: Path):
    """What adding-a-model.md writes into a file of one's own can be read, and every name of a card is explained."""
    page = (ROOT / "docs" / "adding-a-model.md").read_text("utf-8")
    entries, guesses = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    (tmp_path / "own.toml").write_text(guesses + entries, encoding="utf-8")
    book = cards.read(str(tmp_path / "own.toml"))
    assert book.own == {"my-sdxl", "my-sdxl-turbo", "my-seeing-model"}
    assert [str(size) for size in book.card("my-sdxl-turbo").sizes] == ["512x512"]
    assert not book.card("my-other").known and book.card("my-other").dialect == "older"
    told = {name for row in re.findall(r"^\| ((?:`\w+`,? ?)+)", page, re.MULTILINE) for name in re.findall(r"\w+", row)}
    assert {*ModelCard.model_fields, "like"} - told == {"known", "trouble"}


async def _parroted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """The server that adding-a-provider.md speaks of; asked to say "half", it leaves in the middle."""
    asked = (await reader.readline()).decode().strip()
    said = ["parrot", "macaw"] if asked == "LIST" else [json.loads(asked.removeprefix("SAY "))]
    writer.write("".join(f"{json.dumps(line)}\n" for line in said).encode() + (b"" if said == ["half"] else b".\n"))
    await writer.drain()
    writer.close()


async def test_the_provider_of_the_docs_works():
    """What adding-a-provider.md begins with is a whole provider, and its test is a test."""
    page = (ROOT / "docs" / "adding-a-provider.md").read_text("utf-8")
    first, testing = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    toy: dict[str, Any] = {}
    exec(first, toy)

    async def said(text: str) -> list[ModelEvent]:
        request = ChatRequest(model="parrot", turns=(ChatTurn(role="user", text=text),))
        async with aclosing(catalogue.model("parrot").stream(request)) as events:
            return [event async for event in events]

    async with await asyncio.start_server(_parroted, "127.0.0.1", 0) as server:
        provider = toy["Parrots"]("127.0.0.1", server.sockets[0].getsockname()[1])
        catalogue = Catalogue([provider])
        await provider.open()
        await provider.refresh()
        assert [card.id for card in catalogue.cards()] == ["parrot", "macaw"]
        assert provider.standing.models == 2 and not provider.standing.trouble
        assert await said("hello") == [TextDelta(text="hello"), Usage()]
        with pytest.raises(BrokenReply, match="ended_early"):
            await said("half")
    await provider.refresh()
    assert provider.standing.trouble == "unreachable.refused"
    await provider.close()

    example: dict[str, Any] = {}
    exec(testing, example)
    await example["test_half_a_reply_is_no_reply"]()


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_somewhere(page: Path):
    lost = []
    for link in LINK.findall(CODE.sub("", page.read_text("utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            lost.append(link)
    assert not lost


def test_every_decision_is_on_the_list():
    folder = ROOT / "docs" / "decisions"
    listed = re.findall(r"\((\d{4}[\w-]+\.md)\)", (folder / "README.md").read_text("utf-8"))
    assert listed == sorted(path.name for path in folder.glob("[0-9]*.md"))
    for name in listed:
        text = (folder / name).read_text("utf-8")
        assert text.startswith(f"# {int(name[:4])}. ")
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences", "What would change our mind"], name


def test_the_changelog_knows_this_version():
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == __version__
    assert re.search(rf"^## \[{re.escape(__version__)}\]", changelog, re.MULTILINE)
    assert "## [Unreleased]" in changelog


def test_the_docs_speak_of_the_app_alone():
    """Not of how it was made: a reader has no use for that."""
    foreign = re.compile(r"\b(?:issue|agent|session)s?\b", re.IGNORECASE)
    code = re.compile(r"`[^`]*`")
    lines = ((page, line) for page in PAGES for line in page.read_text("utf-8").splitlines())
    found = [f"{named(page)}: {line}" for page, line in lines if foreign.search(code.sub("", line))]
    assert not found


def test_nothing_names_a_place_of_one_machine():
    """Nor a mirror of packages: who clones this has other folders and other hosts."""
    place = re.compile("/" + r"(?:work|root|home)/\w|https?://[^/\s]*(?:artifactory|nexus|registry|pypi|npmjs)|--(?:extra-)?index-url")
    allowed = {named(Path(__file__))}
    found = {}
    for path in tracked():
        if named(path) not in allowed and (hit := place.search(path.read_text("utf-8", errors="ignore"))):
            found[named(path)] = hit[0]
    assert not found


@pytest.mark.parametrize("code", [code for code in i18n.codes() if code != "en"])
def test_every_language_is_complete(code: str):
    english, other = i18n._read("en"), i18n._read(code)
    assert set(other) == set(english)
    assert {key: set(FACT.findall(words)) for key, words in other.items()} == {
        key: set(FACT.findall(words)) for key, words in english.items()
    }
    assert not [key for key, words in other.items() if not words.strip()]


def test_persian_reads_from_right_to_left():
    """Sentences are shown with dir="auto": one that begins with a Latin name would be laid out from the left. Numbers decide nothing."""
    assert i18n.locale("fa").direction == "rtl"
    # Entries of facts and what parts them are no sentences.
    laid = {
        "policy.parting",
        "dates.day",
        "dates.moment",
        "composer.model_entry",
        "composer.became",
        "composer.retiring",
        "composer.troubled",
    }
    sentences = {key: words for key, words in i18n._read("fa").items() if " " in words and key not in laid}
    sentences = {key: words for key, words in sentences.items() if not re.fullmatch(r"commands\.\w+\.example", key)}
    first = {key: re.search(r"\{|[^\W\d_]", NUMBER.sub("", words)) for key, words in sentences.items()}
    assert not [key for key, found in first.items() if found is None or found[0].isascii()]
