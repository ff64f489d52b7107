"""A headless Chromium for tests: Debian's own, driven by Playwright."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Page, async_playwright

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
NAMES = ("chromium", "chromium-browser", "google-chrome")


@asynccontextmanager
async def browser_page(address: str, width: int = 1280, height: int = 800) -> AsyncIterator[Page]:
    """The page at `address` in a window of that size. Whatever its console complains about fails the test.

    Skips where no Chromium is installed, except in CI, which must have one.
    """
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        missing = "no chromium on this machine: apt-get install chromium"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    complaints: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        page = await browser.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(10_000)
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(address)
        await page.wait_for_selector("body[data-ready]")
        yield page
        await browser.close()
    assert not complaints
