"""Where a run of the rules leaves open what somebody holds in Hong Kong: an officer settles it (UST-18)."""

from django.db.models import BooleanField, Func, Value

# the reasons for which they do
STATUS_OPEN = (
    "status_not_sure",
    "status_contradicted",
    "status_unclear",
    "work_visa_full_time",
    "dependant_age_not_stated",
)

# A finding leaves it open, and no officer has recorded one on that.
_STATUS_TO_SETTLE = "strict $ ? (exists(@[*] ? ({open})) && !exists(@[*] ? ({found})))".format(
    open=" || ".join(f'@.reason == "{reason}"' for reason in STATUS_OPEN),
    found=" || ".join(f'@.params.own_reason == "{reason}"' for reason in STATUS_OPEN),
)


def status_is_left_open() -> Func:
    """For a filter over runs, and for the index that keeps those few."""
    return Func(
        "findings",
        Value(_STATUS_TO_SETTLE),
        template="jsonb_path_exists(%(expressions)s::jsonpath)",
        output_field=BooleanField(),
    )
