"""What the documents page accepts: any number of files in each slot, all at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from admissions_portal.support.forms import PortalForm
from applications.evidence.models import SlotCode
from applications.evidence.slots import DocumentSlot


class FilesInput(forms.ClearableFileInput):
    """A plain input for several files; what is kept stands above it, with its own button to remove it."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"

    def __init__(self) -> None:
        # a hint for the file dialogue only: what a file is, is decided by parsing it
        super().__init__({"accept": ".pdf,.jpg,.jpeg,.png", "multiple": True})


class FilesField(forms.FileField):
    """A list of files. Each is judged by `add_document`, which names it in its refusal, an empty one too."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        return list(data or [])


class DocumentsForm(PortalForm):
    """One file input for each slot, named and numbered like the slot: `slot-degree`."""

    def __init__(self, slots: Sequence[DocumentSlot], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="%s", **kwargs)
        for slot in slots:
            self.fields[slot.anchor] = FilesField(label=slot.title, required=False)

    def sent(self) -> list[tuple[SlotCode, str, UploadedFile]]:
        """Every file that came with the form: slot, name of its input, file. Call after `is_valid()`."""
        return [
            (SlotCode(name.removeprefix("slot-").upper()), name, upload)
            for name, uploads in self.cleaned_data.items()
            for upload in uploads
        ]
