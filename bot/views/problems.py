"""What went wrong, in words that say what to do."""

from markupsafe import Markup

from bot.domain.errors import DomainError
from bot.i18n import Translator, mark

PROBLEMS = {
    "old_button": mark("This button is out of date. Please open the customer again."),
    "unknown_command": mark("I do not know this command. Type /help to see what I can do."),
    "not_in_a_group": mark("I only do this in our private chat: others read along here."),
    "managers_only": mark("This is for managers."),
    "not_kept": mark("I cannot keep this one. Please write it, or send a photo, file, voice note, video or location."),
    "customer_not_found": mark("No such customer in your list."),
    "followup_not_found": mark("This follow-up is no longer in your list."),
    "sale_not_found": mark("This sale is no longer in your list."),
    "action_not_found": mark("There is nothing here to undo."),
    "interaction_not_found": mark("This entry is no longer in your list."),
    "ticket_not_found": mark("This ticket is no longer in your list."),
    "member_not_found": mark("This member is not on your team."),
    "handover_running": mark("This person's customers are being handed over just now. Please wait until it is done."),
    "template_not_found": mark("This template is no longer being chosen. Please type /zalo and choose it again."),
    "not_found": mark("I could not find that in your list."),
    "no_open_deal": mark("This customer has no open deal. Please choose a stage first."),
    "no_buyer": mark("This customer has not bought anything yet."),
    "pipeline_size": mark("A pipeline has {least} to {most} stages, one on each line."),
    "pipeline_won": mark(
        "Please mark exactly one stage with ✓: the one where the deal is won. At least one stage comes before it."
    ),
    "pipeline_name": mark("The name of a stage has 1 to {most} characters."),
    "pipeline_twice": mark("Two stages have the same name."),
    "undo_too_late": mark("Newer entries build on this one, so it cannot be undone any more. Please edit it instead."),
    "undo_done": mark("This has been undone already."),
    "not_sent_again": mark("This message has been sent again already, or its person cannot be written to."),
    "word_not_found": mark("This word is no longer in your list."),
    "last_owner": mark("The company needs an owner: make somebody else an owner first."),
    "team_not_empty": mark("Somebody is still in this team. Put them into another one first."),
    "nothing_to_undo": mark("Nothing was saved in the last 24 hours that could be undone."),
}


def problem(t: Translator, problem: DomainError) -> Markup:
    """The sentence for a DomainError."""
    return t(PROBLEMS.get(problem.reason, PROBLEMS["not_found"]), **problem.values)


def apology(t: Translator, reference: str) -> Markup:
    """Our own failure: nothing was saved, and what to do."""
    return t(
        "Sorry, something went wrong on our side and this has not been saved. Please send it again; "
        "if it happens once more, give your manager the code <code>{reference}</code>.",
        reference=reference,
    )
