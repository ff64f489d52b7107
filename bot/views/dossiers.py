"""All that is held on a customer, as a page that anybody can open and read: one section a kind of thing, one block a row."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from markupsafe import Markup

from bot.domain.audit import AuditEntry, What
from bot.domain.consent import Purpose
from bot.domain.customers import Customer
from bot.domain.followups import FollowUpState
from bot.domain.phones import national
from bot.domain.pipeline import Pipeline
from bot.domain.repositories.privacy import Dossier
from bot.domain.surveys import SurveyKind
from bot.domain.tickets import TicketKind, TicketState
from bot.i18n import Translator, mark
from bot.messages import File, Reply
from bot.views.audit import sentence
from bot.views.privacy import REQUESTS
from bot.views.words import (
    HEATS,
    KINDS,
    LOST_REASONS,
    OUTCOMES,
    POTENTIALS,
    SENTIMENTS,
    SOURCES,
    STOP_REASONS,
    called,
    stage_words,
)

# What stands in the file: of each table its columns, in this order. A row's number and what search is made of tell nothing of them.
SECTIONS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "customers": (
        mark("Record"),
        (
            *("name", "honorific", "company", "phones", "email", "source", "referrer", "heat", "stage", "stage_since"),
            *("potential", "interest", "expected_vnd", "lost_reason", "stopped_reason", "stopped_at", "owner_id"),
            "created_at",
        ),
    ),
    "contacts": (
        mark("Accounts"),
        ("channel", "user_id", "chat_id", "linked_at", "last_wrote_at", "blocked_at"),
    ),
    "interactions": (mark("What happened"), ("at", "kind", "text", "details", "file", "member_id")),
    "sales": (mark("Sales"), ("sold_on", "product", "quantity", "amount_vnd", "member_id")),
    "stage_moves": (mark("Steps of the deal"), ("at", "from_stage", "to_stage", "reason", "member_id")),
    "followups": (mark("Follow-ups"), ("due_on", "due_at", "text", "state", "done_at", "outcome", "member_id")),
    "survey_invitations": (
        mark("Surveys"),
        ("created_at", "kind", "route", "score", "comment", "answered_at"),
    ),
    "survey_plans": (mark("Surveys planned"), ("due_at", "kind")),
    "tickets": (
        mark("Tickets"),
        (
            *("opened_at", "kind", "state", "text", "first_answer_at", "solved_at", "solution", "cost_vnd"),
            *("asked_solution", "asked_cost_vnd", "closed_at", "assignee_id"),
        ),
    ),
    "testimonials": (mark("Testimonials"), ("kept_at", "text")),
    "referral_links": (mark("Referral link"), ("token",)),
    "rewards": (mark("Gifts for referrals"), ("earned_at", "given_at")),
    "relays": (mark("Messages to us"), ("wrote_at", "answered_at", "member_id")),
    "reply_drafts": (mark("Answers drafted"), ("asked_at", "text", "member_id")),
    "consents": (
        mark("Consent"),
        ("purpose", "given_at", "channel", "wording", "evidence", "withdrawn_at"),
    ),
    "unasked_messages": (mark("Messages that they did not ask for"), ("at", "about")),
    "data_requests": (
        mark("Requests about their data"),
        ("asked_at", "kind", "answer_by", "answered_at", "act_by", "done_at"),
    ),
    "own_words": (mark("What we call them"), ("said",)),
    "audit": (mark("Who saw and changed what"), ()),
}
# The numbers once more as search needs them; through which hands they went and what they asked, which the timeline tells.
TOLD_ELSEWHERE = frozenset(("customer_phones", "handover_customers", "askers"))
_LABELS = {
    "name": mark("Name"),
    "honorific": mark("Form of address"),
    "company": mark("Company name"),
    "phones": mark("Phone numbers"),
    "email": mark("E-mail address"),
    "source": mark("Came from"),
    "referrer": mark("Referrer"),
    "heat": mark("Interest shown"),
    "stage": mark("Stage"),
    "stage_since": mark("At this stage since"),
    "potential": mark("Potential"),
    "interest": mark("Interested in"),
    "expected_vnd": mark("Expected amount"),
    "lost_reason": mark("Why lost"),
    "stopped_reason": mark("Why stopped"),
    "stopped_at": mark("Stopped on"),
    "owner_id": mark("Cared for by"),
    "created_at": mark("Written down on"),
    "channel": mark("Channel"),
    "user_id": mark("Account"),
    "chat_id": mark("Chat"),
    "linked_at": mark("Linked on"),
    "last_wrote_at": mark("Last wrote on"),
    "blocked_at": mark("Blocked us on"),
    "at": mark("When"),
    "kind": mark("Kind"),
    "text": mark("Words"),
    "details": mark("Details"),
    "file": mark("File"),
    "member_id": mark("By"),
    "sold_on": mark("Day of sale"),
    "product": mark("Product"),
    "quantity": mark("Quantity"),
    "amount_vnd": mark("Amount"),
    "from_stage": mark("From"),
    "to_stage": mark("To"),
    "reason": mark("Why"),
    "due_on": mark("Due on"),
    "due_at": mark("Due at"),
    "state": mark("State"),
    "done_at": mark("Done on"),
    "outcome": mark("Outcome"),
    "route": mark("Way"),
    "score": mark("Score"),
    "comment": mark("Comment"),
    "answered_at": mark("Answered on"),
    "opened_at": mark("Opened on"),
    "first_answer_at": mark("First answered on"),
    "solved_at": mark("Solved on"),
    "solution": mark("Solution"),
    "cost_vnd": mark("Cost"),
    "asked_solution": mark("Solution proposed"),
    "asked_cost_vnd": mark("Cost proposed"),
    "closed_at": mark("Closed on"),
    "assignee_id": mark("Seen to by"),
    "kept_at": mark("Kept on"),
    "token": mark("Link"),
    "earned_at": mark("Earned on"),
    "given_at": mark("Given on"),
    "wrote_at": mark("Written on"),
    "purpose": mark("For what"),
    "wording": mark("Words of the question"),
    "evidence": mark("How it was given"),
    "withdrawn_at": mark("Withdrawn on"),
    "about": mark("About"),
    "asked_at": mark("Asked on"),
    "answer_by": mark("To be answered by"),
    "act_by": mark("To be done by"),
    "said": mark("Said as"),
}
_TABLES: Sequence[Mapping[Any, str]] = (SOURCES, HEATS, POTENTIALS, KINDS, OUTCOMES, SENTIMENTS, REQUESTS)
_WORDS: Mapping[str, str] = {
    **{word: said for words in _TABLES for word, said in words.items()},
    FollowUpState.OPEN: mark("open"),
    FollowUpState.DONE: mark("done"),
    FollowUpState.DROPPED: mark("dropped"),
    SurveyKind.CSAT: mark("satisfaction"),
    SurveyKind.NPS: mark("recommendation"),
    TicketKind.COMPLAINT: mark("complaint"),
    TicketKind.QUESTION: mark("question"),
    TicketKind.RETURN: mark("return or refund"),
    TicketKind.WARRANTY: mark("warranty"),
    TicketState.ANSWERED: mark("answered"),
    TicketState.SOLVED: mark("solved"),
    TicketState.CLOSED: mark("closed"),
    Purpose.CARE: mark("care messages and surveys"),
    Purpose.TESTIMONIAL: mark("showing their words"),
}
_REASONS = {**LOST_REASONS, **STOP_REASONS}
_STAGES = frozenset(("stage", "from_stage", "to_stage"))
_MEMBERS = frozenset(("owner_id", "member_id", "assignee_id"))
_HEAD = Markup(
    '<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
    "<style>body{{font:16px/1.5 sans-serif;max-width:46em;margin:1em auto;padding:0 1em}}"
    "dl{{display:grid;grid-template-columns:11em 1fr;border-top:1px solid #ccc;padding:.5em 0;margin:0}}"
    "dt{{color:#555}}dd{{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}}</style></head><body>"
)


def dossier(
    t: Translator, customer: Customer, held: Dossier, names: Mapping[int, str], pipeline: Pipeline, now: datetime
) -> Reply:
    """The file, and a word on it. `names` are the members'."""
    writer = _Writer(t, customer, names, pipeline)
    page = writer.page(held, now)
    text = t(
        "📄 All that is held on {customer} ({code}). It is for them alone: please pass it on only to them. Files lie in the chat and "
        "are listed by name.",
        customer=called(t, customer),
        code=customer.code,
    )
    return Reply(text, document=File(f"{customer.code}.html", page.encode()), secret=True)


class _Writer:
    """Words what is held for one reader."""

    def __init__(self, t: Translator, customer: Customer, names: Mapping[int, str], pipeline: Pipeline) -> None:
        self._t = t
        self._customer = customer
        self._names = names
        self._pipeline = pipeline

    def page(self, held: Dossier, now: datetime) -> str:
        t = self._t
        title = f"{called(t, self._customer)} · {self._customer.code}"
        parts = [
            _HEAD.format(lang=t.locale, title=title),
            Markup("<h1>{}</h1><p>{}</p>").format(title, t("All that is held as of {moment}.", moment=t.moment(now))),
        ]
        parts += [self._section(name, held[name]) for name in SECTIONS if held.get(name)]
        return str(Markup("\n").join([*parts, Markup("</body></html>\n")]))

    def _section(self, name: str, rows: Sequence[Mapping[str, Any]]) -> Markup:
        heading, columns = SECTIONS[name]
        blocks = [self._block(row, columns) if columns else self._deed(row) for row in rows]
        return Markup("\n").join([Markup("<h2>{}</h2>").format(self._t(heading)), *blocks])

    def _block(self, row: Mapping[str, Any], columns: Sequence[str]) -> Markup:
        known = [(name, row[name]) for name in columns if row[name] not in (None, "", (), {})]
        lines = [Markup("<dt>{}</dt><dd>{}</dd>").format(self._t(_LABELS[n]), self._value(n, v)) for n, v in known]
        return Markup("<dl>{}</dl>").format(Markup().join(lines))

    def _deed(self, row: Mapping[str, Any]) -> Markup:
        who, about = self._names.get(row["member_id"]), self._names.get(row["about_member_id"])
        entry = AuditEntry(row["id"], row["at"], who, What(row["what"]), about, self._customer, row["details"])
        return Markup("<dl><dt>{}</dt><dd>{}</dd></dl>").format(self._t.moment(row["at"]), sentence(self._t, entry))

    def _value(self, name: str, value: Any) -> str:
        t = self._t
        if isinstance(value, datetime):
            return t.moment(value)
        if isinstance(value, date):
            return t.day(value)
        if name in _MEMBERS:
            return self._names.get(value, "")
        if name.endswith("_vnd"):
            return t.money(value)
        if name == "phones":
            return ", ".join(map(national, value))
        if isinstance(value, Mapping):
            return self._details(value)
        return self._word(name, value)

    def _word(self, name: str, value: Any) -> str:
        t = self._t
        if name in _STAGES:
            return stage_words(t, self._pipeline, value)
        if value in _REASONS and name.endswith("reason"):
            return t(_REASONS[value])
        return t(_WORDS[value]) if value in _WORDS else str(value)

    def _details(self, value: Mapping[str, Any]) -> str:
        """A file by its kind and name; what else is known of an entry by its values."""
        shown = [value[key] for key in ("kind", "name") if value.get(key)] or list(value.values())
        return " · ".join(self._word("", one) for one in shown)
