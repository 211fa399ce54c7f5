from django.urls import path

from applications.submission import (
    amendment_views,
    checking_views,
    contact_views,
    copy_views,
    document_views,
    request_views,
    section_views,
    start_views,
    views,
)

urlpatterns = [
    path("applications/start/<int:pk>/", start_views.start, name="start"),
    path("applications/<uuid:pk>/access-code/", start_views.access_code, name="access_code"),
    path("applications/<uuid:pk>/mode/", start_views.mode, name="change_mode"),
    path("applications/<uuid:pk>/carry-over/", start_views.carry_over, name="carry_over"),
    path("applications/<uuid:pk>/documents/", document_views.documents, name="documents"),
    path(
        "applications/<uuid:pk>/documents/<uuid:document_pk>/",
        document_views.describe,
        name="describe_document",
    ),
    path("applications/<uuid:pk>/requests/<uuid:request_pk>/", request_views.request, name="request"),
    path("applications/<uuid:pk>/review/", views.review, name="review"),
    path("applications/<uuid:pk>/findings/", views.findings, name="findings"),
    path("applications/<uuid:pk>/submit/", views.submit, name="submit"),
    path("applications/<uuid:pk>/receipt/", views.receipt, name="receipt"),
    path("applications/<uuid:pk>/amend/", amendment_views.amend, name="amend"),
    path("applications/<uuid:pk>/leave-out/", amendment_views.leave_out, name="leave_out"),
    path("applications/<uuid:pk>/copy/", copy_views.draft_copy, name="draft_copy"),
    path("applications/<uuid:pk>/copy.pdf", copy_views.draft_copy_pdf, name="draft_copy_pdf"),
    path("applications/<uuid:pk>/receipt/<int:sequence>.pdf", copy_views.receipt_pdf, name="receipt_pdf"),
    path("my/contact/", contact_views.contact_details, name="contact_details"),
    path("receipts/", views.verify_receipt, name="verify_receipt"),
    # last: every other page of an application has a name of its own
    path("applications/<uuid:pk>/<slug:key>/", section_views.section, name="section"),
    path("applications/<uuid:pk>/<slug:key>/typed/", section_views.autosave, name="autosave"),
    path("applications/<uuid:pk>/<slug:key>/check/", checking_views.check, name="check"),
]
