from django.urls import path

from applications.standing import views

urlpatterns = [path("applications/<uuid:pk>/credits/", views.standing, name="standing")]
