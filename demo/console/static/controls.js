// The controls: each sends a request, logs its answer, and shows the same request as a command line.
import { clock } from "./dates.js";

const MOST_LINES = 200;
const log = document.getElementById("log");
const said = document.getElementById("said");
const readiness = document.getElementById("readiness");
const channel = document.getElementById("channel");
const seconds = document.getElementById("seconds");
const search = document.getElementById("search");
const samples = [...document.querySelectorAll("[data-sample]")];
const switches = [...document.querySelectorAll("[data-fault]")];
let environment = "";

/** Add lines to the log, the newest first. */
export function addLines(lines) {
  const added = lines.slice(-MOST_LINES).map((line) => {
    const row = Object.assign(document.createElement("li"), { className: line.kind });
    const at = new Date(line.at);
    const time = Object.assign(document.createElement("time"), { dateTime: line.at, textContent: clock(at) });
    const text = document.createElement("span");
    if (line.word) text.append(Object.assign(document.createElement("b"), { textContent: line.word }), " ");
    text.append(line.text);
    row.append(time, text);
    return row;
  });
  log.prepend(...added.reverse());
  while (log.childElementCount > MOST_LINES) log.lastElementChild.remove();
}

/** Empty the log. */
export function clearLines() {
  log.replaceChildren();
}

async function send(path, body) {
  let text;
  let isDone = false;
  try {
    const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    [text, isDone] = [(await answer.text()).trim(), answer.ok];
  } catch {
    text = "the demonstration does not answer";
  }
  const line = text === "done" ? describe(path, body) : text;
  said.textContent = line;
  addLines([{ at: new Date().toISOString(), kind: isDone ? "asked" : "bad", word: isDone ? "" : "not done", text: line }]);
}

const describe = (path, body) =>
  body.fault ? `${body.fault} is ${body.on ? "on" : "off"} for ${body.channel ? `#${body.channel}` : "all channels"}` : path;

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

function showCommand(owner, path, body) {
  const make = owner.dataset.make && environment && `${environment} make ${owner.dataset.make} STACK=holdfast-local RUN=1`;
  const curl = `curl -H 'Content-Type: application/json' -d ${quoted(JSON.stringify(body))} ${location.origin}${path}`;
  owner.querySelector(".command code").textContent = make || curl;
}

for (const copy of document.querySelectorAll(".copy")) {
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(copy.previousElementSibling.textContent);
    said.textContent = "copied";
  });
}

// Forms: one request each.
function bodyOf(form) {
  if (form.dataset.body) return JSON.parse(form.dataset.body);
  return Object.fromEntries([...form.querySelectorAll("input[name]")].map((input) => [input.name, Number(input.value)]));
}

const forms = [...document.querySelectorAll("form[data-path]")].filter((form) => form.id !== "send");
for (const form of forms) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form.dataset.path, bodyOf(form));
  });
  form.addEventListener("input", () => showCommand(form, form.dataset.path, bodyOf(form)));
}

// Samples.
const sendForm = document.getElementById("send");
const none = sendForm.querySelector(".none");
const showSample = (sample) => showCommand(sendForm, sendForm.dataset.path, { sample });
sendForm.addEventListener("submit", (event) => {
  event.preventDefault();
  samples.find((one) => !one.parentElement.hidden)?.focus();
});
for (const button of samples) {
  button.addEventListener("click", () => send(sendForm.dataset.path, { sample: button.dataset.sample }));
  button.addEventListener("focus", () => showSample(button.dataset.sample));
}
search.addEventListener("input", () => {
  const words = search.value.toLowerCase().split(/\s+/);
  for (const button of samples) button.parentElement.hidden = !words.every((word) => button.textContent.toLowerCase().includes(word));
  none.hidden = samples.some((button) => !button.parentElement.hidden);
});

// Switches.
const isOn = (row) => row.querySelector("[role=switch]").getAttribute("aria-checked") === "true";
function bodyOfSwitch(row, on) {
  if (row.dataset.fault === "table") return { down: on };
  return { fault: row.dataset.fault, on, channel: on ? channel.value : "", seconds: Number(seconds.value) };
}
const showSwitch = (row) => showCommand(row, row.dataset.path, bodyOfSwitch(row, !isOn(row)));
for (const row of switches) {
  row.querySelector("[role=switch]").addEventListener("click", () => send(row.dataset.path, bodyOfSwitch(row, !isOn(row))));
}
for (const input of [channel, seconds]) input.addEventListener("input", () => switches.forEach(showSwitch));

/** Show which controls can be used, and which faults are on. */
export function showControls(state) {
  environment = state.environment;
  readiness.textContent = state.is_ready ? "" : "available when the stack is deployed and the acts have ended";
  for (const control of document.querySelectorAll("#controls :is(button, input, select):not(.copy)")) control.disabled = !state.is_ready;
  for (const row of switches) {
    const on = state.faults.filter((one) => one.fault === row.dataset.fault);
    row.querySelector("[role=switch]").setAttribute("aria-checked", on.length > 0);
    row.querySelector(".where").textContent = on.filter((one) => one.channel).map((one) => `#${one.channel}`).join(" ");
    showSwitch(row);
  }
  for (const form of forms) showCommand(form, form.dataset.path, bodyOf(form));
}

showSample(samples[0].dataset.sample);
