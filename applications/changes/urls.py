from django.urls import path

from applications.changes import views

urlpatterns = [
    path("applications/<uuid:pk>/changes/", views.changes, name="changes"),
    path("applications/<uuid:pk>/changes/propose/", views.propose, name="propose_change"),
    path(
        "applications/<uuid:pk>/changes/<uuid:proposal_pk>/withdraw/", views.withdraw, name="withdraw_change"
    ),
]
