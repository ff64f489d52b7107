"""Conversations of those who are not on the team: customers and strangers. One file a conversation; verbs begin with "g." so that
none is a member's."""

from bot.handlers.guests import consent, faq, start, survey, tickets
from bot.handlers.guests.other import other
from bot.turn import GuestHandler

__all__ = ["GUEST_CHOICES", "GUEST_COMMANDS", "GUEST_QUESTIONS", "other"]

GUEST_COMMANDS: dict[str, GuestHandler] = {**start.COMMANDS}
GUEST_CHOICES: dict[str, GuestHandler] = {
    **faq.CHOICES,
    **consent.CHOICES,
    **tickets.CHOICES,
    **survey.CHOICES,
}
GUEST_QUESTIONS: dict[str, GuestHandler] = {
    **survey.QUESTIONS,
}
