"""Descriptions of ours in English, Traditional and Simplified Chinese; institutions' words stay English."""

from modeltranslation.translator import TranslationOptions, register

from programmes.models import Agreement, Institution, Offering, Statement


@register(Institution)
class InstitutionTranslation(TranslationOptions):
    fields = ("name",)


@register(Statement)
class StatementTranslation(TranslationOptions):
    fields = ("text",)


@register(Offering)
class OfferingTranslation(TranslationOptions):
    fields = ("duration", "pattern", "fee_funding", "fee_note", "non_local_note")


@register(Agreement)
class AgreementTranslation(TranslationOptions):
    fields = ("title", "parties", "scope", "condition")
