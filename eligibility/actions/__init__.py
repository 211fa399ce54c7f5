"""Every act on admission rules and on the acceptance register: one act, one function, whichever door."""

from eligibility.actions.drafts import (
    discard_draft,
    draft_policy_layer,
    draft_version,
    save_draft,
)
from eligibility.actions.publishing import (
    approve_draft,
    keep_preview,
    publish_version,
)
from eligibility.actions.refusals import (
    DraftChanged,
    LoweringRefused,
    OutOfOrder,
    PolicyRefused,
    PreviewMissing,
    RegisterRefused,
    SecondPersonMissing,
)
from eligibility.actions.register import (
    AcceptanceTerms,
    discard_acceptance,
    draft_acceptance,
    put_acceptance_in_force,
    save_acceptance,
    withdraw_acceptance,
)

__all__ = [
    "AcceptanceTerms",
    "DraftChanged",
    "LoweringRefused",
    "OutOfOrder",
    "PolicyRefused",
    "PreviewMissing",
    "RegisterRefused",
    "SecondPersonMissing",
    "approve_draft",
    "discard_acceptance",
    "discard_draft",
    "draft_acceptance",
    "draft_policy_layer",
    "draft_version",
    "keep_preview",
    "publish_version",
    "put_acceptance_in_force",
    "save_acceptance",
    "save_draft",
    "withdraw_acceptance",
]
