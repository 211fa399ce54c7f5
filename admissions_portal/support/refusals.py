"""The root of every refusal an action may raise."""


class Refusal(Exception):
    """The rules say no. `str(refusal)` is a translated sentence for whoever asked: what, why, what now.

    Doors catch this and show it; anything else that is raised is a bug and stays loud.
    """
