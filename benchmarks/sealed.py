"""The bare webhook that ours is compared with: aiohttp alone, the signature checked, nothing stored. `sealed.py PORT`."""

import hashlib
import hmac
import sys

import orjson
from aiohttp import web

APP_ID, SECRET = "1234567890123456789", "bench"


async def take(request: web.Request) -> web.Response:
    """One event."""
    raw = await request.read()
    timestamp = str(orjson.loads(raw)["timestamp"])
    expected = "mac=" + hashlib.sha256(APP_ID.encode() + raw + timestamp.encode() + SECRET.encode()).hexdigest()
    is_genuine = hmac.compare_digest(request.headers.get("X-ZEvent-Signature", ""), expected)
    return web.Response(status=200 if is_genuine else 401)


def main() -> None:
    """Serve."""
    app = web.Application()
    app.router.add_post("/zalo", take)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)


if __name__ == "__main__":
    main()
