"""Checks everything the renderers make against Slack's own TypeScript types.

`python -m tests.adapters.slack.typescript`. Needs node and npm; without them it says so and passes.
The packages `@slack/types` and `typescript` come through npm, once, into `.venv/slack-types`. It
sees wrong elements, missing fields and unknown keys; lengths are the other tests' business.
"""

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from adapters.slack import forms
from adapters.slack.home_view import Row, home_view
from adapters.slack.places import Place
from adapters.slack.render import render
from bot.model.form import Choice, Field, Form, Kind
from bot.model.message import Action, Card, Listing
from bot.model.subscription import Channel, Platform, Subscription
from bot.rules.parse import parse_filter
from tests.contracts.messages import HOSTILE, MESSAGES, ORDINARY

FOLDER = Path(__file__).parents[3] / ".venv" / "slack-types"
PACKAGES = ("@slack/types@2", "typescript@5")
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def blocks() -> Iterator[list[dict[str, Any]]]:
    """The blocks of every kind of message, and of 1 to 200 results."""
    for message in MESSAGES.values():
        yield from (page["blocks"] for page in render(message, by="Ada"))
    chance = random.Random(1)
    for count in (1, 2, 3, 10, 49, 50, 51, 120, 200):
        cards = tuple(
            _judged(chance.choice((ORDINARY, HOSTILE)), number) for number in range(count)
        )
        listing = Listing(heading="h", cards=cards, total=count, footer="f")
        yield from (page["blocks"] for page in render(listing))


def views() -> Iterator[dict[str, Any]]:
    """A form with every kind of field, and App Home."""
    choices = (Choice("", "As it is"), Choice("a", "A"))
    fields = (
        Field(name="filter", label="What", required=True, hint="h", value="rings"),
        Field(name="every", label="When", kind=Kind.CHOICE, choices=choices, value="a"),
        Field(name="text", label="Text", kind=Kind.TEXT, error="wrong"),
    )
    back = forms.Return("subscribe", Place(workspace="T1", member="U1", conversation="C1"))
    yield forms.view(Form(command="subscribe", title="t", fields=fields, note=("n",)), back)
    here = Channel(Platform.SLACK, "T1", "C0PAPERS01")
    one = Subscription(
        channel=here, name="rings", filter=parse_filter("rings"), created_at=NOW, next_due_at=NOW
    )
    row = Row(subscription=one, channel=here.channel, paused=False, now=NOW)
    yield home_view([row], [replace(row, channel="")], ["Source hf_daily: fine"])
    yield home_view([], [], [])


def _judged(card: Card, number: int) -> Card:
    key = f"arxiv:2611.{number:05d}"
    more = (Action("Why?", f"why {key}"), Action("Stop", "unsubscribe rings"))
    return card.saying(paper=key, actions=(Action("Relevant", f"like {key}"),), more=more)


def _source() -> str:
    lines = ['import type { KnownBlock, View } from "@slack/types";']
    lines += [
        f"export const blocks{number}: KnownBlock[] = {json.dumps(one)};"
        for number, one in enumerate(blocks())
    ]
    lines += [
        f"export const view{number}: View = {json.dumps(one)};"
        for number, one in enumerate(views())
    ]
    return "\n".join(lines)


def main() -> None:
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        sys.stdout.write("skipped: node and npm are not here\n")
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "package.json").write_text('{"private": true}\n')
    compiler = FOLDER / "node_modules" / ".bin" / "tsc"
    if not compiler.exists():
        quiet = ["--no-audit", "--no-fund", "--silent"]
        subprocess.run([npm, "install", *quiet, *PACKAGES], cwd=FOLDER, check=True)
    (FOLDER / "made.ts").write_text(_source(), encoding="utf-8")
    flags = ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext"]
    checked = subprocess.run([compiler, *flags, "made.ts"], cwd=FOLDER, check=False)
    if checked.returncode:
        sys.exit("Slack's types refuse what the renderers make; see above.")
    sys.stdout.write("everything fits Slack's own types\n")


if __name__ == "__main__":
    main()
