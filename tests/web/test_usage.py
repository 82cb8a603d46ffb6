"""What was used as a file: any days that somebody may ask for, errors in words, and no cell that a spreadsheet would run."""

import csv
import io

import pytest

from imagechat.web.usage import HEAD, _line
from tests.web.conftest import Page


async def test_each_piece_of_work_is_a_line(page: Page):
    await page.drawn("a fox")
    answer = await page.get("/usage.csv")
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/csv")
    assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == ("no-store", "nosniff")
    lines = list(csv.DictReader(io.StringIO(answer.text)))
    assert tuple(lines[0]) == HEAD and {"fake-image"} <= {line["model"] for line in lines}


@pytest.mark.parametrize(
    "asked", ["until=0001-01-01", "since=0001-01-01&until=0001-01-02", "since=9999-12-31&until=9999-12-31"], ids=["first", "early", "last"]
)
async def test_days_at_the_ends_of_the_calendar_have_an_empty_file(page: Page, asked: str):
    answer = await page.get(f"/usage.csv?{asked}")
    assert (answer.status_code, answer.text.strip()) == (200, ",".join(HEAD))


@pytest.mark.parametrize(
    "asked", ["until=tomorrow", "since=2026-13-01", "since=2026-02-02&until=2026-02-01", "since=0001-01-01&until=9999-12-31"],
    ids=["no-day", "no-month", "backwards", "too-long"],
)  # fmt: skip
async def test_what_are_no_days_is_told_in_words(page: Page, asked: str):
    answer = await page.get(f"/usage.csv?{asked}")
    assert answer.status_code == 422 and len(answer.text) > 10 and "<" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_no_cell_is_a_formula():
    for cell in ("=1+1", "+1", "-1", "@x", "\tx", "\rx"):
        assert next(csv.reader(io.StringIO(_line((cell,)), newline=""))) == [f"'{cell}"]
    assert _line((None, -1, "a model")) == ",-1,a model\r\n"
