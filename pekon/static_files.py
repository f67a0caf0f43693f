"""Where packed static files are served from."""

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # whitenoise has no types
    from django.contrib.staticfiles.storage import ManifestStaticFilesStorage as _Packed
else:
    from whitenoise.storage import CompressedManifestStaticFilesStorage as _Packed

_IMPORT = r"""(?P<matched>(?P<word>\bfrom|\bimport) "(?P<url>\.\.?/[\w./-]+\.js)")"""


class StaticFilesStorage(_Packed):
    """WhiteNoise's storage, which looks each file's address up once for each process: every page has several.

    Scripts of ours that import each other (`from "./name.js"`, `from "../name.js"`) do so by hashed names. Django has
    patterns for that too, but they need a semicolon after each import.
    """

    patterns = (*_Packed.patterns, ("*.js", ((_IMPORT, '%(word)s "%(url)s"'),)))

    @lru_cache(maxsize=1_024)  # noqa: B019  (there is one instance, and it lasts as long as the process)
    def url(self, name: str, force: bool = False) -> str:
        return super().url(name, force)
