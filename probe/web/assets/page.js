// mxprobe's page: what the server has rendered is complete; this keeps it fresh and saves clicks.
// News come as server-sent events; what has changed is fetched as the same page again, and only the
// parts that differ are replaced, so that there is one place that renders: the server.

const content = () => document.getElementById("content");
const announce = (text) => {
	const line = document.getElementById("announce");
	line.textContent = "";
	requestAnimationFrame(() => { line.textContent = text; });
};
const csrf = document.querySelector('meta[name="csrf"]')?.content;

// ---- the same page again ----

function replaceChanged(fresh) {
	const old = content(), shape = (root) => [...root.querySelectorAll("[data-key]")].map((e) => e.dataset.key).join("\n");
	if (shape(old) !== shape(fresh)) {
		const focus = document.activeElement?.closest("form")?.id, name = document.activeElement?.name;
		const at = document.activeElement?.selectionStart, text = document.activeElement?.value;
		old.replaceChildren(...fresh.childNodes);
		const field = focus && name && document.getElementById(focus)?.elements[name];
		if (field) {
			if (field.type === "search")
				field.value = text;
			field.focus({ preventScroll: true });
			if (at !== null && at !== undefined && field.setSelectionRange)
				field.setSelectionRange(at, at);
		}
		prepare(content());
		return 1;
	}
	let changed = 0;
	const theirs = fresh.querySelectorAll("[data-key]");
	old.querySelectorAll("[data-key]").forEach((mine, i) => {
		const other = theirs[i];
		if (mine.innerHTML === other.innerHTML || mine.contains(document.activeElement) && mine.querySelector("input:focus, select:focus"))
			return;
		const link = mine.contains(document.activeElement) && document.activeElement.getAttribute("href");
		const cells = mine.matches("tr") ? [...mine.cells] : [];
		const was = cells.map((c) => c.className);
		mine.replaceChildren(...other.childNodes);
		if (link)
			mine.querySelector(`[href="${CSS.escape(link)}"]`)?.focus();
		if (mine.matches("tr"))
			[...mine.cells].forEach((c, n) => {
				if (c.className !== was[n]) {
					c.classList.add("fresh");
					changed++;
				}
			});
		else
			changed++;
		prepare(mine);
	});
	return changed;
}

let loading = null;
async function load(url, { quiet = true } = {}) {
	loading?.abort();
	const mine = loading = new AbortController();
	const started = performance.now();
	try {
		const answer = await fetch(url, { signal: mine.signal, headers: { Accept: "text/html" }, credentials: "same-origin" });
		const page = new DOMParser().parseFromString(await answer.text(), "text/html");
		const fresh = page.getElementById("content");
		if (!fresh)
			return;
		document.title = page.title;
		const changed = replaceChanged(fresh);
		if (changed && !quiet)
			announce(document.getElementById("announce").dataset.updated);
	} catch (error) {
		if (error.name !== "AbortError")
			console.warn(error);
	} finally {
		took = performance.now() - started;
		if (loading === mine)
			loading = null;
	}
}

// A page that is costly is asked for less often; one that nobody sees, not at all.
const LEAST_MS = 1000, COST = 10;
let took = 0, due = null, last = 0, missed = false;
function refresh(soon) {
	if (document.hidden) {
		missed = true;
		return;
	}
	const wait = Math.max(last + Math.max(LEAST_MS, took * COST) - performance.now(), soon ? 150 : 20000);
	if (due && due.at <= performance.now() + wait)
		return;
	if (due)
		clearTimeout(due.timer);
	due = { at: performance.now() + wait, timer: setTimeout(async () => {
		due = null;
		last = performance.now();
		await load(location.href, { quiet: !soon });
	}, wait) };
}

// ---- news ----

function listen() {
	const main = content(), wants = main.dataset.live;
	if (wants === "none" || !window.EventSource)
		return;
	const sign = document.getElementById("live");
	const stream = new EventSource(document.documentElement.dataset.root + "/api/v1/stream");
	const show = (on) => {
		sign.hidden = false;
		sign.classList.toggle("off", !on);
		sign.textContent = on ? sign.dataset.on : sign.dataset.off;
	};
	const mine = (event) => {
		if (wants !== "pair")
			return true;
		try {
			const news = JSON.parse(event.data);
			return !news.source || news.source === main.dataset.source && (news.group ?? news.provider) === main.dataset.group;
		} catch {
			return true;
		}
	};
	let lost = false;
	stream.onopen = () => { show(true); if (lost) refresh(true); lost = false; };
	stream.onerror = () => { show(false); lost = true; };
	stream.addEventListener("state", (event) => mine(event) && refresh(true));
	stream.addEventListener("result", (event) => mine(event) && refresh(wants === "pair"));
	stream.addEventListener("schedule", (event) => wants === "pair" && mine(event) && refresh(true));
	document.addEventListener("visibilitychange", () => {
		if (!document.hidden && missed) {
			missed = false;
			refresh(true);
		}
	});
	window.addEventListener("pagehide", () => stream.close());
	setInterval(() => refresh(false), 60000);
}

// ---- filter while typing ----

let typing = null;
function filter(form) {
	const query = new URLSearchParams([...new FormData(form)].filter(([name, value]) => value !== "" && !(name === "rows" && value === "100")));
	const url = form.getAttribute("action") + (query.size === 0 && !query.toString() ? "" : "?" + query);
	history.replaceState(null, "", url);
	load(url, { quiet: false });
}
document.addEventListener("input", (event) => {
	const form = event.target.closest("form#filter");
	if (!form)
		return;
	clearTimeout(typing);
	typing = setTimeout(() => filter(form), event.target.type === "search" ? 200 : 0);
});
document.addEventListener("submit", (event) => {
	if (event.target.id === "filter") {
		event.preventDefault();
		clearTimeout(typing);
		filter(event.target);
	} else if (event.target.matches("form.act")) {
		event.preventDefault();
		act(event.target);
	}
});

// ---- things to do ----

async function act(form) {
	const button = form.querySelector("button[type=submit]");
	let line = form.querySelector(".answer");
	if (!line) {
		line = document.createElement("p");
		line.className = "answer";
		line.setAttribute("role", "status");
		form.append(line);
	}
	button.disabled = true;
	try {
		const answer = await fetch(form.getAttribute("action"), { method: "POST", body: new URLSearchParams(new FormData(form)),
			headers: { Accept: "application/json", "X-Mxprobe-Csrf": csrf ?? "" }, credentials: "same-origin" });
		const said = await answer.json().catch(() => ({}));
		const words = document.getElementById("announce").dataset;
		line.textContent = { started: words.started, joined: words.started, opened: words.noted, noted: words.noted }[said.told] ??
			said.error ?? answer.statusText;
		if (answer.ok) {
			// The form may go; the place where it was stays.
			const section = form.closest("[data-key]");
			if (section?.contains(document.activeElement)) {
				section.tabIndex = -1;
				section.focus({ preventScroll: true });
			}
			refresh(true);
		}
	} catch (error) {
		line.textContent = String(error.message);
	}
	button.disabled = false;
}

async function copy(button) {
	const text = document.getElementById(button.dataset.copy).textContent;
	const told = document.getElementById("announce").dataset.copied;
	try {
		await navigator.clipboard.writeText(text);
	} catch {
		const range = document.createRange();
		range.selectNodeContents(document.getElementById(button.dataset.copy));
		getSelection().removeAllRanges();
		getSelection().addRange(range);
		if (!document.execCommand("copy"))
			return;
	}
	const label = button.firstChild, was = label.data;
	label.data = told;
	button.classList.add("done");
	announce(told);
	setTimeout(() => { label.data = was; button.classList.remove("done"); }, 2000);
}
document.addEventListener("click", (event) => {
	const button = event.target.closest("button.copy");
	if (button)
		copy(button);
});

// ---- the matrix by arrow keys, as one stop of the Tab key ----

function move(event) {
	const table = event.target.closest("table.matrix"), from = event.target.closest("td");
	const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
	if (!table || !from || !step || event.altKey || event.ctrlKey || event.metaKey)
		return;
	const rows = table.rows;
	let row = from.parentNode.rowIndex, column = from.cellIndex;
	for (;;) {
		row += step[0];
		column += step[1];
		if (row < 0 || row >= rows.length || column < 1)
			return;
		const cell = rows[row].cells[column];
		if (!cell && step[1])
			return;
		const link = cell?.querySelector("a");
		if (link) {
			event.preventDefault();
			event.target.tabIndex = -1;
			link.tabIndex = 0;
			link.focus();
			return;
		}
	}
}
document.addEventListener("keydown", move);
document.addEventListener("keydown", (event) => {
	const typing = event.target.closest("input, select, textarea");
	if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
		const find = document.querySelector("#filter input[type=search]");
		if (find) {
			event.preventDefault();
			find.focus();
			find.select();
		}
	}
});

function prepare(root) {
	root.querySelectorAll("button.copy").forEach((button) => { button.hidden = false; });
	const table = document.querySelector("table.matrix");
	if (!table)
		return;
	const links = table.querySelectorAll("td a"), kept = table.querySelector('td a[tabindex="0"]') ?? links[0];
	links.forEach((link) => { if (link !== kept && link.tabIndex !== -1) link.tabIndex = -1; });
	kept?.setAttribute("tabindex", "0");
}

prepare(document);
listen();
