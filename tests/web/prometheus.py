"""prometheus.py - Debian's Prometheus scrapes a daemon; the shipped rules fire on a block and end with it."""
import json
import os
import re
import shutil
import subprocess
import sys
import urllib.parse
import urllib.request

from dashboard import questions
from daemon import done, free_port, probe_as, same, serve, settle, tap, wait_for

work, source = sys.argv[1], "127.0.0.1"
contrib = os.path.join(os.path.dirname(__file__), "..", "..", "contrib", "prometheus")

CONFIGURATION = """
global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
rule_files: [mxprobe.rules.yaml]
scrape_configs:
  - job_name: mxprobe
    static_configs: [{targets: ["127.0.0.1:%(port)d"]}]
  - job_name: mxprobe-probe
    metrics_path: /probe
    params: {module: [mail]}
    static_configs: [{targets: ["listed.test@127.0.0.1"]}]
    relabel_configs:
      - {source_labels: [__address__], regex: (.+)@.+, target_label: __param_target}
      - {source_labels: [__address__], regex: .+@(.+), target_label: __param_source}
      - {source_labels: [__address__], target_label: instance}
      - {target_label: __address__, replacement: "127.0.0.1:%(port)d"}
"""


def check(*arguments, text=None):
    ran = subprocess.run(["promtool", *arguments], input=text, capture_output=True)
    return ran.returncode, (ran.stdout + ran.stderr).decode()


class Prometheus:
    def __init__(self, port):
        self.port = free_port()
        self.process = subprocess.Popen(
            ["prometheus", "--config.file", work + "/prometheus.yml", "--storage.tsdb.path", work + "/tsdb",
             "--web.listen-address", "127.0.0.1:%d" % self.port, "--log.level", "warn"],
            stdout=subprocess.DEVNULL, stderr=open(work + "/prometheus.log", "w"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)

    def ask(self, path):
        try:
            with urllib.request.urlopen("http://127.0.0.1:%d/api/v1/%s" % (self.port, path), timeout=5) as f:
                return json.load(f)["data"]
        except OSError:
            return None

    def value(self, query):
        found = self.ask("query?query=" + urllib.parse.quote(query))
        return [float(r["value"][1]) for r in found["result"]] if found else None

    def firing(self, name):
        return [a for a in (self.ask("alerts") or {}).get("alerts", [])
                if a["labels"]["alertname"] == name and a["labels"]["provider"] == "listed.test" and
                a["state"] == "firing"]


def rules():
    shutil.copy(contrib + "/mxprobe.rules.yaml", work)
    shutil.copy(os.path.join(os.path.dirname(__file__), "rules.test.yaml"), work)
    shutil.copy(contrib + "/prometheus.yml", work + "/example.yml")
    status, said = check("check", "rules", work + "/mxprobe.rules.yaml")
    same("promtool takes the rules", 0, status)
    status, said = check("test", "rules", work + "/rules.test.yaml")
    tap(status == 0, "promtool test rules: they fire and end as they should", said)
    status, said = check("check", "config", work + "/example.yml")
    tap(status == 0, "promtool takes the example configuration", said)


def story(daemon, prometheus):
    settle(daemon)
    same("the first session is accepted: clear", "clear", daemon.pair(source, "listed.test").get("state"))
    clear = 'mxprobe_state{source="%s",provider="listed.test",state="clear"}' % source
    # the group is the provider's, or the registrable domain
    tap(wait_for(lambda: prometheus.value('up{job="mxprobe"}') == [1.0]), "Prometheus scrapes /metrics",
        open(work + "/prometheus.log").read())
    tap(wait_for(lambda: prometheus.value('probe_success{instance="listed.test@127.0.0.1"}') == [1.0]),
        "Prometheus scrapes /probe: success")
    tap(wait_for(lambda: prometheus.value(clear) == [1.0]), "Prometheus knows the state", str(prometheus.value(clear)))
    same("nothing fires", [], prometheus.firing("MxprobeBlocked"))

    same("the next one is refused: blocked", "blocked",
         probe_as(daemon, work, "block@example.test", source, "listed.test").get("state"))
    alerts = wait_for(lambda: prometheus.firing("MxprobeBlocked"))
    tap(len(alerts) == 1 and alerts[0]["labels"]["source"] == source, "MxprobeBlocked fires, once", str(alerts))
    tap(wait_for(lambda: prometheus.value('probe_success{instance="listed.test@127.0.0.1"}') == [0.0]),
        "/probe: no success")
    same("what decided is there", [1.0], prometheus.value(
        'mxprobe_reply_info{job="mxprobe",source="%s",provider="listed.test",code="550",enhanced="5.7.1",category="blocklist_dnsbl"}' % source))

    same("then one is accepted: clear again", "clear",
         probe_as(daemon, work, "probe@example.test", source, "listed.test").get("state"))
    tap(wait_for(lambda: prometheus.firing("MxprobeBlocked") == []), "MxprobeBlocked has ended")


def dashboard(prometheus):
    """A question that cannot be parsed has no answer; one that names a metric that is not there has an empty one."""
    for title, question in questions(os.path.join(contrib, "..", "grafana", "mxprobe.json")):
        found = prometheus.ask("query?query=" + urllib.parse.quote(question))
        tap(found is not None, "the dashboard's question is understood: " + title, question)
    known = prometheus.ask("label/__name__/values") or []
    asked = set(re.findall(r"(?:mxprobe|process)_[a-z_]+", open(os.path.join(contrib, "..", "grafana", "mxprobe.json")).read()))
    # counters that nothing has happened to, and receivers that are not configured, have no sample yet
    quiet = {"mxprobe_suppressed_total", "mxprobe_alerts_waiting"}
    same("the dashboard asks for what there is", set(), asked - set(known) - quiet)


def formats(daemon):
    daemon.probe_now(source, "hostile.test")
    text = daemon.get("/metrics")[2]
    status, said = check("check", "metrics", text=text)
    tap(status == 0 and said == "", "promtool check metrics is silent", said)
    probe = daemon.get("/probe?target=hostile.test&source=127.0.0.1")[2]
    status, said = check("check", "metrics", text=probe)
    tap(status == 0, "promtool can read /probe", said)
    tap(b"probe_success 0" in probe and b"mxprobe_result_cached 1" in probe, "/probe shows what is known", probe)
    _, headers, opened = daemon.get("/metrics", {"Accept": "application/openmetrics-text; version=1.0.0"})
    tap(headers["Content-Type"].startswith("application/openmetrics-text") and opened.endswith(b"\n# EOF\n"),
        "OpenMetrics where it is asked for")


for tool in ("prometheus", "promtool"):
    if shutil.which(tool) is None:
        print("1..0 # SKIP %s is not installed" % tool)
        sys.exit(0)
rules()
with serve(work) as it:
    with open(work + "/prometheus.yml", "w") as f:
        f.write(CONFIGURATION % {"port": it.port})
    with Prometheus(it.port) as prometheus:
        story(it, prometheus)
        dashboard(prometheus)
    formats(it)
done()
