"""The methods that answer a person who tapped a button or asked inline."""

from typing import Any

from bot.sandbox.calls import Call
from bot.sandbox.chats import Chats
from bot.sandbox.entities import utf16_length
from bot.sandbox.markup import formatted
from bot.sandbox.queries import Answer
from bot.sandbox.refusals import bad_request

MAX_ANSWER = 200
MAX_RESULTS = 50


def answer_callback_query(chats: Chats, call: Call) -> bool:
    """answerCallbackQuery"""
    text, url = call.text("text"), call.text("url")
    if utf16_length(text) > MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    if url and chats.deep_link_payload(url) is None:
        raise bad_request("URL_INVALID")
    chats.answer_press(call.text("callback_query_id"), Answer(text, call.boolean("show_alert"), url))
    return True


def answer_inline_query(chats: Chats, call: Call) -> bool:
    """answerInlineQuery"""
    expected = "expected an Array of inline query results"
    results = call.array("results", "can't parse inline query results JSON object", expected) or []
    if len(results) > MAX_RESULTS:
        raise bad_request("too many inline query results specified")
    for result in results:
        _check_result(result)
    ids = [result["id"] for result in results]
    if len(set(ids)) < len(ids):
        raise bad_request("RESULT_ID_DUPLICATE")
    chats.answer_inline(call.text("inline_query_id"), results)
    return True


def _check_result(result: Any) -> None:
    if not isinstance(result, dict):
        raise bad_request("inline query result must be an object")
    if not 1 <= len(str(result.get("id") or "").encode()) <= 64:
        raise bad_request("RESULT_ID_INVALID")
    if result.get("type") != "article":
        return
    if not result.get("title"):
        raise bad_request('can\'t parse inline query result: field "title" must be of type String')
    content = result.get("input_message_content")
    if not isinstance(content, dict):
        raise bad_request("input message content is not specified")
    if not formatted(str(content.get("message_text") or ""), str(content.get("parse_mode") or "")).text:
        raise bad_request("message text is empty")
