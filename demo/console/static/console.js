// The page follows one feed of server-sent events; it asks for nothing else.
import { addMessages, clearChannels, showChannels } from "./channels.js";
import { addLines, clearLines, showControls } from "./controls.js";
import { showMoves, showState } from "./pipeline.js";

const connection = document.getElementById("connection");
let ready = "";

function state(found) {
  if (!found.totals) return;
  showChannels(found.lanes.map((lane) => lane.name));
  showState(found);
  const now = JSON.stringify([found.is_ready, found.faults, found.environment]);
  if (now !== ready) showControls(found);
  ready = now;
}

const EVENTS = {
  all(kept) {
    clearChannels();
    clearLines();
    state(kept.state);
    addMessages(kept.messages);
    addLines(kept.lines);
  },
  messages: addMessages,
  lines: addLines,
  moves: showMoves,
  clear: clearChannels,
  state,
};

function connected(isLive) {
  connection.classList.toggle("live", isLive);
  connection.textContent = isLive ? "Live" : "Reconnecting";
}

showControls({ is_ready: false, faults: [], environment: "" });
const feed = new EventSource("/console/feed");
feed.onopen = () => connected(true);
feed.onerror = () => connected(false);
for (const [kind, handle] of Object.entries(EVENTS)) {
  feed.addEventListener(kind, (event) => handle(JSON.parse(event.data)));
}
