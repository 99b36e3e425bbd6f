"""Every page, in light and dark, wide and narrow: it loads without a complaint, fits, names what can be
pressed, and axe (https://github.com/dequelabs/axe-core) finds nothing against its accessibility."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from web.e2e.screens import open_screens

AXE = (Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
# The library's menus hold the focus in a part without a role; their entries are looked at with everything else that is pressed.
CHECK = "axe.run({ exclude: '[data-portal]:has([data-menu-dropdown])' }, { resultTypes: ['violations'] })"
# Only colours are other ones in the dark.
CHECK_COLOURS = CHECK.replace("{ resultTypes", "{ runOnly: ['color-contrast'], resultTypes")
# The last as a window of 1440 is when it is zoomed to 200 %.
SIZES = {"wide": (1440, 900), "narrow": (1100, 900), "zoomed": (720, 450)}
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
# Whoever is not signed in is told so once; a page that does not exist asks for nothing that does.
EXPECTED = r"401.*/api/v1/me\b|console error.*401.*/api/v1/me\b"

# What a screen reader would say of everything that can be pressed or filled in; those of which it would say nothing.
NAMELESS = """() => {
  const roles = 'button, a[href], input:not([type=hidden]), select, textarea, [role=button], [role=radio], [role=checkbox], [role=textbox], [role=combobox], [role=application], [role=dialog], [role=img]'
  const said = (e) => {
    const by = (e.getAttribute('aria-labelledby') ?? '').split(/\\s+/).filter(Boolean).map((id) => document.getElementById(id)?.textContent ?? '').join(' ')
    const labels = [...(e.labels ?? [])].map((l) => l.textContent).join(' ')
    const words = ['INPUT', 'SELECT', 'TEXTAREA'].includes(e.tagName) ? '' : e.textContent
    return (e.getAttribute('aria-label') || by || labels || words || e.getAttribute('title') || '').trim()
  }
  const seen = (e) => e.checkVisibility({ visibilityProperty: true }) && e.closest('[aria-hidden=true]') === null
  return [...document.querySelectorAll(roles)].filter((e) => seen(e) && said(e) === '').map((e) => e.outerHTML.slice(0, 200))
}"""

# Words that stick out of what holds them without being cut with an ellipsis, and pages wider than the window.
STICKS_OUT = """() => {
  const found = []
  const page = document.scrollingElement
  if (page.scrollWidth > page.clientWidth) found.push(`the page: ${page.scrollWidth} > ${page.clientWidth}`)
  for (const e of document.querySelectorAll('.page, .main, .lab, .card, .dlg, header, nav, button, .btn, h1, h2, td, th, .tag, .chip')) {
    if (!e.checkVisibility()) continue
    const style = getComputedStyle(e)
    if (style.overflowX !== 'visible' || style.textOverflow === 'ellipsis' || e.scrollWidth <= e.clientWidth + 4 || e.clientWidth === 0) continue
    if (e.closest('.scroller, [style*="overflow"], svg, .text-body, .strip-line')) continue
    found.push(`${e.tagName}.${e.className}: ${e.scrollWidth} > ${e.clientWidth} ${e.textContent.slice(0, 60)}`)
  }
  return found
}"""

PICTURES_THERE = """() => {
  const here = [...document.images].filter((i) => { const r = i.getBoundingClientRect(); return r.bottom > 0 && r.top < innerHeight && r.width > 0 })
  return Promise.all(here.map((i) => i.complete || new Promise((done) => { i.onload = i.onerror = done }))).then(() => document.fonts.ready).then(() => true)
}"""


def pages_of(demo):
    """Every page with a name, the way to it, and something that is there when it is ready."""
    workspace = demo.client.workspace.id
    street, messages = (demo.client.project(title) for title in ("Street objects", "Shop messages"))
    empty = demo.client.create_project(
        "Nothing yet",
        schema="karat_schema: 1\nstreams:\n  text: {kind: text}\nfields:\n  a: {kind: choice, options: {b: {}, c: {}}}\n",
    )
    w, s, t = f"/w/{workspace}", f"/p/{street.id}", f"/p/{messages.id}"
    first = next(iter(street.items(sort="disagreement", descending=True)))["id"]
    word = next(iter(messages.items(sort="disagreement", descending=True)))["id"]
    return {
        "projects": (f"{w}/projects", "Street objects"),
        "archive": (f"{w}/projects?view=archived", "Nothing in the archive"),
        "bin": (f"{w}/projects?view=bin", "The bin is empty"),
        "new-project": (f"{w}/new", "Boxes around objects"),
        "people": (f"{w}/people", "olu@example.com"),
        "jobs": (f"{w}/jobs", "Olu Adeyemi"),
        "audit": (f"{w}/audit", "Olu Adeyemi"),
        "workspace": (f"{w}/setup", "Name"),
        "work": ("/work", "Street objects"),
        "profile": ("/profile/profile", "Email"),
        "security": ("/profile/security", "Second factor"),
        "sessions": ("/profile/sessions", "this one"),
        "tokens": ("/profile/tokens", "tests"),
        "home-image": (s, "Ana Kowalski"),
        "home-text": (t, "Ana Kowalski"),
        "home-empty": (f"/p/{empty.id}", "No items yet"),
        "items-image": (f"{s}/items?sort=disagreement&item={first}", "Ana Kowalski"),
        "items-grid": (f"{s}/items?view=grid", "street-0"),
        "items-text": (f"{t}/items?sort=disagreement&item={word}", "Ana Kowalski"),
        "items-none": (f"{t}/items?filter=" + '{"all":[{"tag":"nowhere"}]}', "No item fits"),
        "quality-image": (f"{s}/quality", "Who agrees with whom"),
        "quality-text": (f"{t}/quality", "Who agrees with whom"),
        "fairness": (f"{t}/fairness", "Topic: question"),
        "fairness-none": (f"/p/{empty.id}/fairness", "Not cut into slices yet"),
        "about-me": ("/profile/about", "Nobody is ever shown"),
        "project-people": (f"{t}/people", "Ana Kowalski"),
        "import": (f"{s}/import", "Bring in items"),
        "export": (f"{t}/export", "What to export"),
        "setup-image": (f"{s}/setup", "Schema"),
        "setup-text": (f"{t}/setup", "Schema"),
        "label-image": (f"{s}/label/{first}", "Submit"),
        "label-text": (f"{t}/label/{word}", "Submit"),
        "many-image": (f"{s}/many", "Hand in"),
        "many-text": (
            f"{t}/many?view=table&of=" + '{"filter":{"all":[]},"sort":"created","descending":false}',
            "Hand in",
        ),
        "missing-page": ("/nowhere/at/all", "There is no such page"),
    }


def ready(page, shows):
    """What was looked for is there, nothing is still grey, and pictures have come."""
    expect(page.get_by_text(shows).first).to_be_visible()
    expect(page.locator(".sk:visible")).to_have_count(0)
    # Evaluated from outside: the page's own policy rightly refuses to run a string. Pictures below the window come later.
    page.evaluate(PICTURES_THERE)


def look(page, name, faults, pictures):
    """What is wrong with a page in the light and in the dark, in windows of all sizes."""
    page.evaluate(AXE)
    for theme, check in (("light", CHECK), ("dark", CHECK_COLOURS)):
        page.emulate_media(color_scheme=theme)
        page.evaluate(DRAWN)
        for broken in page.evaluate(check)["violations"]:
            faults += [
                f"{name} {theme} {broken['id']}, {broken['help']}: {one['html'][:200]}" for one in broken["nodes"]
            ]
        pictures(page, f"{name}-{theme}")
    page.emulate_media(color_scheme="light")
    faults += [f"{name} has no name: {what}" for what in page.evaluate(NAMELESS)]
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        # Two frames: one to lay out, one for what measures itself.
        page.evaluate(DRAWN)
        pictures(page, f"{name}-{size}")
        faults += [f"{name} {size} sticks out: {what}" for what in page.evaluate(STICKS_OUT)]
    page.set_viewport_size({"width": 1440, "height": 900})


@pytest.fixture(scope="module")
def pages(demo):
    return pages_of(demo)


def test_every_screen_of_labeling_fits_is_named_and_complains_of_nothing(demo, watched, pictures, tmp_path):
    page = watched.page(demo.context(demo.owner, reduced_motion="reduce").new_page())
    faults = []
    for name, project in open_screens(demo, tmp_path).items():
        page.goto(f"/p/{project.id}/label")
        ready(page, "Saved")
        look(page, name, faults, pictures)
        if name == "entity":
            page.keyboard.press("q")
            ready(page, "Berlin")
            look(page, "entity-search", faults, pictures)
    demo.leave()
    assert not faults, "\n".join(faults)


def test_every_page_fits_is_named_and_complains_of_nothing(demo, pages, watched, pictures):
    page = watched.page(demo.context(demo.owner, reduced_motion="reduce").new_page())
    faults = []
    for name, (path, shows) in pages.items():
        page.goto(path)
        ready(page, shows)
        look(page, name, faults, pictures)
    demo.leave()
    assert not faults, "\n".join(faults)


def test_pages_before_signing_in_fit_and_are_named(demo, watched, pictures):
    page = watched.page(
        demo.context(reduced_motion="reduce").new_page(),
        allowed=EXPECTED + r"|404.*/api/v1/links/|console error.*404.*/links/",
    )
    faults = []
    for name, path, shows in (
        ("sign-in", "/", "Sign in"),
        ("link-open", demo.client.invite(role="reviewer").url, "Continue"),
        ("link-spent", demo.link, "This link is spent"),
        ("link-unknown", "/links/none", "This link is not known"),
    ):
        page.goto(path)
        ready(page, shows)
        look(page, name, faults, pictures)
    page.goto(demo.client.invite(role="annotator").url)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label(re.compile("^Password")).fill("short")
    ready(page, "more characters")
    look(page, "link-form", faults, pictures)
    demo.leave()
    assert not faults, "\n".join(faults)


def test_dialogs_and_menus_fit_and_are_named(demo, pages, watched, pictures):
    page = watched.page(demo.context(demo.owner, reduced_motion="reduce").new_page())
    faults = []

    def shown(name, where, *do, shows):
        page.goto(pages[where][0])
        ready(page, pages[where][1])
        for act in do:
            act()
        ready(page, shows)
        look(page, name, faults, pictures)

    def press(key):
        return lambda: page.keyboard.press(key)

    def click(name, role="button"):
        return lambda: page.get_by_role(role, name=name).first.click()

    shown("palette", "home-image", press("Control+k"), shows="Go to")
    shown("page-keys", "items-image", press("?"), shows="Keys of this page")
    shown("invite", "people", click("Invite"), shows="Invite someone")
    shown("invited", "people", click("Invite"), click("Make the link"), shows="Copy the link")
    shown("account-menu", "home-text", click(re.compile("Olu Adeyemi")), shows="Sign out")
    shown("filter", "items-text", press("f"), shows="Apply")
    shown("bulk", "items-image", press("x"), press("j"), press("x"), shows="2 chosen")
    shown("csv", "items-text", click("Metadata by CSV"), shows="CSV file")
    shown("columns", "items-image", click("Columns"), shows="Back to the usual columns")
    shown("save-view", "items-image", press("Control+s"), shows="Name of the view")
    shown(
        "second-factor",
        "security",
        click("Set up"),
        lambda: page.get_by_role("dialog").get_by_role("button", name="Set up").click(),
        shows="Scan this",
    )
    shown("new-yaml", "new-project", click("YAML", "radio"), shows="YAML 1.2")
    shown("new-token", "tokens", click("New token"), shows="What is it for?")
    shown("label-keys", "label-image", press("?"), shows="Keys of this screen")
    shown("label-palette", "label-text", press("Control+k"), shows="Submit and next")
    shown("label-skip", "label-image", press("x"), shows="Skip this item")
    demo.leave()
    assert not faults, "\n".join(faults)
