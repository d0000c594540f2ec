"""What the adapter calls, compared with Slack's own reference, without a call."""

import ast
import json
from pathlib import Path

import pytest

import adapters.slack

CALLED = {
    "auth_teams_list", "auth_test", "chat_postEphemeral", "chat_postMessage", "chat_unfurl",
    "chat_update", "conversations_history", "conversations_info", "conversations_open",
    "conversations_replies", "oauth_v2_access", "users_conversations", "users_info",
    "views_publish", "views_update",
}  # fmt: skip
"""Methods named in the code; views.open and views.push are called by a name that is chosen."""


def _calls():
    """Every call of a Web API method: where, its name, the arguments it names."""
    for file in sorted(Path(adapters.slack.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            names = [one.arg for one in node.keywords if one.arg]
            yield f"{file.name}:{node.lineno}", node.func.attr, names


@pytest.mark.corpus
def test_every_argument_the_adapter_names_is_one_slack_knows(corpus: Path):
    folder = corpus / "specs" / "slack-api-ref" / "methods"
    known = {file.stem.replace(".", "_"): file for file in folder.glob("*.json")}
    strange, seen = [], set()
    for where, method, names in _calls():
        if method not in known:
            continue
        seen.add(method)
        listed = json.loads(known[method].read_text(encoding="utf-8"))["args"]
        strange += [f"{where}: {method}({name})" for name in names if name not in listed]
    assert strange == []
    assert seen == CALLED, "a method more or less: is it in the reference?"
