"""`manage.py makemessages`: Django's own, which reads the readers' templates too, whose language it does not know."""

from pathlib import Path
from typing import cast

from django.core.management.commands import makemessages
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from jinja2.ext import extract_from_ast


class BuildFile(makemessages.BuildFile):
    def preprocess(self) -> None:
        """Write the texts of a Jinja2 template as the Python calls from which gettext takes them."""
        engine, path = cast("Jinja2", engines["jinja2"]), Path(self.path).resolve()
        if not any(path.is_relative_to(folder) for folder in engine.template_dirs):
            super().preprocess()
            return
        calls = extract_from_ast(engine.env.parse(path.read_text("utf-8")), babel_style=False)
        lines = [f"{function}({', '.join(map(repr, texts or ()))})\n" for _line, function, texts in calls]
        Path(self.work_path).write_text("".join(lines), "utf-8")


class Command(makemessages.Command):
    build_file_class = BuildFile
