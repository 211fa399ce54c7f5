from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import ngettext

from applications.evidence.actions import remove_orphans
from applications.occasional.actions import remove_orphaned_files

# longer than any upload lasts; real time, because that is what files keep
AGE = timedelta(days=1)


class Command(BaseCommand):
    help = "Delete files that a crash left without a document. Safe at any time; once a week is enough."

    def handle(self, *args: Any, **options: Any) -> None:
        old = timezone.now() - AGE
        removed = remove_orphans(older_than=old) + remove_orphaned_files(older_than=old)
        self.stdout.write(
            ngettext(
                "%(count)d file without a document removed.",
                "%(count)d files without a document removed.",
                removed,
            )
            % {"count": removed}
        )
