"""In which version of Chrome each feature of CSS came, by MDN's browser compatibility data.

Not named here means known to Chrome 69: a sheet that uses something newer adds its line. Not in tables, because they
are grammar, are what tests.pages.downgrade knows of itself: media queries with `or`, `not (…)` and ranges (104), lists
in `:not()` (88), `of` in `:nth-child()` (111), nesting (112, 120), `@supports selector()` (83).
"""

VERSION = 69
NEVER = 999

AT_RULES = {"charset": 2, "import": 1, "media": 1, "supports": 28, "font-face": 1, "keyframes": 43, "page": 2} | {
    "property": 85, "layer": 99, "container": 105, "font-palette-values": 101, "counter-style": 91,
    "starting-style": 117,
    "scope": 118, "position-try": 125, "view-transition": 126, "font-feature-values": 111, "function": 139,
    "custom-media": NEVER,
}  # fmt: skip
MEDIA_FEATURES = {
    "prefers-reduced-motion": 74, "prefers-color-scheme": 76, "forced-colors": 89, "prefers-contrast": 96,
    "dynamic-range": 98, "color-gamut": 58, "prefers-reduced-data": NEVER, "update": 113, "overflow-block": 113,
    "overflow-inline": 113, "prefers-reduced-transparency": 118, "inverted-colors": NEVER, "scripting": 120,
    "video-dynamic-range": 98, "horizontal-viewport-segments": 138,
}  # fmt: skip
PSEUDOS = {
    "is": 88, "where": 88, "has": 105, "focus-visible": 86, "dir": 120, "modal": 105, "fullscreen": 71,
    "user-valid": 119, "user-invalid": 119,
    "autofill": 110, "popover-open": 114, "open": 133, "state": 125, "picture-in-picture": 110, "target-current": 135,
    "marker": 86, "part": 73, "file-selector-button": 89, "target-text": 89, "highlight": 105, "spelling-error": 121,
    "grammar-error": 121, "details-content": 131, "view-transition": 109, "view-transition-group": 109,
    "view-transition-old": 109, "view-transition-new": 109, "view-transition-image-pair": 109,
    "active-view-transition": 125, "scroll-button": 135, "scroll-marker": 135, "scroll-marker-group": 135,
    "column": 135,
    "host-context": 54, "checkmark": 133, "picker": 135, "picker-icon": 133,
}  # fmt: skip
PROPERTIES = {
    **dict.fromkeys(["margin-inline", "margin-block", "padding-inline", "padding-block", "inset", "inset-inline",
                     "inset-block", "inset-inline-start", "inset-inline-end", "inset-block-start", "inset-block-end",
                     "border-inline", "border-block", "border-inline-width", "border-inline-style",
                     "border-inline-color", "border-block-width", "border-block-style", "border-block-color"], 87),
    **dict.fromkeys(["border-start-start-radius", "border-start-end-radius", "border-end-start-radius",
                     "border-end-end-radius"], 89),
    **dict.fromkeys(["margin-inline-start", "margin-inline-end", "padding-inline-start", "padding-inline-end",
                     "scroll-margin", "scroll-padding", "scroll-snap-type", "scroll-snap-align"], 69),
    "scroll-snap-stop": 75,
    **dict.fromkeys(["overscroll-behavior-inline", "overscroll-behavior-block"], 77),
    "text-underline-offset": 87, "text-decoration-thickness": 89,
    "text-underline-position": 33, "text-decoration-skip-ink": 64, "text-wrap": 114, "text-wrap-mode": 130,
    "text-wrap-style": 130, "text-box": 133, "text-box-trim": 133, "text-box-edge": 133, "text-emphasis": 99,
    "text-spacing-trim": 123, "text-autospace": 140, "white-space-collapse": 114, "hyphenate-character": 106,
    "hyphenate-limit-chars": 109, "hanging-punctuation": NEVER, "initial-letter": 110, "line-clamp": NEVER,
    "font-optical-sizing": 79, "font-size-adjust": 127, "font-palette": 101, "font-synthesis": 97,
    "font-synthesis-weight": 97, "font-variant-alternates": 111, "font-variant-position": 117,
    "aspect-ratio": 88, "color-scheme": 81, "accent-color": 93, "forced-color-adjust": 89, "print-color-adjust": 136,
    "appearance": 84, "field-sizing": 123, "interpolate-size": 129, "contain": 52, "container": 105,
    "container-type": 105, "container-name": 105, "content-visibility": 85, "contain-intrinsic-size": 83,
    "contain-intrinsic-height": 95, "contain-intrinsic-width": 95, "contain-intrinsic-block-size": 95,
    "contain-intrinsic-inline-size": 95, "mask-clip": 120, "mask-mode": 120, "mask-origin": 120,
    "text-emphasis-color": 99, "text-emphasis-style": 99, "text-emphasis-position": 99, "page": 85,
    "object-view-box": 104, "position-try": 125, "position-try-fallbacks": 128, "anchor-scope": 131,
    "font-variant-emoji": 131, "offset-anchor": 116, "offset-position": 116, "interactivity": 135,
    "scrollbar-gutter": 94, "scrollbar-width": 121, "scrollbar-color": 121, "overflow-clip-margin": 90,
    "overflow-block": 135, "overflow-inline": 135, "translate": 104, "rotate": 104, "scale": 104,
    "backdrop-filter": 76, "mask": 120, "mask-image": 120, "mask-size": 120, "mask-position": 120, "mask-repeat": 120,
    "mask-composite": 120, "view-transition-name": 111, "view-transition-class": 125, "animation-timeline": 115,
    "animation-range": 115, "animation-composition": 112, "scroll-timeline": 115, "view-timeline": 115,
    "timeline-scope": 116, "transition-behavior": 117, "overlay": 117, "anchor-name": 125, "position-anchor": 125,
    "position-area": 129, "counter-set": 85, "image-orientation": 81, "ruby-position": 84, "zoom": 1,
    "offset-rotate": 56, "math-style": 109, "corner-shape": 139, "box-decoration-break": 130, "reading-flow": 137,
}  # fmt: skip
FUNCTIONS = {
    "min": 79, "max": 79, "clamp": 79, "env": 69, "light-dark": 123, "color-mix": 111, "oklch": 111, "oklab": 111,
    "lch": 111, "lab": 111, "hwb": 101, "color": 111, "image-set": 113, "round": 125, "mod": 125, "rem": 125,
    "abs": 138, "sign": 138, "sin": 111, "cos": 111, "tan": 111, "pow": 120, "sqrt": 120, "hypot": 120, "exp": 120,
    "log": 120, "anchor": 125, "anchor-size": 125, "calc-size": 129, "if": 137, "xywh": 119, "rect": 119,
    "contrast-color": 147, "sibling-index": 138, "sibling-count": 138, "path": 88, "shape": 135,
}  # fmt: skip
UNITS = {
    **dict.fromkeys(
        "svh svw svi svb svmin svmax lvh lvw lvi lvb lvmin lvmax dvh dvw dvi dvb dvmin dvmax vi vb".split(), 108
    ),
    **dict.fromkeys("cqw cqh cqi cqb cqmin cqmax".split(), 105),
    "lh": 109, "rlh": 111, "cap": 118, "rcap": 118, "ic": 106, "ric": 111, "rex": 111, "rch": 111, "x": 29, "dppx": 29,
}  # fmt: skip
WORDS = {
    "revert": 84, "revert-layer": 99, "subgrid": 117, "stretch": 138, "clip": 90, "anywhere": 80,
    "math": 109, "from": 119, "ui-serif": NEVER, "allow-discrete": 117,
}  # fmt: skip
"""Key words of values. `clip` is one of text-overflow's too, which Chrome has long had."""
HTML = {"popover": 114, "popovertarget": 114, "inert": 102}
"""Attributes that hide or show something: without them the element is as any other."""
