// What the service worker finds and does not bring itself, for `tsc`.

/** What news/readers/views/offline.py writes above static/js/sw.js. */
declare const WORDS: { kept: string; none: string }
