"""What the README says is so: its commands exist, its transcript happens, its links lead somewhere."""

import re
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.domain.repositories import Store
from bot.handlers.routes import ROUTES
from bot.settings import Settings
from tests.chat import Company

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
DOCS = {path: path.read_text("utf-8") for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]}


def test_every_make_target_that_is_named_exists() -> None:
    for name in {name for text in DOCS.values() for name in re.findall(r"\bmake ([a-z]+)", text)} - {"it"}:
        subprocess.run(["make", "--dry-run", "--silent", name], cwd=ROOT, check=True, capture_output=True)


def test_every_subcommand_that_is_named_exists(capsys: pytest.CaptureFixture[str]) -> None:
    for name in {name for text in DOCS.values() for name in re.findall(r"python -m bot ([a-z]+)", text)}:
        with pytest.raises(SystemExit) as ended:
            main([name, "--help"])
        assert ended.value.code == 0, name
        capsys.readouterr()


def test_every_command_of_the_table_exists() -> None:
    names = {name for command in ROUTES.commands for name in (command.vi, command.en)}
    told = set(re.findall(r"`/([a-z]+)`", README)) - {"id", "telegram", "healthz"}
    assert told <= names
    assert {command.vi for command in ROUTES.commands} - told <= {"batdau"}


def test_every_variable_of_the_table_is_a_setting_with_that_default() -> None:
    told = {
        name
        for row in re.findall(r"^\| (`[A-Z_`, ]+`) \|", README, re.MULTILINE)
        for name in re.findall(r"[A-Z_]+", row)
    }
    assert told == {name.upper() for name in Settings.model_fields}


def test_every_link_to_a_file_leads_somewhere() -> None:
    for path, text in DOCS.items():
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


async def test_the_transcript_happens_as_it_is_told(store: Store) -> None:
    """Each line of the transcript is done or seen: `Minh ▸` says, `Minh ◉` taps, `⏱` passes days, anything else is read."""
    company = Company(store)
    rep = await company.hires("Minh")
    transcript = re.search(r"```text\n(Minh ▸.*?)```", README, re.DOTALL)
    assert transcript
    seen = 0
    for line in filter(str.strip, transcript[1].splitlines()):
        if said := re.match(r"Minh ▸ (.*)", line):
            await rep.says(said[1])
        elif tapped := re.match(r"Minh ◉ (.*)", line):
            await rep.taps(tapped[1])
        elif passed := re.match(r"⏱ (\d+)", line):
            await company.waits(timedelta(days=int(passed[1])))
        elif line.strip() != "…":
            for part in re.findall(r"\[([^]]+)\]", line) if line.strip().startswith("[") else [line.strip()]:
                rep.sees(part)
                seen += 1
    assert seen > 15
