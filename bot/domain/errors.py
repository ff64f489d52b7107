"""What can go wrong in the business itself; each becomes a sentence that says what to do."""


class DomainError(Exception):
    """Something the person can understand and mend. `reason` names the sentence in `views/problems.py`."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = values


class NotFound(DomainError):
    """It is not there, or not for this person: deliberately the same words for both."""

    def __init__(self, what: str = "not_found") -> None:
        super().__init__(what)
