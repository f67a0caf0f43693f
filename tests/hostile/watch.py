"""Sees whatever a hostile string manages to do in a page: run, ask, open, lead away, or stand where it must not."""

import http.client
import json
import re
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from xml.etree import ElementTree

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Frame, Request, Response

SIGN = "hostile:"
REPORT = "the policy alone kept a script from running"
PATIENCE = 200  # milliseconds
LISTEN = f"""
Object.defineProperty(window, "ran", {{ value: () => console.error("{SIGN} a script ran") }})
document.addEventListener("securitypolicyviolation", (event) => {{
  if (event.effectiveDirective.startsWith("script"))
    console.error("{SIGN} {REPORT}:", event.effectiveDirective, event.sample)
}})
"""
"""Runs before everything else in each page and frame. Nothing in the page can replace it."""

LOOK = """
() => {
  const found = []
  const say = (what, element) => found.push(what + ": " + element.outerHTML.slice(0, 200))
  const leads = (address) => {
    try { return /^(javascript|vbscript|data):/.test(new URL(address, document.baseURI).href) } catch { return false }
  }
  for (const element of document.querySelectorAll("*")) {
    for (const { name, value } of element.attributes) {
      if (/^on/i.test(name) && value.includes("ran(")) say("a handler", element)
      const isAddress = /^(href|src|action|formaction|data|xlink:href|ping|cite)$/i.test(name)
      if (isAddress && leads(value)) say("a script's address", element)
    }
    if (/^(iframe|object|embed|applet|frame|base|foreignobject|math|animate|set)$/i.test(element.localName))
      say("an element that no page of ours has", element)
    if (element.localName === "script" && element.textContent.includes("ran(") && !element.type.includes("json"))
      say("a script element", element)
    if (element.localName === "style" && element.textContent.includes("hostile")) say("a style element", element)
    if (element.localName === "meta" && /refresh/i.test(element.httpEquiv)) say("a refresh", element)
  }
  return found
}
"""
"""What stands in the page, whether it has run or not."""

LOOK_INTO_BODIES = """
([where, tags, attributes, schemes, extras]) => {
  const found = []
  const scheme = (element) => {
    try { return new URL(element.getAttribute("href"), document.baseURI).protocol } catch { return ":" }
  }
  const bodies = document.querySelectorAll(where)
  for (const body of bodies) for (const element of body.querySelectorAll("*")) {
    if (extras.some((extra) => element.matches(extra))) continue
    const name = element.localName
    const say = (what) => found.push(what + ": " + element.outerHTML.slice(0, 200))
    if (!(element instanceof HTMLElement) || !tags.includes(name)) say("an element")
    for (const attribute of element.attributes)
      if (!(attributes[name] ?? []).includes(attribute.name)) say("the attribute " + attribute.name)
    if (!/^$|^list-style-type: [a-z-]+;$/.test(element.getAttribute("style") ?? "")) say("a style")
    if (element.hasAttribute("href") && !schemes.includes(scheme(element))) say("the scheme " + scheme(element))
  }
  return [bodies.length, [...bodies].reduce((sum, body) => sum + body.querySelectorAll("*").length, 0), found]
}
"""

LOOK_INTO_FRAGMENTS = """
([inputs, tags, attributes, schemes]) => {
  const found = []
  const scheme = (element) => {
    try { return new URL(element.getAttribute("href"), document.baseURI).protocol } catch { return ":" }
  }
  const look = (root, number, how) => {
    for (const element of root.querySelectorAll("*")) {
      const name = element.localName
      const say = (what) => found.push([number, how, what, element.outerHTML.slice(0, 200)])
      if (element.namespaceURI !== "http://www.w3.org/1999/xhtml" || !tags.includes(name)) say("an element")
      for (const attribute of element.attributes)
        if (!(attributes[name] ?? []).includes(attribute.name)) say("the attribute " + attribute.name)
      if (element.hasAttribute("href") && !schemes.includes(scheme(element))) say("the scheme " + scheme(element))
    }
    const comments = document.createNodeIterator(root, NodeFilter.SHOW_COMMENT)
    if (comments.nextNode()) found.push([number, how, "a comment", ""])
  }
  const live = document.body.appendChild(document.createElement("div"))
  inputs.forEach((input, number) => {
    look(new DOMParser().parseFromString(input, "text/html").body, number, "a document")
    const template = document.createElement("template")
    template.innerHTML = input
    look(template.content, number, "a fragment")
    live.innerHTML = input
    look(live, number, "the page")
    live.innerHTML = live.innerHTML
    look(live, number, "the page, written anew")
  })
  live.remove()
  return found
}
"""
"""The same for many bodies, each read in four ways."""

TAGS = "a aside blockquote br em figcaption figure h2 h3 hr li ol p strong sub sup table tbody td th tr ul".split()
ATTRIBUTES = {
    "a": ["href", "title"],
    "aside": ["data-article"],
    "figure": ["data-photo"],
    "ol": ["start", "type"],
    "td": ["colspan", "rowspan"],
    "th": ["colspan", "rowspan"],
}
SCHEMES = ["http:", "https:", "mailto:", "tel:"]
"""What may stand in an article's body, written down a second time, so that nobody loosens the rules unnoticed. A link
that a browser cannot read at all has the scheme ":", and leads nowhere."""


@dataclass
class Watched:
    """A page under watch. `seen` is what hostile strings did in it.

    `pages` counts those that it opened, `linked` the JSON-LD blocks that it read.
    """

    context: BrowserContext
    own_host: str
    seen: list[str] = field(default_factory=list)
    pages: int = 0
    linked: int = 0

    def __post_init__(self) -> None:
        self.context.add_init_script(LISTEN)
        self.context.on("console", self._on_console)
        self.context.on("dialog", lambda dialog: (self._saw(f"a dialog said {dialog.message}"), dialog.dismiss()))
        self.context.on("request", self._on_request)
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self._expected, self._opening = "about:blank", False
        self.page.on("framenavigated", self._on_navigation)
        self.context.on("page", lambda page: self._saw(f"a window opened: {page.url}"))

    def _saw(self, what: str) -> None:
        self.seen.append(f"{what} (at {self._expected})")

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.text.startswith(SIGN):
            self._saw(message.text)

    def _on_request(self, request: Request) -> None:
        if urlsplit(request.url).scheme not in ("data", "blob", "about") and not self._is_own(request.url):
            self._saw(f"a stranger was asked: {request.url[:200]}")

    def _is_own(self, url: str) -> bool:
        return f".{urlsplit(url).netloc}".endswith(f".{self.own_host}")

    def _on_navigation(self, frame: Frame) -> None:
        if frame != self.page.main_frame:
            self._saw(f"a frame was opened: {frame.url[:200]}")
        elif frame.url.startswith("chrome-error:"):
            return  # for an answer without content; a request to another host would have been seen
        elif not (self._opening and self._is_own(frame.url)):  # a server of ours may lead to another page of ours
            self._saw(f"the page was left for {frame.url[:200]}")

    def visit(self, url: str) -> int:
        """Open the address, wait until all of it is there, look through it, and return its status."""
        self._expected, self._opening = url, True
        try:
            response = self._go(url)
        except Error as error:
            # A browser does not show most feeds, nor an answer without content.
            if not re.search("Download is starting|ERR_HTTP_RESPONSE_CODE_FAILURE", error.message):
                raise
            return self._fetch(url)
        finally:
            self._opening = False
        assert response is not None
        self.pages += 1
        self.look(response)
        return response.status

    def press(self, button: str) -> None:
        """Send the form on screen by this button, without asking the browser whether it is well filled in."""
        self.page.evaluate("for (const form of document.forms) form.noValidate = true")
        self._opening = True
        with self.page.expect_navigation(wait_until="load"):
            self.page.locator(button).first.evaluate("button => button.click()")  # it may be in a closed menu
        self._opening = False
        self.pages += 1
        self.look()

    def pour(self, markup: str) -> None:
        """Put markup into the page on screen as if a server had sent it, and wait for what it does."""
        with suppress(Error):  # it may have led the page away by now
            self._opening = True  # by opening the document again
            self.page.evaluate("(markup) => { document.open(); document.write(markup); document.close() }", markup)
            self._opening = False
            self.look()
            for _turn in range(10):
                if not self.seen or all(REPORT in what for what in self.seen):
                    self.page.wait_for_timeout(PATIENCE / 10)
        self._opening = False

    def settle(self) -> None:
        """Wait for what was set going: handlers, timers, answers from the network."""
        self.page.wait_for_timeout(PATIENCE)

    def _go(self, url: str) -> Response | None:
        for _try in range(200):
            try:
                return self.page.goto(url, wait_until="load")
            except Error as error:
                if "interrupted by another navigation" not in error.message:
                    raise
                self.page.wait_for_timeout(PATIENCE / 10)  # the page before had begun it: an error page, a refresh
        raise AssertionError(f"{url} cannot be opened")

    def look(self, response: Response | None = None) -> None:
        """Look through what the page shows now; `response` is what it came from."""
        kind = response.headers.get("content-type", "") if response else ""
        if response and re.search("xml|json", kind):
            parse(response.body(), kind)
            return
        self.seen += [f"{what} (at {self._expected})" for what in self.page.evaluate(LOOK)]
        for text in self.page.locator('script[type="application/ld+json"]').all_text_contents():
            json.loads(text)
            self.linked += 1

    def look_into_bodies(self, where: str, extras: list[str], attributes: dict[str, list[str]] = ATTRIBUTES) -> int:
        """Hold the elements below `where` against what a body may contain; returns how many there are."""
        bodies, elements, found = self.page.evaluate(
            LOOK_INTO_BODIES, [where, TAGS, attributes, [*SCHEMES, ":"], extras]
        )
        assert bodies, f"nothing at {where} on {self._expected}"
        self.seen += [f"{what} (at {self._expected})" for what in found]
        return elements

    def _fetch(self, url: str) -> int:
        """The same without the browser."""
        address = urlsplit(url)
        connection = http.client.HTTPConnection("127.0.0.1", address.port, timeout=30)
        connection.request(
            "GET", address.path + (f"?{address.query}" if address.query else ""), headers={"Host": address.netloc}
        )
        response = connection.getresponse()
        parse(response.read(), response.headers.get("Content-Type", ""))
        connection.close()
        self.pages += 1
        return response.status


def parse(content: bytes, kind: str) -> None:
    """Read XML or JSON as strictly as its standard is. Raises ParseError, ValueError."""
    if "xml" in kind:
        ElementTree.fromstring(content)
    elif "json" in kind:
        json.loads(content, parse_constant=_refuse)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")
