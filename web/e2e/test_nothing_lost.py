"""Nothing that somebody said is lost: closed tabs, a dead server, an ended session, two tabs, no network."""

import re

import pytest
from playwright.sync_api import Error, expect

from karat.demo import schemas
from karat.demo.messages import message

MESSAGES = 12


@pytest.fixture
def project(house, tmp_path):
    """A project of texts with a choice, spans and a note, for one test."""
    made = house.client.create_project(tmp_path.name, schema=schemas.MESSAGES)
    (tmp_path / "messages.csv").write_text(
        "key,text\n" + "".join(f'M-{n},"{message(n).text}"\n' for n in range(MESSAGES)), "utf-8"
    )
    assert made.import_from(tmp_path / "messages.csv").wait().result["items_added"] == MESSAGES
    return made


@pytest.fixture
def ann(house, request):
    return house.join(f"{request.node.name.split('_')[1]}{abs(hash(request.node.name)) % 9999}")


def item_of(page):
    return page.locator(".hd bdi")


def spans(page):
    return page.locator(".ob")


def mark_word(page, *, at=40):
    box = page.locator(".text-words").first.bounding_box()
    page.mouse.dblclick(box["x"] + at, box["y"] + 22)


def key_of(page):
    """The first letters of the open item's id: annotators see no more of it."""
    return item_of(page).inner_text().removeprefix("item ")


def sent(page):
    """Until the server has confirmed the draft."""
    return page.expect_response(lambda got: got.request.method == "PATCH" and got.url.endswith("/draft") and got.ok)


def chosen(page, name):
    return page.get_by_role("radio", name=name, exact=True, checked=True)


def edit(page):
    """A span, an answer and a note on the open item."""
    expect(page.locator(".text-words").first).to_be_visible()
    mark_word(page)
    expect(spans(page)).to_have_count(1)
    page.keyboard.press("q")
    page.get_by_label("Note").fill("half a thought")


def see_edit(page):
    expect(spans(page)).to_have_count(1)
    expect(chosen(page, "Delivery")).to_be_visible()
    expect(page.get_by_label("Note")).to_have_value("half a thought")


def saved(page):
    expect(page.locator(".save")).to_have_text("Saved")


def test_a_tab_closed_in_the_middle_of_an_edit_comes_back_with_it(house, project, ann):
    page = house.open(ann, f"/p/{project.id}/label")
    edit(page)
    title = item_of(page).inner_text()
    # Closed at once: the last letters were never sent.
    page.close()
    again = page.context.new_page()
    again.goto(f"/p/{project.id}/label")
    expect(item_of(again)).to_have_text(title)
    see_edit(again)
    saved(again)
    # Another machine knows it too.
    item = next(i["id"] for i in project.items() if i["id"].startswith(key_of(again)))
    elsewhere = house.open(ann, f"/p/{project.id}/label/{item}")
    see_edit(elsewhere)


def test_work_goes_on_while_the_server_is_down_and_everything_arrives_once(house, project, ann):
    page = house.context(ann).new_page()
    # The open item and the next two are here before they are needed.
    with page.expect_response("**/claims"), page.expect_response("**/claims"):
        page.goto(f"/p/{project.id}/label")
    with sent(page):
        edit(page)
    house.kill()
    said = []
    try:
        page.keyboard.press("Escape")  # out of the note
        for key in "qwe":
            said.append(key_of(page))
            page.keyboard.press(key)
            page.keyboard.press("Space")
            expect(page.get_by_text(f"item {said[-1]}", exact=True)).to_have_count(0)
        expect(page.locator(".save")).to_contain_text("Offline")
        expect(page.locator(".save")).to_contain_text("3 changes kept here")
    finally:
        house.start()
    page.get_by_role("button", name="Try now").click()
    saved(page)
    expect(page.locator(".text-words").first).to_be_visible()
    with house.asks(house.owner) as http:
        stored = http.get(f"/projects/{project.id}/responses").json()["items"]
    assert sorted(r["item"][:8] for r in stored) == sorted(said)


def test_an_ended_session_asks_to_sign_in_over_the_work_and_keeps_it(house, project, ann):
    page = house.open(ann, f"/p/{project.id}/label")
    with sent(page):
        edit(page)
    title = item_of(page).inner_text()
    with house.asks(ann) as http:
        for session in http.get("/me/sessions").json():
            http.delete(f"/me/sessions/{session['id']}")
    page.get_by_label("Note").fill("a whole thought")
    dialog = page.get_by_role("dialog", name="Your session has ended")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_label("E-mail")).to_have_value(ann.email)
    dialog.get_by_label("Password").fill("a long enough password")
    with sent(page):
        dialog.get_by_role("button", name="Sign in and go on").click()
    expect(dialog).to_be_hidden()
    expect(item_of(page)).to_have_text(title)
    page.reload()
    expect(item_of(page)).to_have_text(title)
    expect(page.get_by_label("Note")).to_have_value("a whole thought")
    expect(spans(page)).to_have_count(1)


def test_two_tabs_on_one_item_keep_the_edits_of_both(house, project, ann):
    one = house.open(ann, f"/p/{project.id}/label")
    expect(one.locator(".text-words").first).to_be_visible()
    item = next(i["id"] for i in project.items() if i["id"].startswith(key_of(one)))
    two = one.context.new_page()
    two.goto(f"/p/{project.id}/label/{item}")
    expect(two.locator(".text-words").first).to_be_visible()
    mark_word(one)
    two.get_by_label("Note").fill("from the other tab")
    for page in (one, two):
        expect(spans(page)).to_have_count(1)
        expect(page.get_by_label("Note")).to_have_value("from the other tab")
        saved(page)

    # Both change the same span while neither can be reached: both values stay, and both tabs say so.
    one.context.set_offline(True)
    for page, key in ((one, "2"), (two, "3")):
        page.bring_to_front()
        spans(page).first.get_by_role("button").first.click()
        page.keyboard.press(key)
    expect(spans(one).first).to_contain_text("Order number")
    expect(spans(two).first).to_contain_text("Date")
    one.context.set_offline(False)
    for page in (one, two):
        expect(spans(page)).to_have_count(2)
        expect(page.locator(".side")).to_contain_text("Order number")
        expect(page.locator(".side")).to_contain_text("Date")


def test_a_reload_without_a_network_loses_nothing(house, project, ann):
    page = house.open(ann, f"/p/{project.id}/label")
    expect(page.locator(".text-words").first).to_be_visible()
    title = item_of(page).inner_text()
    page.context.set_offline(True)
    edit(page)
    expect(page.locator(".save")).to_contain_text(re.compile("Offline"))
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        page.reload()
    page.context.set_offline(False)
    page.goto(f"/p/{project.id}/label")
    expect(item_of(page)).to_have_text(title)
    see_edit(page)
    saved(page)
