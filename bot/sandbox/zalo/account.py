"""What the account can read about its people and itself, its reactions and its tags."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.zalo.calls import ZaloCall
from bot.sandbox.zalo.consultation import FREE_FOR, PAID, REPLY
from bot.sandbox.zalo.events import milliseconds
from bot.sandbox.zalo.messages import ZaloPerson
from bot.sandbox.zalo.people import People
from bot.sandbox.zalo.refusals import ZaloRefusal, invalid

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MOST_LISTED = 50
LAST_OFFSET = 9_951


class Account:
    """The one account's reading calls."""

    def __init__(self, now: Callable[[], datetime], people: People, oa_id: str, name: str) -> None:
        self._now = now
        self._people = people
        self._oa_id = oa_id
        self._name = name

    def own(self, _call: ZaloCall) -> dict[str, Any]:
        """`GET /v2.0/oa/getoa`"""
        return {
            "oaid": self._oa_id,
            "name": self._name,
            "description": "",
            "oa_alias": "",
            "is_verified": True,
            "oa_type": 2,
            "num_follower": sum(person.follows for person in self._people.everyone),
            "avatar": "https://example.com/oa.jpg",
            "cover": "",
            "package_name": "Nâng cao",
            "linked_ZCA": "ZCA",
        }

    def user(self, call: ZaloCall) -> dict[str, Any]:
        """`GET /v3.0/oa/user/detail?data={"user_id":…}`. Raises ZaloRefusal: -213 for who never had to do with the account."""
        person = self._people.known(call.text("user_id"))
        if person is None:
            raise invalid("user_id")
        if person.interacted_at is None:
            raise ZaloRefusal(-213, "User has not followed the Official Account")
        shared = person.shared
        return {
            "user_id": person.user_id,
            "user_id_by_app": person.user_id_by_app,
            "user_external_id": "",
            "display_name": person.name,
            "user_alias": person.name,
            "is_sensitive": False,
            "user_last_interaction_date": person.interacted_at.astimezone(ZONE).strftime("%d/%m/%Y"),
            "user_is_follower": person.follows,
            "avatar": "https://example.com/a.jpg",
            "avatars": {"120": "", "240": ""},
            "tags_and_notes_info": {"notes": [], "tag_names": list(person.tags)},
            "shared_info": {
                "name": shared.name,
                "phone": shared.phone,
                "address": shared.address,
                "city": shared.city,
                "district": shared.district,
            },
        }

    def users(self, call: ZaloCall) -> dict[str, Any]:
        """`GET /v3.0/oa/user/getlist?data={"offset":0,"count":50}`. Raises ZaloRefusal: -210 beyond its limits."""
        offset, count = call.integer("offset", 0), call.integer("count", MOST_LISTED)
        if not 0 <= offset <= LAST_OFFSET or not 1 <= count <= MOST_LISTED:
            raise ZaloRefusal(-210, "offset or count is over the limit")
        listed = [person for person in self._people.everyone if self._is_listed(person, call)]
        page = listed[offset : offset + count]
        users = [{"user_id": person.user_id} for person in page]
        return {"total": len(listed), "count": len(page), "offset": offset, "users": users}

    def quota(self, call: ZaloCall) -> Any:
        """`POST /v3.0/oa/quota/message` for a person or for the account. Raises ZaloRefusal."""
        if call.arguments.get("quota_owner"):
            product, quota = call.arguments.get("product_type") or "cs", call.arguments.get("quota_type") or PAID
            # ZALO: assumed [M], without total and remain since 2026-03-01
            return [{"asset_id": "8c273149281ac144980b", "product_type": product, "quota_type": quota}]
        person = self._people.known(call.text("user_id"))
        if person is None:
            raise invalid("user_id")
        # ZALO: assumed [M], the fields beside last_interaction
        last = person.interacted_at
        free = last is not None and self._now() - last < FREE_FOR
        told = {"user_id": person.user_id, "quota_type": REPLY if free else PAID}
        return told | {"last_interaction": milliseconds(last) if last else "0"}

    def v2_message(self, call: ZaloCall) -> dict[str, Any]:
        """`POST /v2.0/oa/message`: reactions alone are left of it. Raises ZaloRefusal: -240 for a text."""
        action, recipient = call.arguments.get("sender_action"), call.arguments.get("recipient")
        if not isinstance(action, dict):
            raise ZaloRefusal(-240, "MessageV2 API has been shut down")
        user_id = call.text("user_id", recipient if isinstance(recipient, dict) else {})
        icon, message_id = call.text("react_icon", action), call.text("react_message_id", action)
        message = self._people.message(user_id, message_id)
        if message is None or message.from_oa:
            raise invalid("react_message_id")
        self._people.react(user_id, message_id, icon)
        return {"message_id": message_id, "user_id": user_id}

    def shut_down(self, _call: ZaloCall) -> dict[str, Any]:
        """Transaction and promotion messages, dead since 2026-03-01. Raises ZaloRefusal."""
        # ZALO: assumed [L], no page tells what a dead path answers
        raise ZaloRefusal(-209, "Not supported API: it has been shut down")

    def tag(self, call: ZaloCall) -> dict[str, Any]:
        """`POST /v2.0/oa/tag/tagfollower`. Raises ZaloRefusal."""
        person, tag = self._tagged(call)
        if tag not in person.tags:
            person.tags.append(tag)
        return {}

    def untag(self, call: ZaloCall) -> dict[str, Any]:
        """`POST /v2.0/oa/tag/rmfollowerfromtag`. Raises ZaloRefusal."""
        person, tag = self._tagged(call)
        if tag not in person.tags:
            raise invalid("tag_name")
        person.tags.remove(tag)
        return {}

    def tags(self, _call: ZaloCall) -> list[str]:
        """`GET /v2.0/oa/tag/gettagsofoa`"""
        return sorted({tag for person in self._people.everyone for tag in person.tags})

    def _tagged(self, call: ZaloCall) -> tuple[ZaloPerson, str]:
        person = self._people.known(call.text("user_id"))
        if person is None or not person.follows:
            raise ZaloRefusal(-213, "User has not followed the Official Account")
        return person, call.text("tag_name")

    @staticmethod
    def _is_listed(person: ZaloPerson, call: ZaloCall) -> bool:
        follows, tag = call.arguments.get("is_follower"), call.arguments.get("tag_name")
        if person.interacted_at is None:
            return False
        return (follows is None or person.follows == (str(follows).lower() == "true")) and (
            not tag or tag in person.tags
        )
