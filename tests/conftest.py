"""What surrounds every test: no home, no keys, no settings but its own."""

from pathlib import Path

import pytest

from tests.surroundings import foreign, quiet


@pytest.fixture(autouse=True)
def surroundings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home and an environment that neither the developer's settings nor their keys reach."""
    home = tmp_path_factory.mktemp("home")
    for name in foreign():
        monkeypatch.delenv(name)
    for name, value in quiet(home).items():
        monkeypatch.setenv(name, value)
    return home


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A data folder of this test's own, not made yet: the app makes it."""
    return tmp_path / "data"
