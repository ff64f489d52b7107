"""What the house can store and find, as the business speaks of it; `bot/storage/` does it.

Whatever belongs to a customer is fetched for an acting member: what that member may not see is `NotFound`, in the same words as what
does not exist (law 9). Everything happens inside one unit of work: committed once at the end, rolled back unless committed.
"""

from bot.domain.repositories.audit import Audit
from bot.domain.repositories.company import Decisions
from bot.domain.repositories.contacts import Contacts
from bot.domain.repositories.customers import Customers, DuplicateHint, Found, Timeline
from bot.domain.repositories.deliveries import Deliveries
from bot.domain.repositories.figures import Figures
from bot.domain.repositories.invites import Invites
from bot.domain.repositories.standings import Standings
from bot.domain.repositories.store import StorageUnavailable, Store, UnitOfWork
from bot.domain.repositories.talk import Drafts, Question, Questions, Vocabulary
from bot.domain.repositories.team import Members
from bot.domain.repositories.teams import Teams
from bot.domain.repositories.work import Action, Actions, FollowUps, Sales

__all__ = [
    "Action",
    "Actions",
    "Audit",
    "Contacts",
    "Customers",
    "Decisions",
    "Deliveries",
    "Drafts",
    "DuplicateHint",
    "Figures",
    "FollowUps",
    "Found",
    "Invites",
    "Members",
    "Question",
    "Questions",
    "Sales",
    "Standings",
    "StorageUnavailable",
    "Store",
    "Teams",
    "Timeline",
    "UnitOfWork",
    "Vocabulary",
]
