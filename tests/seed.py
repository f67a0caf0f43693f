"""The network that browser tests work in: `python -m tests.seed` in a server's environment."""

import django

django.setup()

from news.demo import builders  # noqa: E402
from tests.newsroom_browser import PASSWORD  # noqa: E402


def main() -> None:
    network = builders.make_network()
    sumbar = builders.make_region("sumaterabarat", network, short_name="Sumatera Barat")
    payakumbuh = builders.make_region("payakumbuh", sumbar)
    builders.make_region("limapuluhkota", sumbar, kind="regency", short_name="Lima Puluh Kota")
    builders.make_section("Politik")
    reporter = builders.make_user("reporter", "reporter", payakumbuh, password=PASSWORD)
    builders.make_author("Linda Sari", payakumbuh, user=reporter)
    builders.make_user("redaktur", "editor", payakumbuh, password=PASSWORD)
    builders.make_user("pemred", "chief_editor", payakumbuh, password=PASSWORD)


if __name__ == "__main__":
    main()
