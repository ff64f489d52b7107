"""One transaction as the business sees it."""

from bot.storage.audit import SqlAudit, Witness
from bot.storage.company import SqlDecisions
from bot.storage.consents import SqlConsents
from bot.storage.contacts import SqlContacts
from bot.storage.customers import SqlCustomers
from bot.storage.deliveries import SqlDeliveries
from bot.storage.drafts import SqlDrafts
from bot.storage.faqs import SqlFaqs, SqlReplyDrafts
from bot.storage.figures import SqlFigures
from bot.storage.followups import SqlFollowUps
from bot.storage.groups import SqlGroupChats
from bot.storage.handovers import SqlHandovers
from bot.storage.inbox import SqlInbox
from bot.storage.invites import SqlInvites
from bot.storage.members import SqlMembers
from bot.storage.outbox import SqlOutbox
from bot.storage.privacy import SqlPrivacy
from bot.storage.questions import SqlQuestions
from bot.storage.referrals import SqlReferrals
from bot.storage.relays import SqlRelays
from bot.storage.requests import SqlDataRequests
from bot.storage.sales import SqlSales
from bot.storage.standings import SqlStandings
from bot.storage.surveys import SqlSurveys
from bot.storage.targets import SqlTargets
from bot.storage.teams import SqlTeams
from bot.storage.template_checks import SqlChecks
from bot.storage.testimonials import SqlTestimonials
from bot.storage.tickets import SqlTickets
from bot.storage.timeline import SqlTimeline
from bot.storage.transaction import Sql
from bot.storage.undo import Journal, SqlActions
from bot.storage.vocabulary import KnownCache, SqlVocabulary
from bot.storage.worklists import SqlWorklists
from bot.storage.zalo import SqlZalo


class SqlUnitOfWork:
    """`UnitOfWork` in tables."""

    def __init__(self, sql: Sql, known: KnownCache) -> None:
        self._sql = sql
        journal = Journal()
        self._witness = Witness()
        self.members = SqlMembers(sql)
        self.teams = SqlTeams(sql)
        self.invites = SqlInvites(sql)
        self.company = SqlDecisions(sql)
        self.customers = SqlCustomers(sql, journal, self._witness)
        self.contacts = SqlContacts(sql)
        self.consents = SqlConsents(sql)
        self.relays = SqlRelays(sql)
        self.faqs = SqlFaqs(sql)
        self.reply_drafts = SqlReplyDrafts(sql)
        self.surveys = SqlSurveys(sql, self.customers)
        self.requests = SqlDataRequests(sql)
        self.privacy = SqlPrivacy(sql, self.customers)
        self.timeline = SqlTimeline(sql, journal, self.customers)
        self.followups = SqlFollowUps(sql, journal, self.customers)
        self.sales = SqlSales(sql, journal)
        self.tickets = SqlTickets(sql, journal)
        self.referrals = SqlReferrals(sql, journal, self.customers)
        self.testimonials = SqlTestimonials(sql)
        self.targets = SqlTargets(sql)
        self.worklists = SqlWorklists(sql)
        self.group_chats = SqlGroupChats(sql)
        self.standings = SqlStandings(sql)
        self.figures = SqlFigures(sql)
        self.questions = SqlQuestions(sql)
        self.drafts = SqlDrafts(sql)
        self.vocabulary = SqlVocabulary(sql, known)
        self.inbox = SqlInbox(sql)
        self.outbox = SqlOutbox(sql)
        self.deliveries = SqlDeliveries(sql)
        self.handovers = SqlHandovers(sql, self.outbox)
        self.actions = SqlActions(sql, journal, self.customers, self.outbox, self._witness)
        self.zalo = SqlZalo(sql, self.customers)
        self.template_checks = SqlChecks(sql)
        self.audit = SqlAudit(sql, self._witness, self.customers)

    async def commit(self) -> None:
        """Make it all true. At most once; what is not committed is rolled back."""
        await self._witness.write(self._sql)
        await self._sql.commit()
