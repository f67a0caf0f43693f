"""`manage.py doctor`: examines a running install, and says what to do."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

import pekon.doctor.checks  # noqa: F401  (registers the checks)
from pekon.doctor import registry
from pekon.doctor.registry import Finding, Options, Status


class Command(BaseCommand):
    help = (
        "Examines this install and says what to do. The exit status is 0 if all is well, 1 with warnings, 2 with "
        "failures. Run it on each machine, as the user and with the environment of gunicorn."
    )
    requires_system_checks: list[str] = []  # a failed one is a finding

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object, for monitors")
        parser.add_argument("--mail", default="", metavar="ADDRESS", help="send a trial mail to this address")
        names = registry.names()
        parser.add_argument("--only", nargs="+", choices=names, metavar="CHECK", help=f"of: {', '.join(names)}")
        parser.add_argument("--skip", nargs="+", choices=names, metavar="CHECK", default=[], help="leave these out")

    def handle(self, *args: Any, **options: Any) -> None:
        # Without the pool, a database that is away is known at once, and by its own message.
        connection.settings_dict["OPTIONS"].pop("pool", None)
        chosen = [name for name in options["only"] or registry.names() if name not in options["skip"]]
        worst, findings = Status.OK, []
        for name, finding in registry.run(Options(mail_to=options["mail"]), chosen):
            worst = max(worst, finding.status)
            findings.append({"check": name, "status": finding.status.name, "text": finding.text})
            if finding.advice:
                findings[-1]["advice"] = finding.advice
            if not options["json"]:
                self._write(name, finding)
        if options["json"]:
            self.stdout.write(json.dumps({"status": worst.name, "findings": findings}, indent=1, ensure_ascii=False))
        sys.exit(int(worst))

    def _write(self, name: str, finding: Finding) -> None:
        style = {Status.FAIL: self.style.ERROR, Status.WARN: self.style.WARNING, Status.OK: self.style.SUCCESS}
        paint = style.get(finding.status, str)
        self.stdout.write(f"{paint(f'{finding.status.name:<5}')} {name:<13} {finding.text}")
        if finding.advice:
            self.stdout.write(f"{'':<19} → {finding.advice}")
        self.stdout.flush()
