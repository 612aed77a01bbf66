"""The budgets that no linter counts: how long modules and functions are."""

import ast
from pathlib import Path

BOT = Path(__file__).parent.parent / "bot"
FILES = sorted(BOT.rglob("*.py"))


def code_lines(function: ast.FunctionDef | ast.AsyncFunctionDef, source: list[str]) -> int:
    """Lines of a body that are neither docstring, comment nor empty."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    if not body:
        return 0
    lines = source[body[0].lineno - 1 : function.end_lineno]
    return sum(1 for line in lines if line.strip() and not line.strip().startswith("#"))


def functions() -> dict[str, int]:
    found = {}
    for file in FILES:
        source = file.read_text().splitlines()
        for node in ast.walk(ast.parse("\n".join(source))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found[f"{file.relative_to(BOT)}:{node.lineno} {node.name}"] = code_lines(node, source)
    return found


def test_no_module_is_longer_than_400_lines() -> None:
    # A revision of the database lists what stood in the tables then, and is written once.
    modules = [file for file in FILES if file.parent.name != "versions"]
    assert {str(file): lines for file in modules if (lines := len(file.read_text().splitlines())) > 400} == {}


def test_no_function_has_more_than_40_lines_of_code() -> None:
    assert {name: lines for name, lines in functions().items() if lines > 40} == {}


def test_19_in_20_functions_have_at_most_25() -> None:
    lengths = functions()
    longer = [name for name, lines in lengths.items() if lines > 25]
    assert len(longer) <= len(lengths) / 20, longer
