"""The engine is plain Python: it can be run where nothing else is installed."""

import ast
import subprocess
import sys
from pathlib import Path

ENGINE = Path(__file__).parents[3] / "eligibility" / "engine"


def test_the_engine_imports_nothing_but_the_standard_library() -> None:
    found: set[str] = set()
    for path in ENGINE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add((node.module or "").split(".")[0])
    assert found - set(sys.stdlib_module_names) == set()


def test_the_engine_runs_without_django_clock_or_network() -> None:
    code = "import sys, eligibility.engine; print([n for n in ('django', 'yaml') if n in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=ENGINE.parents[1], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_engine_reads_no_clock() -> None:
    for path in ENGINE.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert [word for word in (".now(", ".today(", "time.time") if word in text] == [], path.name
