"""The page and the alerts speak of metrics that exist, with labels that exist."""

import re
from pathlib import Path

import yaml

from bot.model import metrics

DOCS = Path(__file__).parents[2] / "docs"
KNOWN = {metric.name: metric for metric in metrics.ALL}
ENDINGS = ("", "_bucket", "_sum", "_count")


def test_the_page_lists_every_metric_with_its_labels():
    rows = re.findall(r"^\| (`[a-z0-9_`, ]+`) \| ([a-z, ]*) ?\|", _page(), re.MULTILINE)
    listed = {
        name: tuple(filter(None, labels.replace(" ", "").split(",")))
        for names, labels in rows
        for name in re.findall(r"`([a-z0-9_]+)`", names)
    }
    assert listed == {name: metric.labels for name, metric in KNOWN.items()}


def test_every_alert_asks_for_a_metric_and_labels_that_exist():
    groups = yaml.safe_load((DOCS / "alerts.yml").read_text("utf-8"))["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    assert len({rule["alert"] for rule in rules}) == len(rules) > 10
    for rule in rules:
        asked = re.findall(r"paperwire_([a-z0-9_]+)(?:\{([^}]*)\})?", rule["expr"])
        assert asked, rule
        for name, labels in asked:
            metric = next(
                KNOWN[name.removesuffix(end)] for end in ENDINGS if name.removesuffix(end) in KNOWN
            )
            assert set(re.findall(r"(\w+)=", labels)) <= set(metric.labels), rule
        assert rule["annotations"]["summary"].endswith("."), rule


def _page() -> str:
    return (DOCS / "operations.md").read_text("utf-8")
