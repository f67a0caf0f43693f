"""`make check-mutants`: whether the tests notice when the code that guards things is changed.

mutmut changes one thing at a time in a function and runs the tests that pass through it. A changed function, or mutant,
that all of them accept is either a missing test, or changes nothing that anybody could see. Those of the second kind
are listed in equivalent.txt, each with the reason; any other one fails.

Each group of modules is tried with the tests that concern it, in a copy of the project in var/mutants, which stays
there for `mutmut show NAME` and `mutmut run NAME`. `make check-mutants ONLY="workflow access"` chooses groups.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import libcst as cst
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code
from mutmut.utils.format_utils import orig_function_and_class_names_from_key

ROOT = Path(__file__).resolve().parents[2]
LIST = Path(__file__).with_name("equivalent.txt")
COPIES = Path(os.environ.get("VAR") or ROOT / "var") / "mutants"
COPIED = "benchmarks deploy docs manage.py news pekon pyproject.toml regions static templates tests".split()
NOTICED = {"killed", "timeout", "segfault", "caught by type check"}


@dataclass(frozen=True)
class Group:
    """Modules, and the tests that are to notice each change of them."""

    modules: list[str]
    tests: list[str]


EVERY_ROLE_AND_STATE = (
    "test_a_person_is_offered_and_allowed_the_acts_that_fit_their_role_and_the_articles_state",
    "test_editors_edit_always_and_writers_their_own_article_while_it_is_with_them",
)
"""Tests that take longer than all others together, and find only what is wrong with the rules."""
GROUPS = {
    "workflow": Group(
        [f"news/publishing/{name}.py" for name in ("workflow", "parts", "readiness")],
        [
            "tests/publishing/test_workflow.py",
            "tests/publishing/test_embargo.py",
            "tests/publishing/test_parts.py",
            "tests/publishing/test_placements.py",
            "tests/newsroom/test_one_write_path.py",
            "tests/newsroom/test_two_roles.py",
            *(f"--deselect=tests/publishing/test_workflow.py::{name}" for name in EVERY_ROLE_AND_STATE),
        ],
    ),
    "rules": Group(
        ["news/publishing/rules.py"],
        ["tests/publishing/test_workflow.py", "tests/newsroom/test_two_roles.py", "tests/newsroom/test_comments.py"],
    ),
    "checks": Group(
        [f"news/publishing/checks/{name}.py" for name in ("doubles", "house_style", "links", "photos")],
        ["tests/publishing/checks/test_stored.py"],
    ),
    "comments": Group(["news/publishing/comments.py"], ["tests/newsroom/test_comments.py"]),
    "notices": Group(
        [f"news/publishing/{name}.py" for name in ("notices", "notice_reading", "notice_mail", "web_push")],
        [
            "tests/newsroom/test_notices.py",
            "tests/publishing/test_notice_mail.py",
            "tests/publishing/test_web_push.py",
        ],
    ),
    "querysets": Group(
        ["news/models/querysets.py"], ["tests/models/test_querysets.py", "tests/models/test_card_columns.py"]
    ),
    "access": Group(
        ["regions/permissions/access.py"],
        ["tests/regions/test_access.py"],
    ),
    "lookups": Group(
        [f"regions/permissions/{name}.py" for name in ("lookups", "form_keys")],
        ["tests/regions/test_lookups.py", "tests/regions/test_form_keys.py"],
    ),
    "scoped_admin": Group(["regions/permissions/scoped_admin.py"], ["tests/regions/test_scoped_admin.py"]),
    "generations": Group(
        [f"regions/generations/{name}.py" for name in ("numbers", "snapshot")],
        ["tests/regions/test_generations.py", "tests/regions/test_snapshot.py"],
    ),
    "pagecache": Group(
        [f"pekon/pagecache/{name}.py" for name in ("cache_headers", "health", "redis_storage", "storage", "wsgi")],
        ["tests/pagecache"],
    ),
    "staff": Group([f"news/staff/{name}.py" for name in ("auth_signals", "service")], ["tests/staff"]),
}


@dataclass(frozen=True)
class Mutant:
    """A changed function, by what it is in the source, because mutmut's own numbers shift with every change."""

    function: str
    removed: tuple[str, ...]
    added: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join(
            [self.function, *(f"- {line}" for line in self.removed), *(f"+ {line}" for line in self.added)]
        )


def main() -> int:
    chosen = os.environ.get("ONLY", "").split() or list(GROUPS)
    equivalent = listed(LIST.read_text())
    unlisted = 0
    for name in chosen:
        group = GROUPS[name]
        copy = COPIES / name
        prepare(copy, group)
        subprocess.run([Path(sys.executable).with_name("mutmut"), "run"], cwd=copy, check=True)
        results = list(read(copy, group))
        missed = [(mutant, key) for mutant, key, noticed in results if not noticed]
        new = [(mutant, key) for mutant, key in missed if mutant not in equivalent]
        print(f"{name}: {len(results)} mutants, {len(results) - len(missed)} noticed", end=", ")
        print(f"{len(missed) - len(new)} listed as equivalent, {len(new)} not noticed by any test")
        for mutant, key in new:
            print(f"\n{mutant}\n  ({key})")
        seen = {mutant for mutant, _key in missed}
        for mutant in equivalent - seen:
            if mutant.function.split()[0] in group.modules:
                print(f"\nNo longer needed in {LIST.name}:\n{mutant}")
        unlisted += len(new)
    return 1 if unlisted else 0


def prepare(copy: Path, group: Group) -> None:
    """Copy the project, set up for this group."""
    shutil.rmtree(copy, ignore_errors=True)
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *COPIED]
    for file in subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout.splitlines():
        if (ROOT / file).is_file():
            (copy / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / file, copy / file)
    for module in group.modules:
        source = (copy / module).read_text()
        (copy / module).write_text(cst.parse_module(source).visit(DecoratorsAsCalls()).code)
    settings = (copy / "pyproject.toml").read_text()
    ours = f"only_mutate = {json.dumps(group.modules)}\npytest_add_cli_args_test_selection = {json.dumps(group.tests)}"
    (copy / "pyproject.toml").write_text(settings.replace("[tool.mutmut]", f"[tool.mutmut]\n{ours}"))


class DecoratorsAsCalls(cst.CSTTransformer):
    """Writes `@decorator def name` as `def name` and `name = decorator(name)`, because mutmut skips decorated ones."""

    LEFT = ("staticmethod", "classmethod")  # mutmut knows them

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        return False  # functions inside of functions stay as they are

    def leave_FunctionDef(self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef):
        decorators = [decorator.decorator for decorator in updated_node.decorators]
        if not decorators or any(isinstance(one, cst.Name) and one.value in self.LEFT for one in decorators):
            return updated_node
        if any(isinstance(one, cst.Attribute) and one.attr.value in ("setter", "deleter") for one in decorators):
            return updated_node
        value: cst.BaseExpression = updated_node.name
        for decorator in reversed(decorators):
            value = cst.Call(decorator, [cst.Arg(value)])
        call = cst.SimpleStatementLine([cst.Assign([cst.AssignTarget(updated_node.name)], value)])
        return cst.FlattenSentinel([updated_node.with_changes(decorators=[]), call])


def read(copy: Path, group: Group) -> Iterator[tuple[Mutant, str, bool]]:
    """Every mutant of the group, with mutmut's name, and whether a test noticed it."""
    os.chdir(copy)
    for module in group.modules:
        results = json.loads(Path("mutants", f"{module}.meta").read_text())["exit_code_by_key"]
        for key, exit_code in results.items():
            diff = get_diff_for_mutant(key, path=module).splitlines()[2:]
            function, class_name = orig_function_and_class_names_from_key(key)
            yield (
                Mutant(
                    f"{module} {class_name}.{function}" if class_name else f"{module} {function}",
                    tuple(line[1:].strip() for line in diff if line.startswith("-")),
                    tuple(line[1:].strip() for line in diff if line.startswith("+")),
                ),
                key,
                status_by_exit_code[exit_code] in NOTICED,
            )


def listed(text: str) -> set[Mutant]:
    """The mutants of the list. A paragraph has a function, its changes as lines with - and +, and the reason."""
    found = set()
    for paragraph in text.split("\n\n"):
        function, *lines = [line for line in paragraph.splitlines() if not line.startswith("#")] or [""]
        removed: list[str] = []
        added: list[str] = []
        for line in lines:
            if line.startswith("+"):
                added.append(line[1:].strip())
                continue
            if removed and (added or not line.startswith("-")):
                found.add(Mutant(function, tuple(removed), tuple(added)))
                removed, added = [], []
            if line.startswith("-"):
                removed.append(line[1:].strip())
    return found


if __name__ == "__main__":
    sys.exit(main())
