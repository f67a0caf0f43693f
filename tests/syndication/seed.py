"""A network with articles to ask the API for: `python -m tests.syndication.seed` in a server's environment."""

import django

django.setup()

from news.demo import builders  # noqa: E402
from news.images import uploads  # noqa: E402
from news.models import Article  # noqa: E402
from tests.conftest import photo_file  # noqa: E402


def main() -> None:
    network = builders.make_network()
    sumbar = builders.make_region("sumaterabarat", network, short_name="Sumatera Barat")
    region = builders.make_region("payakumbuh", sumbar)
    photo = uploads.store(photo_file((1800, 1400)), region=region, user=None, caption="Jembatan", credit="Antara")
    for number in range(30):
        builders.make_live(
            region,
            title=f"Warga memperbaiki jembatan ke-{number} & jalan",
            tags=[f"Jembatan {number % 5}", "Gotong royong"],
            kind=Article.Kind.values[number % 5],
            lead_photo=photo if number % 3 == 0 else None,
        )
    builders.make_withdrawn(region)


if __name__ == "__main__":
    main()
