// The channels: a tab for each, and its messages, the newest at the bottom.
import { showTimes } from "./dates.js";

const MOST = 500; // messages of a channel that the page keeps
const NEAR = 80; // pixels from the end within which the channel follows its newest message
const tabs = document.querySelector(".tabs");
const panels = document.querySelector(".panels");
const newest = document.querySelector(".newest");
const channels = new Map();
let selected = null;

function emptyNote(name) {
  return Object.assign(document.createElement("p"), { className: "empty", textContent: `Nothing was posted to #${name} yet.` });
}

function make(name) {
  const number = channels.size;
  const tab = document.createElement("button");
  Object.assign(tab, { type: "button", id: `tab-${number}`, textContent: `#${name}` });
  tab.setAttribute("role", "tab");
  tab.setAttribute("aria-controls", `panel-${number}`);
  const unread = document.createElement("span");
  Object.assign(unread, { className: "new", hidden: true });
  tab.append(unread);
  const panel = document.createElement("div");
  Object.assign(panel, { id: `panel-${number}`, className: "panel", tabIndex: 0 });
  panel.setAttribute("role", "tabpanel");
  panel.setAttribute("aria-labelledby", tab.id);
  const list = Object.assign(document.createElement("div"), { className: "messages" });
  list.append(emptyNote(name));
  panel.append(list);
  const channel = { name, tab, panel, list, unread };
  tab.addEventListener("click", () => select(channel));
  panel.addEventListener("scroll", () => {
    if (isAtEnd(channel)) newest.hidden = true;
  }, { passive: true });
  tabs.append(tab);
  panels.append(panel);
  channels.set(name, channel);
  if (!selected) select(channel);
  else show(channel, false);
  return channel;
}

function show(channel, isSelected) {
  channel.tab.setAttribute("aria-selected", isSelected);
  channel.tab.tabIndex = isSelected ? 0 : -1;
  channel.panel.hidden = !isSelected;
}

function select(channel) {
  for (const one of channels.values()) show(one, one === channel);
  selected = channel;
  channel.unread.hidden = true;
  channel.unread.textContent = "";
  newest.hidden = true;
}

tabs.addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const all = [...channels.values()];
  const next = all[(all.indexOf(selected) + step + all.length) % all.length];
  select(next);
  next.tab.focus();
});

newest.addEventListener("click", () => {
  newest.hidden = true;
  selected.panel.scrollTop = 0;
});

/** Return whether the newest message is in view, or nearly: 0 is the end, because the panel is a reversed column. */
const isAtEnd = (channel) => channel.panel.scrollTop > -NEAR;

const find = (channel, ts) => channel.list.querySelector(`[data-ts="${CSS.escape(ts)}"]`);

/** Put a reply below its parent, or an edit in the place of its original; return false for any other message. */
function place(channel, message) {
  const { thread, edits } = message.dataset;
  const edited = edits && find(channel, edits);
  if (edited) {
    const note = document.createElement("span");
    Object.assign(note, { className: "edited", textContent: "(edited)" });
    message.querySelector(".byline").append(note);
    message.dataset.ts = edits;
    const replies = edited.querySelector(":scope > .replies");
    if (replies) message.append(replies);
    edited.replaceWith(message);
    return true;
  }
  const parent = thread && find(channel, thread);
  if (!parent) return false;
  const replies = parent.querySelector(":scope > .replies") ?? parent.appendChild(document.createElement("div"));
  replies.className = "replies";
  replies.append(message);
  return true;
}

/** Remove the oldest messages, and say so. */
function cut(list) {
  while (list.childElementCount >= MOST) list.firstElementChild.remove();
  list.prepend(Object.assign(document.createElement("p"), { className: "older", textContent: "Older messages are not shown." }));
}

function add(channel, html) {
  const template = document.createElement("template");
  template.innerHTML = html.join("");
  showTimes(template.content);
  if (channel.list.firstElementChild.className === "empty") channel.list.replaceChildren();
  // One by one: a page that connects again gets a reply in the same batch as its parent.
  for (const message of [...template.content.children]) if (!place(channel, message)) channel.list.append(message);
  if (channel.list.childElementCount > MOST) cut(channel.list);
  if (channel !== selected) {
    channel.unread.hidden = false;
    channel.unread.textContent = Number(channel.unread.textContent) + html.length;
    channel.unread.setAttribute("aria-label", `${channel.unread.textContent} new`);
  } else requestAnimationFrame(() => { // with the layout of the next frame
    if (channel === selected) newest.hidden = isAtEnd(channel);
  });
}

/** Make a tab for each channel. */
export function showChannels(names) {
  for (const name of names) if (!channels.has(name)) make(name);
}

/** Add messages to their channels. */
export function addMessages(messages) {
  const byChannel = Map.groupBy(messages, (message) => message.channel);
  for (const [name, some] of byChannel) add(channels.get(name) ?? make(name), some.map((message) => message.html));
}

/** Empty all channels. */
export function clearChannels() {
  for (const channel of channels.values()) {
    channel.list.replaceChildren(emptyNote(channel.name));
    channel.unread.hidden = true;
    channel.unread.textContent = "";
  }
}
