from django.urls import path

from applications.identity import views

urlpatterns = [path("applications/<uuid:pk>/identity-number/", views.identity_number, name="identity_number")]
