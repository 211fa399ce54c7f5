"""What nobody sees in a text is left out before any form judges it."""

from __future__ import annotations

import pytest
from django import forms

from admissions_portal.support.forms import PortalForm
from admissions_portal.support.unseen import seen


class Typed(PortalForm):
    name = forms.CharField()
    story = forms.CharField(widget=forms.Textarea, required=False)
    secret = forms.CharField(widget=forms.PasswordInput, required=False, strip=False)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param("Wong\u200b Tsz\u200b Ching", "Wong Tsz Ching", id="spaces without width"),
        pytest.param("Tsz\u00adching", "Tszching", id="soft hyphen of a web page"),
        pytest.param("\ufeffLAM", "LAM", id="mark of the order of bytes"),
        pytest.param("La\u2060m\u2063", "Lam", id="word joiner and invisible comma"),
        pytest.param("Kim\u3164\u115f\uffa0", "Kim", id="Hangul fillers"),
        pytest.param("Louis\u2800", "Louis", id="empty Braille cell"),
        pytest.param("Lee\U000e0041\U000e007f", "Lee", id="tags"),
        pytest.param("Le\u200de\u200c", "Lee", id="joiners between Latin letters"),
        pytest.param("陳\u200d大文", "陳大文", id="joiner between Chinese characters"),
        pytest.param("ක්\u200dෂ", "ක්\u200dෂ", id="a joiner that Sinhala writes with stays"),
        pytest.param("می\u200cخواهم", "می\u200cخواهم", id="a non-joiner that Persian writes with stays"),
        pytest.param("👩\u200d🎓", "👩\u200d🎓", id="a picture made of two stays"),
        pytest.param("O’Brien-Smith, Zoë 陳", "O’Brien-Smith, Zoë 陳", id="what is seen stays"),
        pytest.param("first\nsecond\tline", "first\nsecond\tline", id="lines and tabs stay"),
    ],
)
def test_only_what_nobody_sees_is_left_out(typed: str, kept: str) -> None:
    assert seen(typed) == kept


def test_a_name_of_nothing_seen_is_no_name() -> None:
    form = Typed({"name": "\u200b\u3164", "story": "a\u200bb", "secret": "p\u200bw"})
    assert form.errors == {"name": ["An answer is needed here."]}
    assert form.cleaned_data == {"story": "ab", "secret": "p\u200bw"}
