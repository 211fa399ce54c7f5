"""What the documents page accepts: any number of files in each slot, all at once; and what a file is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy

from admissions_portal.support.forms import PortalForm
from applications.evidence.models import Document, Part, PartLanguage, SlotCode
from applications.evidence.parts import PARTS_OF
from applications.evidence.slots import DocumentSlot

# a hint for the file dialogue only, which offers the camera for it: what a file is, is decided by parsing it
ACCEPT = "application/pdf,image/jpeg,image/png,image/heic,image/heif,.pdf,.jpg,.jpeg,.png,.heic,.heif"


class FilesInput(forms.ClearableFileInput):
    """A plain input for several files; what is kept stands above it, with its own button to remove it."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"

    def __init__(self) -> None:
        super().__init__({"accept": ACCEPT, "multiple": True})


class FilesField(forms.FileField):
    """A list of files. Each is judged by `add_document`, which names it in its refusal, an empty one too."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        return list(data or [])


@dataclass(frozen=True, slots=True)
class SentFile:
    """One file that came with the form: where it belongs, what its sender says it is, its input's name."""

    slot: DocumentSlot
    part: Part
    name: str
    upload: UploadedFile


class DocumentsForm(PortalForm):
    """One file input for each slot, named and numbered like the slot: `slot-degree`; beside it what the files
    are, where the slot takes several parts: `slot-degree-part`."""

    # of this page as it was opened: the same form sent again after a dropped connection is no second attempt
    upload_key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, slots: Sequence[DocumentSlot], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="%s", **kwargs)
        self.slots = {slot.anchor: slot for slot in slots}
        for slot in slots:
            self.fields[slot.anchor] = FilesField(label=slot.title, required=False)
            if len(parts := PARTS_OF[slot.code]) > 1:
                self.fields[f"{slot.anchor}-part"] = forms.ChoiceField(
                    label=gettext_lazy("What the file is"),
                    choices=[(part.value, part.label) for part in parts],
                    required=False,
                    widget=forms.Select(attrs={"class": "form-select pg-w-8"}),
                )

    def sent(self) -> list[SentFile]:
        """Every file that came with the form. Call after `is_valid()`."""
        return [
            SentFile(
                self.slots[name],
                Part(self.cleaned_data.get(f"{name}-part") or Part.ORIGINAL),
                name,
                upload,
            )
            for name, uploads in self.cleaned_data.items()
            if name in self.slots
            for upload in uploads
        ]


class DescribeForm(PortalForm):
    """What a file is: which part, in which language, translated by whom."""

    part = forms.ChoiceField(label=gettext_lazy("What the file is"), widget=forms.RadioSelect)
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the file"),
        choices=[("", ""), *PartLanguage.choices],
        required=False,
    )
    translated_by = forms.CharField(
        label=gettext_lazy("Translated by"),
        help_text=gettext_lazy("For a translation: the person, the firm or the office that made it."),
        required=False,
        max_length=150,
    )
    is_certified = forms.BooleanField(
        label=gettext_lazy("The translator has certified that it is true to the original"), required=False
    )
    widths: ClassVar = {"language": 8}

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        said = {name: getattr(document, name) for name in self.base_fields}
        super().__init__(*args, initial=said, **kwargs)
        self.fields["part"].choices = [  # type: ignore[attr-defined]
            (part.value, part.label) for part in PARTS_OF[SlotCode(document.slot)]
        ]


class RequestAnswerForm(PortalForm):
    """An answer in words to what the office asked."""

    answer = forms.CharField(
        label=gettext_lazy("Your answer"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
