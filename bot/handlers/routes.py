"""Who answers what: the one table of all conversations."""

from bot.conversation import Command, Routes
from bot.domain.people import Role
from bot.handlers import (
    assigning,
    attachments,
    audit,
    capture,
    checklist,
    company,
    customers,
    drafts,
    due,
    editing,
    first_day,
    fixing,
    followups,
    handover,
    invites,
    new_customer,
    notes,
    sales,
    search,
    settings,
    stages,
    start,
    team,
    undo,
    week,
)
from bot.handlers.answers import answering
from bot.i18n import mark
from bot.views.problems import apology, problem

QUESTIONS = {
    **capture.QUESTIONS,
    **drafts.QUESTIONS,
    **checklist.QUESTIONS,
    **company.QUESTIONS,
    **editing.QUESTIONS,
    **first_day.QUESTIONS,
    **fixing.QUESTIONS,
    **due.QUESTIONS,
    **followups.QUESTIONS,
    **new_customer.QUESTIONS,
    **notes.QUESTIONS,
    **sales.QUESTIONS,
    **search.QUESTIONS,
    **settings.QUESTIONS,
    **stages.QUESTIONS,
    **team.QUESTIONS,
}

LEADS = frozenset((Role.OWNER, Role.MANAGER))

ROUTES = Routes(
    commands=(
        Command("homnay", "today", due.today, mark("What is due today")),
        Command("khach", "customer", new_customer.new, mark("New customer")),
        Command("tim", "find", search.find, mark("Find a customer")),
        Command("ghichu", "note", notes.note, mark("Note on a customer")),
        Command("nhac", "remind", followups.remind, mark("Remind me about a customer")),
        Command("ban", "sale", sales.sell, mark("Close a sale")),
        Command("lich", "agenda", due.agenda, mark("The next 7 days")),
        Command("tuan", "week", week.week, mark("The week in figures")),
        Command("giao", "assign", assigning.assign, mark("Give a customer to somebody"), LEADS),
        Command("bangiao", "handover", handover.hand_over, mark("Hand customers over to somebody else"), LEADS),
        Command("nhatky", "audit", audit.log, mark("Who saw and changed what; messages sent"), LEADS),
        Command("nhom", "team", team.show, mark("The team: roles, teams, who has how much"), LEADS),
        Command("moinv", "invite", invites.invite, mark("Invite somebody to the team"), LEADS),
        Command("hoantac", "undo", undo.last, mark("Take back the last entry")),
        Command("huy", "cancel", customers.cancel, mark("Leave the current form"), about_question=True),
        Command("caidat", "settings", settings.show, mark("Language, hours, days off")),
        Command("trogiup", "help", start.help_, mark("Help with examples")),
        Command("batdau", "start", invites.unless_invited(start.start), mark("Start")),
    ),
    choices={
        **assigning.CHOICES,
        **audit.CHOICES,
        **drafts.CHOICES,
        **checklist.CHOICES,
        **company.CHOICES,
        **customers.CHOICES,
        **editing.CHOICES,
        **first_day.CHOICES,
        **fixing.CHOICES,
        **due.CHOICES,
        **followups.CHOICES,
        **handover.CHOICES,
        **invites.CHOICES,
        **new_customer.CHOICES,
        **notes.CHOICES,
        **sales.CHOICES,
        **search.CHOICES,
        **settings.CHOICES,
        **stages.CHOICES,
        **start.CHOICES,
        **team.CHOICES,
        **undo.CHOICES,
        **week.CHOICES,
    },
    questions={name: answering(name, handler) for name, handler in QUESTIONS.items()},
    passing=frozenset(
        (
            *("fix.word", "fix.product", "edit.value", "note.text", "sale.what", "checklist.feedback", "find.query"),
            *("settings.name", "settings.zone", "settings.hour", "new.name", "note.new", "followup.new", "sale.new"),
            *("lost.reason", "stop.reason"),
            *("teams.name", "company.name", "setup.name"),
        )
    ),
    text=invites.unless_invited(capture.text),
    contact=attachments.contact,
    file=attachments.file,
    problem=problem,
    apology=apology,
    guest=start.guest,
    reading=frozenset(
        (
            *audit.READING,
            *assigning.READING,
            *handover.READING,
            *team.READING,
            *week.READING,
        )
    ),
    in_groups=week.IN_GROUPS,
)
