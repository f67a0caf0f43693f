"""The compose file and the Containerfile, as far as they can be held against the project without an engine."""

import re
import tomllib

import yaml

from tests.server import ROOT

DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
OURS = {name: service for name, service in COMPOSE["services"].items() if service["image"].startswith("pekon:")}


def test_the_image_has_the_projects_version():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert {service["image"] for service in OURS.values()} == {f"pekon:{version}"}


def test_containers_of_ours_cannot_write_or_gain_rights():
    assert set(OURS) == {"prepare", "web", "worker", "nightly"}
    for name, service in OURS.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
    lines = (DEPLOY / "Containerfile").read_text().splitlines()
    assert lines.index("USER pekon") > max(
        n for n, line in enumerate(lines) if line.startswith(("RUN", "COPY", "FROM"))
    )


def test_every_setting_of_the_example_exists_and_everything_required_is_there():
    names = set(re.findall(r"^([A-Z0-9_]+)=", (DEPLOY / "compose.env.example").read_text(), re.MULTILINE))
    known = set(re.findall(r"^\| `([A-Z0-9_]+)` \|", (ROOT / "docs" / "operate.md").read_text(), re.MULTILINE))
    assert names - known == {"POSTGRES_PASSWORD"}
    assert {"DOMAIN", "SECRET_KEY", "DATABASE_URL", "EMAIL_URL"} <= names


def test_services_name_each_other_volumes_that_exist_and_files_that_are_there():
    for name, service in COMPOSE["services"].items():
        assert set(service.get("depends_on", [])) <= set(COMPOSE["services"]), name
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("./"):
                assert (DEPLOY / source).exists(), volume
            elif not source.startswith("/"):
                assert source in COMPOSE["volumes"], volume
    copied = re.findall(r"^COPY (?!--from)(.*) \S+$", (DEPLOY / "Containerfile").read_text(), re.MULTILINE)
    files = [ROOT / word for line in copied for word in line.split()]
    assert [path for path in files if not path.exists()] == []


def test_the_same_commands_run_every_night_as_under_systemd():
    script = (DEPLOY / "containers" / "nightly").read_text()
    nightly, others = re.search(r"for command in ([\w ]+) (.*); do", script).groups()
    assert nightly in (DEPLOY / "install.sh").read_text()
    units = "".join(path.read_text() for path in (DEPLOY / "systemd").glob("*.service"))
    run = re.findall(r"deploy/manage (renditions .*|backup .*)$", units, re.MULTILINE)
    assert len(run) == 3
    assert sorted(re.findall(r'"([^"]+)"', others)) == sorted(run)


def test_the_image_can_back_up_the_database_it_is_started_with():
    containerfile = (DEPLOY / "Containerfile").read_text()
    assert "debian:bookworm" in containerfile  # whose postgresql-client is of version 15
    assert "postgresql-client" in containerfile
    version = COMPOSE["services"]["database"]["image"].rpartition(":")[2]
    assert int(version) <= 15
    for name, service in OURS.items():
        assert "backups:/var/backups/pekon" in service["volumes"], name
