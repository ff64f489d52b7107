"""Laws of the house that no linter knows."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted((ROOT / "bot").rglob("*.py"))


def test_handlers_and_views_never_commit() -> None:
    """Law 2: one turn, one transaction, committed in Conversation.turn."""
    for path in [*(ROOT / "bot/handlers").glob("*.py"), *(ROOT / "bot/views").glob("*.py")]:
        assert ".commit(" not in path.read_text("utf-8"), path.name


def test_no_room_is_crowded_or_named_after_nothing() -> None:
    vague = {"utils.py", "helpers.py", "common.py", "manager.py", "base.py", "misc.py"}
    for path in SOURCES:
        assert path.name not in vague, path
        assert len(path.read_text("utf-8").splitlines()) <= 450, f"{path.relative_to(ROOT)} asks to be two rooms"


def test_every_file_and_folder_of_the_house_has_its_room_in_the_docs() -> None:
    rooms = (ROOT / "docs/architecture.md").read_text("utf-8").partition("## Rooms")[2].partition("## Laws")[0]
    table = {
        name for row in re.findall(r"^\| (`.*?) \|", rooms, re.MULTILINE) for name in re.findall(r"`([^`]+)`", row)
    }
    standing = {f"{path.name}/" for path in (ROOT / "bot").iterdir() if path.is_dir() and path.name != "__pycache__"}
    standing |= {path.name for path in (ROOT / "bot").glob("*.py")} - {"__init__.py"}
    assert table == standing


def test_the_matplotlib_and_spreadsheet_libraries_are_not_loaded_at_start() -> None:
    """They are big; whatever comes to need them loads them there and then."""
    for path in SOURCES:
        for line in path.read_text("utf-8").splitlines():
            assert not re.match(r"(import|from) (matplotlib|openpyxl)", line), path


def test_sql_is_built_by_sqlalchemy_and_never_from_strings() -> None:
    """RELIABILITY S5: outside migrations, whose statements hold no data, no string becomes SQL."""
    for path in (ROOT / "bot/storage").glob("*.py"):
        assert not re.search(r"text\(f[\"']|execute\(f[\"']|exec_driver_sql\(f[\"']", path.read_text("utf-8")), (
            path.name
        )


def test_every_choice_fits_telegrams_64_bytes() -> None:
    """The verbs leave room for two ids and a date."""
    from bot.handlers.routes import ROUTES

    for verb in ROUTES.choices:
        assert len(verb.encode()) <= 20, verb
        assert re.fullmatch(r"[a-z_.]+", verb), verb
