"""Settings: from the environment, from `.env`, from the command line; a wrong one is told by its name."""

import logging
from pathlib import Path

import pytest
from pydantic import ValidationError
from pydantic_settings import SettingsError

from imagechat import settings


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without anybody's `.env`."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_setting_has_a_default_and_a_sentence():
    rows = list(settings.rows())
    assert len(rows) > 10
    assert all((name.startswith("IMAGECHAT_") or name in settings.FOREIGN) and sentence.endswith(".") for name, _, sentence in rows)
    assert len({name for name, _, _ in rows}) == len(rows)


def test_every_setting_can_be_set_by_its_name(monkeypatch: pytest.MonkeyPatch):
    for name, default, _ in settings.rows():
        monkeypatch.setenv(name, default)
    assert settings.load() == settings.Settings()


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(elsewhere: Path, monkeypatch: pytest.MonkeyPatch):
    (elsewhere / ".env").write_text("IMAGECHAT_PORT=8001\nIMAGECHAT_LOCALE=fa\nIMAGECHAT_RUNNER__QUEUE=7\nOTHER=1\n")
    monkeypatch.setenv("IMAGECHAT_PORT", "8002")
    chosen = settings.load(port=8003, host=None)
    assert (chosen.port, chosen.locale, chosen.runner.queue, chosen.host) == (8003, "fa", 7, "127.0.0.1")
    assert settings.load().port == 8002
    assert chosen.runner.pictures == settings.RunnerSettings().pictures


def complained(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> str:
    """What is said of a setting that cannot be."""
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError) as refusal:
        settings.load()
    return settings.complaint(refusal.value)


@pytest.mark.parametrize(
    ("name", "value", "right"),
    [
        ("IMAGECHAT_PORT", "abc", "valid integer"),
        ("IMAGECHAT_PORT", "0", "greater than or equal to 1"),
        ("IMAGECHAT_PORT", "65536", "less than or equal to 65535"),
        ("IMAGECHAT_HOST", "two words", "127.0.0.1"),
        ("IMAGECHAT_ROOT_PATH", "studio", "/studio"),
        ("IMAGECHAT_LOCALE", "tlh", "there are: en"),
        ("IMAGECHAT_ACCESS", "public", "'local'"),
        ("IMAGECHAT_LOG_LEVEL", "loud", "'debug', 'info'"),
        ("IMAGECHAT_RUNNER__QUEUE", "0", "greater than or equal to 1"),
        ("IMAGECHAT_RUNNER__TIMEOUT", "soon", "valid number"),
        ("IMAGECHAT_RUNNER__QEUE", "5", "not permitted"),
        ("IMAGECHAT_SKETCH__PAINTERS", "99", "less than or equal to 16"),
        ("IMAGECHAT_UPLOADS__MEGABYTES", "-1", "greater than 0"),
        ("IMAGECHAT_DOOR__HOSTS", "https://studio.example.org", "without https://"),
        ("IMAGECHAT_DOOR__HOSTS", "studio.example.org:8443", "without a port"),
        ("IMAGECHAT_DOOR__TRUSTED_PROXIES", "127.0.0.1 caddy", "'caddy' is none"),
        ("IMAGECHAT_LIMITS__IMAGINE", "0 per minute", "5 per 5 minutes"),
        ("IMAGECHAT_LIMITS__IMAGINE", "5 per minute; 1 per second", "one time"),
    ],
)
def test_a_wrong_value_is_told_by_its_name_and_what_would_be_right(monkeypatch: pytest.MonkeyPatch, name: str, value: str, right: str):
    words = complained(monkeypatch, name, value)
    assert words.startswith(f"{name} = ") and value in words and right in words
    assert "\n" not in words


def test_openais_settings_have_the_names_that_everybody_knows(elsewhere: Path, monkeypatch: pytest.MonkeyPatch):
    (elsewhere / ".env").write_text("OPENAI_API_KEY=sk-from-the-file\nOPENAI_BASE_URL=http://127.0.0.1:11434/v1/\n")
    monkeypatch.setenv("OPENAI_API_KEY", " sk-from-outside ")
    chosen = settings.load()
    assert (chosen.openai_api_key.get_secret_value(), chosen.openai_base_url) == ("sk-from-outside", "http://127.0.0.1:11434/v1")


def test_a_key_is_never_shown(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-topsecret123")
    chosen = settings.load()
    logging.getLogger("imagechat").warning("settings: %r", chosen)
    for shown in (str(chosen), repr(chosen), chosen.model_dump_json(), str(chosen.model_dump()), caplog.text):
        assert "openai_api_key" in shown and "topsecret" not in shown


@pytest.mark.parametrize(
    ("name", "value", "right"),
    [
        ("IMAGECHAT_SECRET", "a secret of several words, which parts former ones", "no blanks"),
        ("IMAGECHAT_BUDGET__WEBHOOK", "hooks.example.org/a-secret", "http://"),
    ],
)
def test_a_wrong_value_that_may_be_a_secret_is_told_without_it(monkeypatch: pytest.MonkeyPatch, name: str, value: str, right: str):
    words = complained(monkeypatch, name, value)
    assert words.startswith(f"{name}: ") and value not in words and right in words


@pytest.mark.parametrize("key", ["sk-top secret", "sk-کلید-topsecret", "sk-topsecret\nsecond: line"])
def test_a_key_that_cannot_be_one_is_refused_without_being_shown(monkeypatch: pytest.MonkeyPatch, key: str):
    monkeypatch.setenv("OPENAI_API_KEY", key)
    with pytest.raises(ValidationError) as refusal:
        settings.load()
    words = settings.complaint(refusal.value)
    assert words.startswith("OPENAI_API_KEY: a key has only ASCII letters") and "secret" not in words


@pytest.mark.parametrize("url", ["127.0.0.1:11434", "ftp://host/v1", "http://", "http://[::1", "localhost"])
def test_an_address_that_cannot_be_one_is_told_by_its_name(monkeypatch: pytest.MonkeyPatch, url: str):
    monkeypatch.setenv("OPENAI_BASE_URL", url)
    with pytest.raises(ValidationError) as refusal:
        settings.load()
    words = settings.complaint(refusal.value)
    assert words.startswith("OPENAI_BASE_URL = ") and url in words and "http://127.0.0.1:11434/v1" in words


def test_all_wrong_values_are_told_at_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("IMAGECHAT_PORT", "abc")
    monkeypatch.setenv("IMAGECHAT_RUNNER__QUEUE", "0")
    with pytest.raises(ValidationError) as refusal:
        settings.load()
    assert len(settings.complaint(refusal.value).splitlines()) == 2


def test_a_group_that_is_given_a_value_says_what_it_holds(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("IMAGECHAT_RUNNER", "5")
    with pytest.raises((SettingsError, ValidationError)) as refusal:
        settings.load()
    assert settings.complaint(refusal.value).startswith("IMAGECHAT_RUNNER")
    monkeypatch.setenv("IMAGECHAT_RUNNER", "five")
    with pytest.raises((SettingsError, ValidationError)) as refusal:
        settings.load()
    assert "IMAGECHAT_RUNNER__PICTURES" in settings.complaint(refusal.value)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "::1", "[::1]"])
def test_loopback_addresses_are_fine(host: str):
    assert settings.load(host=host).host == host.strip("[]")


@pytest.mark.parametrize("host", ["", "localhost.evil.com", "127.0.0.1.evil.com", "0", "0.0.0.0", "::ffff:8.8.8.8", "LOCALHOST "])
def test_what_only_looks_like_loopback_is_not(host: str):
    assert not settings.is_loopback(host)
