"""The table of transitions as a diagram for the README."""

from applications.lifecycle.transitions import TRANSITIONS


def diagram() -> str:
    """Mermaid text, one line for each way a state can be left, in the order of the table."""
    lines = ["stateDiagram-v2", "    [*] --> DRAFT"]
    for transition in TRANSITIONS.values():
        lines += [
            f"    {source} --> {transition.target}: {transition.move}"
            for source in sorted(transition.sources)
        ]
    return "\n".join(lines) + "\n"
