from django.urls import path

from applications.evidence import views

urlpatterns = [path("documents/<uuid:pk>/", views.document, name="document")]
