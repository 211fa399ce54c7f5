"""What a person can answer about themselves. The codes are those of the engine's facts, the labels are for
the person who answers; a test keeps the two lists equal."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ResidenceStatus(models.TextChoices):
    """What allows the person to be in Hong Kong, in the classes universities publish (DOMAIN C2)."""

    PERMANENT_RESIDENT = "PERMANENT_RESIDENT", _("Hong Kong permanent identity card")
    RIGHT_OF_ABODE_OR_LAND = (
        "RIGHT_OF_ABODE_OR_LAND",
        _("Right of abode or right to land, by another document"),
    )
    UNCONDITIONAL_STAY = "UNCONDITIONAL_STAY", _("Unconditional stay")
    ONE_WAY_PERMIT = "ONE_WAY_PERMIT", _("One-way permit from the Mainland")
    DEPENDANT_UNDER_18 = "DEPENDANT_UNDER_18", _("Dependant visa, first issued before you were 18")
    DEPENDANT_18_OR_OVER = "DEPENDANT_18_OR_OVER", _("Dependant visa, first issued when you were 18 or older")
    DEPENDANT = "DEPENDANT", _("Dependant visa, not sure when it was first issued")
    EMPLOYMENT_VISA = "EMPLOYMENT_VISA", _("Employment visa or work permit")
    QMAS = "QMAS", _("Quality Migrant Admission Scheme")
    CAPITAL_INVESTMENT = "CAPITAL_INVESTMENT", _("Capital investment entrant")
    SECOND_GENERATION = (
        "SECOND_GENERATION",
        _("Admission scheme for the second generation of Hong Kong permanent residents"),
    )
    IANG = "IANG", _("Immigration Arrangements for Non-local Graduates (IANG)")
    STUDENT_VISA = "STUDENT_VISA", _("Student visa or entry permit, held now or needed to study")
    VISITOR = "VISITOR", _("Visitor")
    OTHER = "OTHER", _("Another status")
    NOT_SURE = "NOT_SURE", _("I am not sure")


class ResidencePaper(models.TextChoices):
    """What shows a status. An identity card that is not a permanent one shows none: whoever stays for more
    than 180 days must hold it, locals and others alike (DOMAIN C1)."""

    PERMANENT_CARD = "PERMANENT_CARD", _("Hong Kong permanent identity card")
    TRAVEL_DOCUMENT = "TRAVEL_DOCUMENT", _("Travel document that states right of abode or right to land")
    VISA = "VISA", _("Visa or entry permit: a label or an e-Visa")
    ONE_WAY_PERMIT = "ONE_WAY_PERMIT", _("One-way permit")
    LETTER = "LETTER", _("Letter of the Immigration Department")
    OTHER = "OTHER", _("Another document")
    NONE = "NONE", _("Nothing yet")


class Origin(models.TextChoices):
    """Where a person lives permanently: it decides which entry paper is issued (DOMAIN C3)."""

    HONG_KONG = "HONG_KONG", _("Hong Kong")
    MAINLAND = "MAINLAND", _("Mainland")
    MACAO = "MACAO", _("Macao")
    TAIWAN = "TAIWAN", _("Taiwan")
    OVERSEAS = "OVERSEAS", _("Elsewhere")


class DegreeLevel(models.TextChoices):
    SUB_DEGREE = "SUB_DEGREE", _("Diploma, higher diploma or associate degree")
    BACHELOR = "BACHELOR", _("Bachelor’s degree")
    MBBS = "MBBS", _("Medical degree (MBBS, MBChB)")
    POSTGRADUATE_DIPLOMA = "POSTGRADUATE_DIPLOMA", _("Postgraduate diploma or certificate")
    MASTER = "MASTER", _("Master’s degree, taught")
    RESEARCH_MASTER = "RESEARCH_MASTER", _("Master’s degree, by research")
    DOCTORATE = "DOCTORATE", _("Doctorate")
    OTHER = "OTHER", _("Another qualification")


class Honours(models.TextChoices):
    """As the certificate prints it; nothing is inferred from a grade average (DOMAIN D1)."""

    FIRST = "FIRST", _("First Class Honours")
    SECOND_UPPER = "SECOND_UPPER", _("Second Class Honours, Division One or Upper")
    SECOND_LOWER = "SECOND_LOWER", _("Second Class Honours, Division Two or Lower")
    SECOND = "SECOND", _("Second Class Honours, undivided")
    THIRD = "THIRD", _("Third Class Honours")
    HONOURS_UNCLASSIFIED = "HONOURS_UNCLASSIFIED", _("With honours, no class")
    PASS = "PASS", _("Pass")
    NONE_PRINTED = "NONE_PRINTED", _("Nothing is printed")


class Language(models.TextChoices):
    ENGLISH = "ENGLISH", _("English only")
    MIXED = "MIXED", _("English and another language")
    OTHER = "OTHER", _("Another language")


class AwardStatus(models.TextChoices):
    AWARDED = "AWARDED", _("Awarded")
    EXPECTED = "EXPECTED", _("Expected")


class StudyKind(models.TextChoices):
    STUDY = "STUDY", _("Registered study")
    RESEARCH = "RESEARCH", _("Registered research")
    RESEARCH_ASSISTANTSHIP = "RESEARCH_ASSISTANTSHIP", _("Paid research assistantship")


class StudyMode(models.TextChoices):
    FULL_TIME = "FULL_TIME", _("Full-time")
    PART_TIME = "PART_TIME", _("Part-time")


class EnglishTestKind(models.TextChoices):
    IELTS_ACADEMIC = "IELTS_ACADEMIC", _("IELTS Academic, also for UKVI")
    TOEFL_IBT = "TOEFL_IBT", _("TOEFL iBT, total from 0 to 120")
    TOEFL_IBT_1_6 = "TOEFL_IBT_1_6", _("TOEFL iBT, scores from 1 to 6 (from 21 January 2026)")
    TOEFL_PAPER = "TOEFL_PAPER", _("TOEFL paper-based test, total from 310 to 677")
    TOEFL_REVISED_PAPER = "TOEFL_REVISED_PAPER", _("TOEFL revised paper-delivered test")
    GCE_IGCSE = "GCE_IGCSE", _("Overseas GCE or IGCSE English Language")
    CAMBRIDGE_CPE = "CAMBRIDGE_CPE", _("Cambridge C2 Proficiency (CPE)")
    PTE_ACADEMIC = "PTE_ACADEMIC", _("PTE Academic")
    DUOLINGO = "DUOLINGO", _("Duolingo English Test")
    IELTS_GENERAL_TRAINING = "IELTS_GENERAL_TRAINING", _("IELTS General Training")
    IELTS_INDICATOR = "IELTS_INDICATOR", _("IELTS Indicator")
    OTHER = "OTHER", _("Another test")


class Leaving(models.TextChoices):
    """How a study at a university here ended, in the engine's words, and three that no rule reads."""

    COMPLETED = "COMPLETED", _("I completed it, with the award")
    CURRENT = "CURRENT", _("It has not ended: I am a student there now")
    WITHDREW = "WITHDREW", _("I withdrew, by my own decision")
    ACADEMIC_REASONS = (
        "ACADEMIC_REASONS",
        _("I was required to withdraw for academic reasons, such as unsatisfactory performance"),
    )
    AFTER_LEAVE = "AFTER_LEAVE", _("I did not meet the conditions for coming back from an academic leave")
    OTHER_REASONS = (
        "OTHER_REASONS",
        _("I was required to withdraw, or was expelled, for reasons that were not academic"),
    )
    NOT_SURE = "NOT_SURE", _("I am not sure")


class EarlierLevel(models.TextChoices):
    """The degree of an earlier study: those the engine compares, and every other (AMB-25)."""

    PHD = "PHD", _("PhD")
    MPHIL = "MPHIL", _("MPhil")
    TAUGHT_MASTER = "TAUGHT_MASTER", _("Master’s degree, taught")
    OTHER = "OTHER", _("Another degree, such as a bachelor’s")


class CourseLevel(models.TextChoices):
    """The level at which a course was taught, as its transcript says."""

    UNDERGRADUATE = "UNDERGRADUATE", _("Undergraduate")
    TAUGHT_POSTGRADUATE = "TAUGHT_POSTGRADUATE", _("Taught postgraduate")
    RESEARCH_POSTGRADUATE = "RESEARCH_POSTGRADUATE", _("Research postgraduate")
    OTHER = "OTHER", _("Another level")


def label_of(choices: type[models.TextChoices], code: str) -> str:
    """The words for a stored code, in the active language; "" for no answer."""
    return str(choices(code).label) if code else ""
