from django.urls import path

from applications.offers import views

urlpatterns = [
    path("offers/<uuid:pk>/", views.offer, name="offer"),
    path("offers/<uuid:pk>/accept/", views.offer_accept, name="offer_accept"),
    path("offers/<uuid:pk>/decline/", views.offer_decline, name="offer_decline"),
    path("offers/<uuid:pk>/letter.pdf", views.offer_letter, name="offer_letter"),
]
