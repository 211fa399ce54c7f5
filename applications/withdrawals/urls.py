from django.urls import path

from applications.withdrawals import views

urlpatterns = [
    path("applications/<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("applications/<uuid:pk>/delete/", views.discard, name="discard"),
]
