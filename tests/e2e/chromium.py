"""Chromium without a window, driven through its own debugging protocol over a pipe.

No driver, no socket, no npm: the browser reads requests from descriptor 3 and writes answers to 4,
JSON with a NUL behind each.
"""
import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


class Failed(Exception):
    """What was waited for did not come, or the page threw."""


def find():
    return next((path for path in map(shutil.which, NAMES) if path), None)


class Browser:
    def __init__(self, patience=60):
        self.patience = patience
        self.profile = tempfile.mkdtemp(prefix="mxprobe-e2e.")
        to_child, self.out = os.pipe()
        self.into, from_child = os.pipe()

        def wire():
            # Not onto one another, whatever numbers the pipes have.
            read, write = os.dup(to_child), os.dup(from_child)
            os.dup2(read, 3)
            os.dup2(write, 4)

        self.child = subprocess.Popen(
            [find(), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
             "--disable-dev-shm-usage", "--disable-background-networking", "--remote-debugging-pipe",
             "--user-data-dir=" + self.profile, "about:blank"],
            close_fds=False, preexec_fn=wire, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(to_child)
        os.close(from_child)
        self.rest, self.number, self.events = b"", 0, []

    def close(self):
        try:
            self.send("Browser.close")
            self.child.wait(5)
        except (Failed, OSError, subprocess.TimeoutExpired):
            self.child.kill()
            self.child.wait()
        os.close(self.out)
        os.close(self.into)
        shutil.rmtree(self.profile, ignore_errors=True)

    def read(self, deadline):
        while b"\0" not in self.rest:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.into], [], [], left)[0]:
                raise Failed("the browser does not answer")
            piece = os.read(self.into, 1 << 20)
            if not piece:
                raise Failed("the browser has gone")
            self.rest += piece
        line, self.rest = self.rest.split(b"\0", 1)
        return json.loads(line)

    def send(self, method, session=None, **params):
        self.number += 1
        request = {"id": self.number, "method": method, "params": params}
        if session:
            request["sessionId"] = session
        data = json.dumps(request).encode() + b"\0"
        while data:
            data = data[os.write(self.out, data):]
        deadline = time.monotonic() + self.patience
        while True:
            answer = self.read(deadline)
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise Failed(f"{method}: {answer['error']['message']}")
                return answer["result"]
            if "method" in answer:
                self.events.append(answer)

    def tab(self, **look):
        return Tab(self, **look)


class Tab:
    """One page. What it says on the console, and what it asks of the network, is kept."""

    def __init__(self, browser, width=1280, height=900, dark=False, script=True):
        self.browser = browser
        target = browser.send("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "DOM"):
            self.send(domain + ".enable")
        self.send("Emulation.setFocusEmulationEnabled", enabled=True)
        self.look(width, height, dark)
        if not script:
            self.send("Emulation.setScriptExecutionDisabled", value=True)

    def send(self, method, **params):
        return self.browser.send(method, self.session, **params)

    def look(self, width, height, dark):
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                  mobile=width < 600)
        self.send("Emulation.setEmulatedMedia",
                  features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def mine(self, method):
        return [e["params"] for e in self.browser.events
                if e.get("sessionId") == self.session and e["method"] == method]

    def open(self, url):
        before = len(self.mine("Page.loadEventFired"))
        self.send("Page.navigate", url=url)
        self.until(lambda: len(self.mine("Page.loadEventFired")) > before, "the page to load: " + url)

    def until(self, holds, what):
        deadline = time.monotonic() + self.browser.patience
        while not holds():
            if time.monotonic() > deadline:
                raise Failed("waited in vain for " + what)
            self.send("Runtime.evaluate", expression="0")  # lets events in
            time.sleep(0.05)

    def ask(self, expression):
        answer = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True,
                           userGesture=True)
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise Failed(details.get("exception", {}).get("description", details["text"]))
        return answer["result"].get("value")

    def wait(self, expression, what=None):
        self.until(lambda: self.ask(f"!!({expression})"), what or expression)

    def key(self, name, text="", code=0):
        for kind in ("keyDown", "keyUp"):
            self.send("Input.dispatchKeyEvent", type=kind, key=name, code=name, windowsVirtualKeyCode=code,
                      **({"text": text} if text and kind == "keyDown" else {}))

    def type(self, text):
        for letter in text:
            self.key(letter, letter)

    def picture(self, path, whole=False):
        shot = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        with open(path, "wb") as file:
            file.write(base64.b64decode(shot["data"]))

    def complaints(self):
        """What the browser held against the page: exceptions, errors, refused loads, violated policies."""
        said = [e["entry"]["text"] for e in self.mine("Log.entryAdded") if e["entry"]["level"] == "error"]
        said += [e["exceptionDetails"]["text"] for e in self.mine("Runtime.exceptionThrown")]
        said += [str(e["args"]) for e in self.mine("Runtime.consoleAPICalled") if e["type"] in ("error", "warning")]
        return said

    def hosts(self):
        """Every place that was asked for something."""
        return {e["request"]["url"].split("/")[2] for e in self.mine("Network.requestWillBeSent")
                if e["request"]["url"].startswith("http")}
