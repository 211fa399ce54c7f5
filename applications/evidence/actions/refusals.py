"""Why an act on a document is refused."""

from admissions_portal.support.refusals import Refusal


class DocumentRefused(Refusal):
    """The case does not take the document, or does not let it go."""
