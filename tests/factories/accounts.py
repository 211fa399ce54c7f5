"""Users. Their password is `PASSWORD`, their address is verified."""

import factory
from allauth.account.models import EmailAddress

from admissions_portal.accounts.models import User

PASSWORD = "harbour-lantern-47"


class UserFactory(factory.django.DjangoModelFactory):
    """Somebody who can sign in. `UserFactory(verified=False)` has not yet answered the first mail."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.com")

    @factory.post_generation
    def password(self, create: bool, given: str | None, **kwargs: object) -> None:
        self.set_password(given or PASSWORD)
        if create:
            self.save(update_fields=["password"])

    @factory.post_generation
    def verified(self, create: bool, given: bool | None, **kwargs: object) -> None:
        if create:
            EmailAddress.objects.create(
                user=self, email=self.email, primary=True, verified=given is not False
            )


class StaffFactory(UserFactory):
    """Somebody who works in an office; appointments are made apart."""

    email = factory.Sequence(lambda n: f"staff{n}@example.edu.hk")
    name = factory.Sequence(lambda n: f"Officer {n}")
    is_staff = True
