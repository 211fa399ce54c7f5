"""The eligibility engine: facts and requirements in, findings out. Plain Python, and this is its whole face.

It knows no clock, database, settings or framework, so it can be run, tested and timed alone and gives the
same bytes for the same input on any day. Text for people is made elsewhere, on demand
(`eligibility/wording.py`).
"""

from .advanced_standing import assess_advanced_standing as assess_advanced_standing
from .case import HKT as HKT
from .credits import Course as Course
from .credits import CreditAssessment as CreditAssessment
from .credits import CreditRequest as CreditRequest
from .documents import DocumentKind as DocumentKind
from .facts import Acceptance as Acceptance
from .facts import AwardStatus as AwardStatus
from .facts import Degree as Degree
from .facts import DegreeLevel as DegreeLevel
from .facts import EarlierStudy as EarlierStudy
from .facts import EnglishTest as EnglishTest
from .facts import Facts as Facts
from .facts import Honours as Honours
from .facts import Language as Language
from .facts import Leaving as Leaving
from .facts import OfficerFinding as OfficerFinding
from .facts import Origin as Origin
from .facts import PostgraduateStudy as PostgraduateStudy
from .facts import ProgrammeLevel as ProgrammeLevel
from .facts import QualifyingExamination as QualifyingExamination
from .facts import Residence as Residence
from .facts import ResidenceStatus as ResidenceStatus
from .facts import Round as Round
from .facts import StudyKind as StudyKind
from .facts import StudyMode as StudyMode
from .figures import minima as minima
from .findings import ENGINE_VERSION as ENGINE_VERSION
from .findings import Assessment as Assessment
from .findings import Finding as Finding
from .findings import Outcome as Outcome
from .findings import Verdict as Verdict
from .overlays import Overlay as Overlay
from .overlays import lowered as lowered
from .overlays import raise_by as raise_by
from .readmission import assess_credit_reuse as assess_credit_reuse
from .records import FactsError as FactsError
from .records import from_json as from_json
from .records import plain as plain
from .records import to_json as to_json
from .requirements import READINGS as READINGS
from .requirements import Check as Check
from .requirements import CreditRequirements as CreditRequirements
from .requirements import EnglishMinimum as EnglishMinimum
from .requirements import Layer as Layer
from .requirements import Requirements as Requirements
from .requirements import Rule as Rule
from .requirements import Treatment as Treatment
from .requirements import stricter as stricter
from .residence import LocalStatus as LocalStatus
from .residence import local_status as local_status
from .scales import PARTS as PARTS
from .scales import SCALES as SCALES
from .scales import EnglishTestKind as EnglishTestKind
from .scales import Range as Range
from .scales import check_score as check_score
from .scales import corresponding_day as corresponding_day
from .scales import last_valid_day as last_valid_day
from .scales import total_of as total_of
from .schemas import schema_of as schema_of
from .verdict import assess as assess
