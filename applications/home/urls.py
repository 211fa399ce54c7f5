from django.urls import path

from applications.home import views

urlpatterns = [
    path("my/", views.home, name="home"),
    path("applications/<uuid:pk>/", views.overview, name="overview"),
    path("my/messages/", views.messages, name="messages"),
    path("my/messages/<uuid:pk>/", views.message, name="message"),
]
