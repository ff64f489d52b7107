"""The words of the survey's page, as its templates take them."""

from typing import Any

from markupsafe import Markup

from bot.domain.surveys import LONGEST_COMMENT, SCORES, Band, SurveyInvitation, SurveyKind, band
from bot.i18n import Translator, mark
from bot.views.surveys import FACES, MAY_SHOW, MORE, THANKS, score_label

_ENDS = {
    SurveyKind.CSAT: (mark("not at all"), mark("very satisfied")),
    SurveyKind.NPS: (mark("never"), mark("certainly")),
}

Page = dict[str, Any]


def is_glad(survey: SurveyInvitation) -> bool:
    """Whether the answer is a high one."""
    return survey.score is not None and band(survey.kind, survey.score) is Band.HIGH


def question(t: Translator, survey: SurveyInvitation, words: Markup, org: str, *, changing: bool) -> Page:
    """The question with a button for each score."""
    scores = SCORES[survey.kind]
    least, most = _ENDS[survey.kind]
    return {
        "title": t("A question from {org}", org=org),
        "question": words,
        "hint": t("One tap is enough; you can add a few words after it."),
        "changing": changing,
        "kind": survey.kind.value,
        "scores": [
            {
                "value": score,
                "face": FACES[score] if survey.kind is SurveyKind.CSAT else "",
                "spoken": t("{score} of {most}", score=score, most=scores[-1]),
                "chosen": changing and score == survey.score,
            }
            for score in scores
        ],
        "least": f"{scores[0]}: {t(least)}",
        "most": f"{scores[-1]}: {t(most)}",
    }


def thanks(t: Translator, survey: SurveyInvitation, org: str, referral: str, *, may_show: bool) -> Page:
    """What follows from the score. Their words are not shown again: the link may have been passed on."""
    score = survey.score or 0
    after = band(survey.kind, score)
    invitation = t(
        "Do you know somebody whom we could help too? This is your personal link for friends: {link}",
        link=_link(referral),
    )
    return {
        "title": t("A question from {org}", org=org),
        "thanks": t(THANKS[after]),
        "answer": t("You answered: <b>{score}</b>", score=score_label(survey.kind, score)),
        "has_words": survey.comment is not None,
        "kept": t("Your words have arrived. Thank you!"),
        "more": t(MORE[after]),
        "label": t("Your words (optional)"),
        "longest": LONGEST_COMMENT,
        "may_show": t(MAY_SHOW, org=org) if is_glad(survey) and not may_show else "",
        "send": t("Send"),
        "referral": referral,
        "friend": t("For a friend"),
        "invitation": invitation,
        "change": t("Change my answer"),
    }


def _link(address: str) -> Markup:
    return Markup('<a href="{}" rel="noreferrer">{}</a>').format(address, address)


def gone(t: Translator, org: str) -> Page:
    """Wrong, expired and used: one and the same."""
    text = t(
        "The link is wrong, has been used, or is older than 30 days. If you would like to tell us something, please contact {org}.",
        org=org,
    )
    return {"title": t("This survey is not open"), "text": text}


def too_many(t: Translator) -> Page:
    """Later."""
    return {"title": t("One moment, please"), "text": t("There were too many tries. Please try again in a minute.")}


def unavailable(t: Translator) -> Page:
    """Our fault."""
    text = t("Something does not work on our side. Please try again in a few minutes.")
    return {"title": t("One moment, please"), "text": text}
