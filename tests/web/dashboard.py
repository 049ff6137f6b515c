"""dashboard.py - every question of the Grafana dashboard, asked of a real Prometheus."""
import json
import re


def questions(path):
    """Its PromQL, with the variables filled in as Grafana would."""
    board = json.load(open(path))
    for panel in board["panels"]:
        for target in panel["targets"]:
            yield panel["title"], re.sub(r"\$(source|provider)", ".*", target["expr"])
