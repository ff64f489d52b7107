"""aiogram, loaded in a third of the time and of the memory.

At import aiogram builds the validators of each of its 500 types, every one with all the types that it holds: 2 s and 100 MB. Its
types can build themselves when first used (pydantic's `defer_build`), except that they do not know the names of each other. So
the building is put off and the names are left where each type will look for them.
"""

import sys
from importlib import import_module
from typing import Any

from pydantic import BaseModel


def load_aiogram() -> None:
    """Import `aiogram.types`; does nothing when somebody has done so before."""
    if "aiogram.types" in sys.modules:
        return
    names: dict[str, Any] = {}

    def put_off(_model: type[Any], /, *, _types_namespace: dict[str, Any], **_: object) -> None:
        names.update(_types_namespace)

    build = BaseModel.__dict__["model_rebuild"]
    setattr(BaseModel, "model_rebuild", classmethod(put_off))  # noqa: B010 - mypy forbids assigning to a method
    try:
        import_module("aiogram.types")
    finally:
        setattr(BaseModel, "model_rebuild", build)  # noqa: B010
    for module_name, module in list(sys.modules.items()):
        if module_name.startswith("aiogram.types."):
            for name, type_ in names.items():
                module.__dict__.setdefault(name, type_)
