"""What Chrome 69 makes of a style sheet: everything that it cannot parse is dropped, as its parser would drop it.

Chrome 69 (September 2018) stands for the browsers of old Android phones, and for UC Browser, whose engine is as old.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import tinycss2
from tinycss2 import ast

from tests.pages.chrome_features import (
    AT_RULES,
    FUNCTIONS,
    HTML,
    MEDIA_FEATURES,
    PROPERTIES,
    PSEUDOS,
    UNITS,
    VERSION,
    WORDS,
)

NO_FLEX_GAP = """for (const element of document.querySelectorAll("*"))
    if (getComputedStyle(element).display.endsWith("flex")) element.style.setProperty("gap", "0", "important")"""
"""To be run in the page: Chrome had `gap` in grids from version 66, in flexible boxes from 84."""
INVALID = "unsupported(69)"
"""A function that no browser knows."""


def sheet(css: str) -> str:
    """The style sheet as Chrome 69 understands it."""
    return "".join(_rules(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)))


def html(text: str) -> str:
    """The page with its inline styles as Chrome 69 understands them, and without the attributes that it does not."""
    text = re.sub(r"(<style[^>]*>)(.*?)(</style>)", lambda part: part[1] + sheet(part[2]) + part[3], text, flags=re.S)
    text = re.sub(r'(\sstyle=")([^"]*)(")', lambda part: part[1] + _declarations(part[2]) + part[3], text)
    unknown = "|".join(name for name, since in HTML.items() if since > VERSION)
    return re.sub(rf'(<[a-z][^>]*?)\s(?:{unknown})(?:="[^"]*")?(?=[\s>])', r"\1", text)


def _rules(rules: Iterable[ast.Node]) -> Iterator[str]:
    for rule in rules:
        if rule.type == "qualified-rule" and knows_selector(rule.prelude):
            yield f"{tinycss2.serialize(rule.prelude)}{{{_declarations(rule.content)}}}\n"
        elif rule.type == "at-rule" and AT_RULES.get(_bare(rule.lower_at_keyword), 0) <= VERSION:
            yield from _at_rule(rule)


def _at_rule(rule: ast.AtRule) -> Iterator[str]:
    name, prelude = _bare(rule.lower_at_keyword), rule.prelude
    if name == "media":
        prelude = _media(prelude)
        if not prelude:
            return
    elif (name == "supports" and not knows_condition(prelude)) or (name == "import" and "layer" in _names(prelude)):
        return
    before = f"@{rule.at_keyword}{tinycss2.serialize(prelude)}"
    if name == "supports":  # decided here, and not by the browser that shows the page
        before = "@media all"
    if rule.content is None:
        yield f"{before};\n"
    elif name in {"font-face", "page"}:
        yield f"{before}{{{_declarations(rule.content)}}}\n"
    else:
        inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
        yield f"{before}{{{''.join(_rules(inner))}}}\n"


def _declarations(content: Any) -> str:
    """By the parser of the time, to which a nested rule is an error that lasts until the next semicolon."""
    kept = []
    for item in tinycss2.parse_declaration_list(content, skip_comments=True, skip_whitespace=True):
        if item.type == "declaration" and PROPERTIES.get(item.lower_name, 0) <= VERSION:
            value = tinycss2.serialize(item.value)
            if not knows_value(item.lower_name, item.value):
                if not item.name.startswith("--") and "var" not in _functions(item.value):
                    continue
                # It is taken unparsed. If it is invalid when it is used, earlier declarations do not hold either.
                value = INVALID if item.name.startswith("--") else f"var(--nowhere) {INVALID}"
            kept.append(f"{item.name}:{value}{' !important' if item.important else ''};")
    return "".join(kept)


def knows_selector(prelude: list[ast.Node]) -> bool:
    """One unknown part makes the whole list of selectors unknown."""
    for position, token in enumerate(prelude):
        before = prelude[position - 1] if position else None
        if token == "&":
            return False
        if before == ":" and token.type in {"ident", "function"}:
            name = _bare(token.lower_value if token.type == "ident" else token.lower_name)
            if PSEUDOS.get(name, 0) > VERSION:
                return False
        if token.type == "function":
            if token.lower_name == "not" and not _is_simple(token.arguments):
                return False
            if token.lower_name.startswith("nth-") and "of" in _names(token.arguments):
                return False
            if not knows_selector(token.arguments):
                return False
        if token.type == "[] block" and _names(token.content)[-1:] == ["s"] and any(t == "=" for t in token.content):
            return False
    return True


def _is_simple(arguments: list[ast.Node]) -> bool:
    """One simple selector, which is all that `:not()` took before version 88."""
    text = tinycss2.serialize(arguments).strip()
    return re.fullmatch(r"(?:[.#]?[\w-]+|\*|\[[^\]]*\]|::?[\w-]+(?:\([^)]*\))?)", text) is not None


def knows_value(name: str, tokens: list[ast.Node]) -> bool:
    return all(_knows_token(name, token) for token in tokens)


def _knows_token(name: str, token: ast.Node) -> bool:
    match token.type:
        case "function":
            known = FUNCTIONS.get(token.lower_name, 0) <= VERSION and (token.lower_name != "attr" or name == "content")
            return known and knows_value(name, token.arguments)
        case "() block" | "[] block" | "{} block":
            return knows_value(name, token.content)
        case "dimension":
            return UNITS.get(token.lower_unit, 0) <= VERSION
        case "ident":
            return _knows_word(name, token.lower_value)
    return True


def _knows_word(name: str, word: str) -> bool:
    if name in {"font-family", "font", "text-overflow", "background-clip", "content"} or name.startswith("--"):
        return True
    return WORDS.get(word, 0) <= VERSION


def knows_condition(tokens: list[ast.Node]) -> bool:
    """Whether an `@supports` condition is met: declarations, `not`, `and`, `or`. `selector()` came with version 83."""
    tokens = [token for token in tokens if token.type not in {"whitespace", "comment"}]
    words = [token.lower_value for token in tokens if token.type == "ident"]
    if any(token.type == "function" for token in tokens):
        return False
    parts = [_knows_part(token) for token in tokens if token.type == "() block"]
    if words[:1] == ["not"]:
        return not parts[0]
    return any(parts) if "or" in words else all(parts)


def _knows_part(block: ast.ParenthesesBlock) -> bool:
    declaration = tinycss2.parse_one_declaration(block.content, skip_comments=True)
    if declaration.type != "declaration":
        return knows_condition(block.content)
    known = PROPERTIES.get(declaration.lower_name, 0) <= VERSION
    return known and knows_value(declaration.lower_name, declaration.value)


def _media(prelude: list[ast.Node]) -> list[ast.Node]:
    """The queries of the list that Chrome 69 understands; the others are never true to it."""
    queries: list[list[ast.Node]] = [[]]
    for token in prelude:
        if token == ",":
            queries.append([])
        else:
            queries[-1].append(token)
    known = [query for query in queries if _knows_media(query)]
    return [token for query in known for token in [*query, ast.LiteralToken(0, 0, ",")]][:-1]


def _knows_media(query: list[ast.Node]) -> bool:
    words = [token.lower_value for token in query if token.type == "ident"]
    features = [token for token in query if token.type == "() block"]
    if "or" in words or (words[:1] == ["not"] and len(words) == 1):
        return False
    return all(_knows_feature(feature.content) for feature in features)


def _knows_feature(content: list[ast.Node]) -> bool:
    """`(name)` or `(name: value)`; ranges, and brackets in brackets, came with version 104."""
    if any(token in ("<", ">") or token.type == "() block" for token in content):
        return False
    return MEDIA_FEATURES.get(*_names(content)[:1], 0) <= VERSION and knows_value("--media", content)


def _names(tokens: Iterable[ast.Node]) -> list[str]:
    return [token.lower_value for token in tokens if token.type == "ident"]


def _functions(tokens: Iterable[ast.Node]) -> set[str]:
    names = set()
    for token in tokens:
        if token.type == "function":
            names |= {token.lower_name} | _functions(token.arguments)
    return names


def _bare(name: str) -> str:
    return re.sub(r"^-(?:webkit|moz|ms|o)-", "", name)
