"""Survivorship rules as text, as `mdm.toml` holds them and explanations show them.

prefer(erp, crm)
trust(erp=0.9, crm=0.6, decay=linear(730), floor=0.2)
when(country=DE, then=prefer(erp), otherwise=most_recent())
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from mdm.survivorship.by_content import Longest, Maximum, Minimum, MostComplete, MostFrequent, Union
from mdm.survivorship.by_source import MostRecent, Oldest, Prefer
from mdm.survivorship.conditions import when
from mdm.survivorship.rule import Rule
from mdm.survivorship.trust import Decay, exponential, linear, trust

PLAIN: dict[str, type[Rule]] = {
    rule.name: rule
    for rule in (MostRecent, Oldest, MostFrequent, MostComplete, Longest, Minimum, Maximum, Union)
}
"""Rules without arguments."""

WORDS = (*PLAIN, "prefer", "trust", "when")


class NotationError(ValueError):
    """A text is no survivorship rule; the message says why, as the end of a sentence."""


def parse_rule(text: str) -> Rule:
    """The rule that a text names.

    Raises:
        NotationError: it is none.
    """
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except SyntaxError as exc:
        raise NotationError("is no rule; write it such as prefer(erp, crm) or most_recent()") from exc
    return _rule(tree)


def _rule(node: ast.expr) -> Rule:
    name, positional, named = _call(node)
    if name in PLAIN:
        _expect(name, positional, named, "takes no arguments", ok=not positional and not named)
        return PLAIN[name]()
    if name == "prefer":
        _expect(name, positional, named, "takes sources or roles", ok=bool(positional) and not named)
        return Prefer(tuple(_word(part) for part in positional))
    if name == "trust":
        return _trust(positional, named)
    if name == "when":
        return _when(positional, named)
    raise NotationError(f"names the rule {name!r}; there are {', '.join(WORDS)}")


def _trust(positional: list[ast.expr], named: dict[str, ast.expr]) -> Rule:
    scores = {}
    if positional:
        _expect("trust", positional, named, "takes scores as erp=0.9", ok=len(positional) == 1)
        scores = _scores(positional[0])
    arguments: dict[str, Any] = {
        name: _decay(value) if name == "decay" else _share(name, value) for name, value in named.items()
    }
    if not (scores or arguments.keys() - {"other", "decay", "floor", "downgrade"}):
        raise NotationError("trusts no source; write it such as trust(erp=0.9, crm=0.6)")
    return trust(scores, **arguments)


def _scores(node: ast.expr) -> dict[str, float]:
    if not isinstance(node, ast.Dict):
        raise NotationError('gives trust no scores; write them as erp=0.9 or {"file.x": 0.9}')
    return {
        _word(k): _share(_word(k), v) for k, v in zip(node.keys, node.values, strict=True) if k is not None
    }


def _decay(node: ast.expr) -> Decay:
    name, positional, named = _call(node)
    shapes: dict[str, Callable[[float], Decay]] = {"linear": linear, "exponential": exponential}
    if name not in shapes or len(positional) != 1 or named:
        raise NotationError("has a decay that is neither linear(DAYS) nor exponential(DAYS)")
    days = _number("decay", positional[0])
    if days <= 0:
        raise NotationError("has a decay of no days; give more than 0")
    return shapes[name](days)


def _when(positional: list[ast.expr], named: dict[str, ast.expr]) -> Rule:
    asked = {name: node for name, node in named.items() if name not in ("then", "otherwise")}
    if positional or not asked or "then" not in named or "otherwise" not in named:
        raise NotationError(
            "has a when without condition, then or otherwise; "
            "write it as when(country=DE, then=prefer(erp), otherwise=most_recent())"
        )
    conditions = {name: _words(node) for name, node in asked.items()}
    return when(then=_rule(named["then"]), otherwise=_rule(named["otherwise"]), **conditions)


def _call(node: ast.expr) -> tuple[str, list[ast.expr], dict[str, ast.expr]]:
    if isinstance(node, ast.Name):
        return node.id, [], {}
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        raise NotationError("is no rule; write it such as prefer(erp, crm) or most_recent()")
    return node.func.id, node.args, {word.arg: word.value for word in node.keywords if word.arg}


def _words(node: ast.expr) -> tuple[str, ...]:
    parts = node.elts if isinstance(node, ast.List | ast.Tuple) else [node]
    return tuple(_word(part) for part in parts)


def _word(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Constant) and isinstance(node.value, str | int | float):
        return str(node.value)
    if isinstance(node, ast.Attribute):
        return f"{_word(node.value)}.{node.attr}"
    raise NotationError(f"holds {ast.unparse(node)}, where a name is expected; put it in quotes")


def _share(name: str, node: ast.expr) -> float:
    share = _number(name, node)
    if not 0 <= share <= 1:
        raise NotationError(f"gives {name} the value {share:g}; it lies between 0 and 1")
    return share


def _number(name: str, node: ast.expr) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    raise NotationError(f"gives {name} the value {ast.unparse(node)}, which is no number")


def _expect(
    name: str, positional: list[ast.expr], named: dict[str, ast.expr], what: str, *, ok: bool
) -> None:
    if not ok:
        given = ", ".join([*map(ast.unparse, positional), *named])
        raise NotationError(f"gives {name} ({given}), but {name} {what}")
