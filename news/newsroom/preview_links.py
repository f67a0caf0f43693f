"""Links in previews on the newsroom's host lead to the edition, where readers' addresses are, in a tab of their own."""

import re

from django.http import HttpResponse

from regions.models import Region

_LINK = re.compile(rb'<a ([^>]*)href="/(?!/)')


def lead_to_edition(response: HttpResponse, region: Region) -> HttpResponse:
    """The preview of a page of `region`, changed."""
    origin = region.origin.encode()
    response.content = _LINK.sub(rb'<a target="_blank" rel="noopener" \1href="' + origin + rb"/", response.content)
    return response
