import re

from news.demo import builders


def test_links_of_previews_lead_to_the_edition_and_not_to_addresses_that_the_newsroom_lacks(tree, people, newsroom):
    writer = builders.make_author("Linda Sari", tree.payakumbuh)
    article = builders.make_article(tree.payakumbuh, tags=["Pasar"], writers=[writer])
    client = newsroom(people.redaktur)
    for address in (f"/news/article/{article.pk}/preview/", "/halaman-depan/payakumbuh/pratinjau/halaman/"):
        links = re.findall(r'<a [^>]*href="([^"]+)"', client.get(address).text)
        assert [link for link in links if link.startswith("/")] == [], address
        assert sum(link.startswith(f"{tree.payakumbuh.origin}/") for link in links) > 2, address
