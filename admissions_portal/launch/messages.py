"""Message catalogues: every .po of ours becomes the .mo that Django reads. Needs polib, not GNU gettext.

`python -m admissions_portal.launch.messages`, from the launcher and from the Dockerfile.
"""

from pathlib import Path

import polib

from admissions_portal.env import PROJECT_DIR

PATTERNS = ("locale/*/LC_MESSAGES/*.po", "*/locale/*/LC_MESSAGES/*.po", "*/*/locale/*/LC_MESSAGES/*.po")


def compile_catalogues(project: Path = PROJECT_DIR) -> list[Path]:
    """Write the .mo beside each .po, replacing it in one move; returns what was written."""
    written = []
    for source in sorted(path for pattern in PATTERNS for path in project.glob(pattern)):
        target, spare = source.with_suffix(".mo"), source.with_suffix(".mo.new")
        polib.pofile(str(source)).save_as_mofile(str(spare))
        spare.replace(target)
        written.append(target)
    return written


if __name__ == "__main__":
    compile_catalogues()
