"""Policies as dated, versioned data, in layers; the register of what an office accepts; previews of both.

What the rules mean is the engine's; here is only what was in force when, and who said so.
"""

from eligibility.models.fingerprints import canonical, fingerprint
from eligibility.models.policies import Policy, PolicyLayer, PolicyVersion
from eligibility.models.previews import PolicyPreview
from eligibility.models.register import AcceptedAward

__all__ = [
    "AcceptedAward",
    "Policy",
    "PolicyLayer",
    "PolicyPreview",
    "PolicyVersion",
    "canonical",
    "fingerprint",
]
