"""Reports over HTTP: made from the page, and their pictures for admins only, kept by no browser."""

from imagechat.domain.values import new_id
from tests.web.conftest import Page


async def test_a_picture_is_reported_from_the_page_once(page: Page):
    made = await page.drawn("a fox to be reported")
    assert await page.call("conversation", "ask_report", made["id"], "no fox") == {"reported": True}
    again = await page.call("conversation", "ask_report", made["id"], "no fox")
    assert (again["error"]["code"], again["error"]["reason"]) == ("bad_input", "reported")
    gone = await page.call("conversation", "ask_report", new_id(), "no fox")
    assert gone["error"]["status"] == 404
    none = await page.call("conversation", "ask_report", made["id"], "")
    assert none["error"]["reason"] == "empty_reason"


async def test_the_picture_of_a_report_that_is_none_is_not_found(page: Page):
    for report in (new_id(), "x", "..%2f.."):
        answer = await page.get(f"/reports/{report}/picture")
        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith("text/")
