"""Reports and the audit log: for admins alone, each look written down; a removed picture lies in its owner's trash with a note."""

import asyncio

import pytest

from imagechat.domain.policy import AuditLine
from imagechat.domain.values import new_id
from imagechat.domain.visitors import Role, Visitor
from imagechat.errors import BadAddress, BadInput, NotAllowed, NotFound
from imagechat.studio import Studio
from tests.asking import ANN, BEN, drawn

CAT = Visitor(id="01hyyyyyyyyyyyyyyyyyyyyyyy", role=Role.ADMIN, group="member")
EVE = Visitor(id="01hxxxxxxxxxxxxxxxxxxxxxxx", role=Role.MEMBER, group="trusted")


async def audited(studio: Studio) -> list[AuditLine]:
    return list((await studio.audited(ANN)).items)


@pytest.mark.parametrize("admin", [ANN, CAT])
async def test_an_admin_sees_what_was_reported_with_its_prompt_and_model(studio: Studio, admin: Visitor):
    made = await drawn(studio, BEN, "a fox in snow")
    await studio.report(BEN, made.id, "  there is a wolf in it ")
    (report,) = await studio.reports(admin)
    assert (report.picture, report.owner, report.by, report.reason) == (made.id, BEN.id, BEN.id, "there is a wolf in it")
    assert (report.prompt, report.model, report.width, report.verdict, report.closed) == ("a fox in snow", "fake-image", 256, "", None)
    blob, path = await studio.reported_file(admin, report.id)
    assert (blob.id, path.read_bytes()[:4]) == (made.blob, b"\x89PNG")


async def test_the_newest_is_first_and_decided_ones_are_last(studio: Studio):
    made = [await drawn(studio, BEN, f"fox {index}") for index in range(3)]
    for each in made:
        await studio.report(BEN, each.id, "no")
    newest = await studio.reports(ANN)
    assert [each.picture for each in newest] == [each.id for each in reversed(made)]
    await studio.decide(ANN, newest[0].id, "kept")
    assert [each.picture for each in await studio.reports(ANN)] == [made[1].id, made[0].id, made[2].id]


@pytest.mark.parametrize("visitor", [BEN, EVE])
async def test_for_others_there_are_no_reports_and_no_log(studio: Studio, visitor: Visitor):
    made = await drawn(studio, BEN, "a fox")
    await studio.report(BEN, made.id, "no")
    (report,) = await studio.reports(ANN)
    for verb in (
        lambda: studio.reports(visitor),
        lambda: studio.reported_file(visitor, report.id),
        lambda: studio.decide(visitor, report.id, "removed"),
        lambda: studio.audited(visitor),
    ):
        with pytest.raises(NotFound):
            await verb()
    assert (await studio.reports(ANN))[0].closed is None


async def test_only_ones_own_pictures_are_reported(studio: Studio):
    made = await drawn(studio, ANN, "a fox")
    for picture in (made.id, new_id(), "../x", ""):
        with pytest.raises(NotFound):
            await studio.report(BEN, picture, "no")
    assert not await studio.reports(ANN)


@pytest.mark.parametrize(("reason", "why"), [("", "empty_reason"), (" \u200b\n", "empty_reason"), ("x" * 501, "long_reason")])
async def test_a_report_says_why_in_few_words(studio: Studio, reason: str, why: str):
    made = await drawn(studio, BEN, "a fox")
    with pytest.raises(BadInput) as refused:
        await studio.report(BEN, made.id, reason)
    assert refused.value.reason == why
    await studio.report(BEN, made.id, "x" * 500)


async def test_a_picture_is_reported_once_however_often_it_is_pressed(studio: Studio):
    made = await drawn(studio, BEN, "a fox")
    ends = await asyncio.gather(*(studio.report(BEN, made.id, "no") for _ in range(5)), return_exceptions=True)
    assert sorted(str(each) for each in ends) == ["None", *["bad_input.reported"] * 4]
    assert len(await studio.reports(ANN)) == 1


async def test_a_removed_picture_goes_into_its_owners_trash_with_a_note_and_is_told_at_once(studio: Studio):
    made = await drawn(studio, BEN, "a fox")
    await studio.report(BEN, made.id, "no")
    (report,) = await studio.reports(ANN)
    since = studio.version(BEN)
    await studio.decide(ANN, report.id, "removed")
    kept = await studio.picture(BEN, made.id)
    assert kept.trashed and {"code": "removed", "facts": {}} in kept.notes
    assert not (await studio.gallery(BEN)).items
    with pytest.raises(NotAllowed) as refusal:
        await studio.restore_picture(BEN, made.id)
    assert refusal.value.reason == "removed"
    async with asyncio.timeout(30):
        async for changes in studio.watch(BEN, since):
            assert [each.id for each in changes.pictures if each.trashed] == [made.id]
            break
    (report,) = await studio.reports(ANN)
    assert (report.verdict, report.closed is None) == ("removed", False)


async def test_a_kept_picture_stays_and_a_report_is_decided_once(studio: Studio):
    made = await drawn(studio, BEN, "a fox")
    await studio.report(BEN, made.id, "no")
    (report,) = await studio.reports(ANN)
    await studio.decide(ANN, report.id, "kept")
    assert (await studio.picture(BEN, made.id)) == made
    for verdict in ("removed", "kept"):
        with pytest.raises(NotFound):
            await studio.decide(ANN, report.id, verdict)  # type: ignore[arg-type]
    assert (await studio.picture(BEN, made.id)).trashed is None


@pytest.mark.parametrize("report", ["01hzzzzzzzzzzzzzzzzzzzzzzz", "", "x'; DROP TABLE reports"])
async def test_there_is_nothing_to_decide_of_what_nobody_reported(studio: Studio, report: str):
    with pytest.raises(NotFound):
        await studio.decide(ANN, report, "removed")
    with pytest.raises(NotFound):
        await studio.reported_file(ANN, report)


async def test_each_look_and_decision_is_in_the_log_without_anybodys_words(studio: Studio):
    made = await drawn(studio, BEN, "a confidential fox")
    await studio.report(BEN, made.id, "a confidential reason")
    (report,) = await studio.reports(CAT)
    await studio.reported_file(CAT, report.id)
    await studio.decide(CAT, report.id, "removed")
    lines = [line for line in await audited(studio) if line.action.startswith("report")]
    assert [(line.actor, line.action) for line in reversed(lines)] == [
        (BEN.id, "report.made"), (CAT.id, "reports.seen"), (CAT.id, "report.picture_seen"), (CAT.id, "report.removed"),
    ]  # fmt: skip
    assert {line.subject for line in lines} == {report.id, ""}
    assert "confidential" not in str(lines)


async def test_the_log_is_read_in_pages(studio: Studio):
    for step in range(60):
        await studio.parts.audit.note("house", "step", str(step))
    first = await studio.audited(ANN)
    second = await studio.audited(ANN, first.older)
    steps = [line.subject for line in (*first.items, *second.items) if line.action == "step"]
    assert steps == [str(step) for step in reversed(range(60))]
    with pytest.raises(BadAddress):
        await studio.audited(ANN, "no cursor")
