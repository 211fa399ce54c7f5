import pytest

from admissions_portal import clock
from programmes.models import Statement
from tests.applications.occasional.stories import AT
from tests.factories.applicants import ApplicantFactory
from tests.factories.programmes import ProgrammeFactory


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = settings.SENDFILE_ROOT = tmp_path


@pytest.fixture(autouse=True)
def now(monkeypatch):
    """The clock stands where the test puts it."""
    moment = {"at": AT}
    monkeypatch.setattr(clock, "now", lambda: moment["at"])
    return lambda at: moment.update(at=at)


@pytest.fixture
def programme(db):
    """One of which a source says that occasional students may take courses, with no round at all."""
    made = ProgrammeFactory(slug="mmedsc", number_prefix="MMS")
    Statement.objects.create(
        institution=made.institution,
        programme=made,
        topic=Statement.Topic.OCCASIONAL,
        text="Selected courses.",
        source="HKU-15",
    )
    return made


@pytest.fixture
def person(db):
    return ApplicantFactory()
