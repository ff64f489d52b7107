"""What the webhook tells, as JSON: one function an event."""

import hashlib
from datetime import datetime
from typing import Any

from bot.sandbox.zalo.messages import SharedInfo, ZaloMessage, ZaloPerson

Event = dict[str, Any]


def milliseconds(at: datetime) -> str:
    """A moment as Zalo writes it: milliseconds since 1970, as a string."""
    return str(round(at.timestamp() * 1000))


class Events:
    """The events of one Official Account and one app."""

    def __init__(self, app_id: str, oa_id: str) -> None:
        self._app_id = app_id
        self._oa_id = oa_id

    def said(self, person: ZaloPerson, message: ZaloMessage) -> Event:
        """`user_send_text`, `user_send_image`, …"""
        return {
            "app_id": self._app_id,
            "sender": {"id": person.user_id},
            "user_id_by_app": person.user_id_by_app,
            "recipient": {"id": self._oa_id},
            "event_name": f"user_send_{message.kind}",
            "message": _message(message),
            "timestamp": milliseconds(message.at),
        }

    def followed(self, person: ZaloPerson, at: datetime, source: str = "oa_profile") -> Event:
        """`follow`"""
        return self._following("follow", person, at, source)

    def unfollowed(self, person: ZaloPerson, at: datetime, source: str = "oa_profile") -> Event:
        """`unfollow`"""
        return self._following("unfollow", person, at, source)

    def opened(self, person: ZaloPerson, at: datetime) -> Event:
        """`user_click_chatnow`"""
        # ZALO: assumed [M], the fields are those of a follow
        return self._following("user_click_chatnow", person, at, "chat_button") | {"user_id": person.user_id}

    def submitted(self, person: ZaloPerson, info: SharedInfo, at: datetime) -> Event:
        """`user_submit_info`"""
        given = {
            "name": info.name,
            "phone": info.phone,
            "address": info.address,
            "city": info.city,
            "district": info.district,
        }
        return {
            "app_id": self._app_id,
            "sender": {"id": person.user_id},
            "recipient": {"id": self._oa_id},
            "event_name": "user_submit_info",
            "info": {key: value for key, value in given.items() if value},
            "timestamp": milliseconds(at),
        }

    def echoed(self, message: ZaloMessage) -> Event:
        """`oa_send_text`, `oa_send_image`, …: the account's own message, whoever wrote it."""
        sender = {"id": self._oa_id, "admin_id": message.admin_id} if message.admin_id else {"id": self._oa_id}
        kind = "template" if message.kind == "form" else message.kind
        return {
            "app_id": self._app_id,
            "sender": sender,
            "recipient": {"id": message.user_id},
            "event_name": f"oa_send_{kind}",
            "message": _message(message),
            "timestamp": milliseconds(message.at),
        }

    def received(self, message: ZaloMessage, at: datetime) -> Event:
        """`user_received_message`; of a template that went to a number, the recipient is that number."""
        template = message.template
        told: Event = {"msg_id": message.id}
        recipient = message.user_id
        if template is not None and template.phone:
            recipient = template.phone
            told = {"delivery_time": milliseconds(at), **told, "tracking_id": template.tracking_id}
        return {
            "sender": {"id": self._oa_id},
            "recipient": {"id": recipient},
            "event_name": "user_received_message",
            "message": told,
            "app_id": self._app_id,
            "timestamp": milliseconds(at),
        }

    def seen(self, user_id: str, message_ids: list[str], at: datetime) -> Event:
        """`user_seen_message`"""
        return {
            "app_id": self._app_id,
            "sender": {"id": self._oa_id},
            "recipient": {"id": user_id},
            "event_name": "user_seen_message",
            "message": {"msg_ids": message_ids},
            "timestamp": milliseconds(at),
        }

    def rated(self, message: ZaloMessage, stars: int, note: str, feedbacks: list[str], at: datetime) -> Event:
        """`user_feedback`: a rating template's stars. It names no person."""
        emotions = ("one_emotion", "two_emotions", "three_emotions", "four_emotions", "five_emotions")
        return {
            "event_name": "user_feedback",
            "message": {
                "rating_type": "csat",
                "option": emotions[stars - 1],
                "note": note,
                "rate": stars,
                "submit_time": milliseconds(at),
                "msg_id": message.id,
                "feedbacks": feedbacks,
                "tracking_id": message.template.tracking_id if message.template else "",
            },
            "app_id": self._app_id,
            "oa_id": self._oa_id,
            "timestamp": milliseconds(at),
        }

    def answered(self, message: ZaloMessage, label: str, at: datetime) -> Event:
        """`user_click_response_button`: a quick reply under a template. It names no person."""
        return {
            "event_name": "user_click_response_button",
            "message": {
                "submit_time": milliseconds(at),
                "button_type": "response",
                "data": label,
                "tracking_id": message.template.tracking_id if message.template else "",
            },
            "msg_id": message.id,
            "app_id": self._app_id,
            "oa_id": self._oa_id,
            "timestamp": milliseconds(at),
        }

    def quota_changed(self, before: int, after: int, at: datetime) -> Event:
        """`change_oa_daily_quota`, which alone writes `oaId`."""
        return {
            "event_name": "change_oa_daily_quota",
            "oaId": self._oa_id,
            "quota": {"prev_value": before, "new_value": after},
            "app_id": self._app_id,
            "timestamp": milliseconds(at),
        }

    def template_changed(self, template_id: str, before: str, after: str, reason: str, at: datetime) -> Event:
        """`change_template_status`"""
        return {
            "event_name": "change_template_status",
            "oa_id": self._oa_id,
            "template_id": template_id,
            "status": {"prev_status": before, "new_status": after},
            "reason": reason,
            "app_id": self._app_id,
            "timestamp": milliseconds(at),
        }

    def _following(self, name: str, person: ZaloPerson, at: datetime, source: str) -> Event:
        return {
            "oa_id": self._oa_id,
            "follower": {"id": person.user_id},
            "user_id_by_app": person.user_id_by_app,
            "event_name": name,
            "source": source,
            "app_id": self._app_id,
            "timestamp": milliseconds(at),
        }


def _message(message: ZaloMessage) -> Event:
    body: Event = {"text": message.text} if message.text or message.kind == "text" else {}
    body["msg_id"] = message.id
    if message.quote:
        body["quote_msg_id"] = message.quote
    if payload := _payload(message):
        body["attachments"] = [{"type": message.kind, "payload": payload}]
    return body


def _payload(message: ZaloMessage) -> Event:
    content, url = message.content, message.content.url if message.content else message.url
    match message.kind:
        case "image" | "gif" | "video":
            return {"thumbnail": url, "url": url}
        case "audio":
            return {"url": url}
        case "sticker":
            # ZALO: assumed [M], the sticker's id beside its picture
            return {"id": message.id, "url": url}
        case "link":
            return {"thumbnail": url, "url": url, "description": message.text}
        case "location":
            return {"coordinates": {"latitude": message.latitude, "longitude": message.longitude}}
        case "file" if content is not None:
            # ZALO: assumed [M], the size is a string and the checksum an MD5
            checksum = hashlib.md5(content.body, usedforsecurity=False).hexdigest()
            size, kind = str(len(content.body)), content.name.rpartition(".")[2]
            return {"url": url, "name": content.name, "size": size, "type": kind, "checksum": checksum}
    return {}
