"""Is this paper genuine? Open to everybody; says nothing that does not stand on the paper."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from admissions_portal.papers.forms import VerifyForm
from admissions_portal.papers.kinds import proof_of, title_of
from admissions_portal.papers.queries import paper_with_code


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """Number and code by hand."""
    form = VerifyForm(request.GET or None)
    if form.is_bound and form.is_valid():
        return redirect("papers:verify_code", code=form.paper.code)
    return render(request, "papers/verify.html", {"form": form})


@require_safe
@never_cache
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """The answer, where the QR code leads. 404 with the form to try again for a code we never issued."""
    paper = paper_with_code(code)
    if paper is None:
        return render(request, "papers/verify.html", {"form": VerifyForm(), "unknown_code": code}, status=404)
    return render(
        request,
        "papers/verified.html",
        {"paper": paper, "title": title_of(paper.kind), "proof": proof_of(paper.kind)},
    )
