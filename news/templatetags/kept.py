"""`{% kept "name" … %}…{% endkept %}`: a part of the page that other pages of the same edition have too, rendered once.

Worth it for what is long and the same on many pages: the menu, the list of editions, the stories below a story. The
further arguments tell apart what differs. What they can be must be few: each is kept until the region's next edition.
"""

from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString

register = template.Library()


class KeptNode(template.Node):
    def __init__(self, names: list[FilterExpression], nodelist: NodeList):
        self.names, self.nodelist = names, nodelist

    def render(self, context: Context) -> SafeString:
        request: Any = context.get("request")
        if not hasattr(request, "snapshot") or context["region"] != request.region:  # a preview, on another host
            return self.nodelist.render(context)
        name = "\n".join(str(name.resolve(context)) for name in self.names)
        return request.snapshot.of_region(request.region.pk, name, lambda: self.nodelist.render(context))


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    names = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    nodelist = parser.parse(["endkept"])
    parser.delete_first_token()
    return KeptNode(names, nodelist)
