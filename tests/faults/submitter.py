"""One of several web processes: submits every draft it is told, as fast as it can, and prints what came back.

`python -m tests.faults.submitter ID …` answers "ready", waits for a line, then submits each in turn.
"""

import os
import sys


def main(drafts: list[str]) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.faults.settings"
    import django

    django.setup()

    from applications.lifecycle.models import Application
    from applications.submission.actions import submit_application
    from applications.submission.declarations import in_force
    from tests.factories.drafts import AT, own

    loaded = [Application.objects.select_related("applicant__user").get(pk=pk) for pk in drafts]
    print("ready", flush=True)
    sys.stdin.readline()
    for draft in loaded:
        submission = submit_application(draft, declaration=in_force(on=AT.date()), by=own(draft), at=AT)
        print(submission.pk, submission.application.number, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
