"""The thinnest durable handler with aiogram, SQLAlchemy and aiosqlite: one row inserted and committed before the answer.

`thin.py PORT API_URL`
"""

import sys
from pathlib import Path

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """The tables."""


class Note(Base):
    """What somebody wrote."""

    __tablename__ = "notes"
    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int]
    text: Mapped[str]


def engine_at(path: Path) -> AsyncEngine:
    """SQLite as it has to be used: one writer, immediate transactions, write-ahead log, synced."""
    engine = create_async_engine(
        f"sqlite+aiosqlite:///{path}", pool_size=1, max_overflow=0, connect_args={"isolation_level": None}
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection, _record) -> None:  # type: ignore[no-untyped-def]
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection) -> None:  # type: ignore[no-untyped-def]
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def main() -> None:
    """Serve."""
    engine = engine_at(Path("thin.db"))
    sessions = async_sessionmaker(engine)
    bot = Bot("4200:AAExample-of_a-token-0123456789", AiohttpSession(api=TelegramAPIServer.from_base(sys.argv[2])))
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def note(message: Message) -> None:
        async with sessions() as session:
            session.add(Note(chat_id=message.chat.id, text=message.text or ""))
            await session.commit()
        await message.answer("ok")

    async def create(_app: web.Application) -> None:
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)

    app = web.Application()
    app.on_startup.append(create)
    SimpleRequestHandler(dispatcher, bot, handle_in_background=False).register(app, path="/telegram")
    setup_application(app, dispatcher, bot=bot)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)


if __name__ == "__main__":
    main()
