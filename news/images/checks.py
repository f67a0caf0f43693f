"""System checks of what photo handling needs from the machine."""

from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register

from . import confinement


@register(Tags.security, deploy=True)
def check_confinement(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that the kernel can deny files, sockets and programs to the process that opens uploaded files."""
    without = confinement.missing()
    if not without:
        return []
    return [
        Warning(
            f"Uploaded photos are opened without {' and '.join(without)}.",
            hint=(
                "A fault in a decoder could read files or reach the network as Pekon's user. Use a kernel with "
                "Landlock and seccomp (Debian 12 has both), and allow landlock_create_ruleset, landlock_add_rule, "
                "landlock_restrict_self, seccomp and prctl in the service's or the container's own filter."
            ),
            id="images.W001",
        )
    ]
