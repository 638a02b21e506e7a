// The pipeline: counters, depths, lanes, and a mark for each alert that moves.
const MOST_MARKS = 40;
const STEP = 260; // milliseconds from one part to the next
const WAY = ["topic", "alerts", "intake", "lanes", "function", "slack"];
const stage = document.querySelector(".stage");
const marks = document.querySelector(".marks");
const lanes = document.querySelector(".lanes");
const lost = document.querySelector(".totals .lost");
const places = new Map([...document.querySelectorAll("[data-place]")].map((part) => [part.dataset.place, part]));
const totals = [...document.querySelectorAll("[data-total]")];
const depths = [...document.querySelectorAll("[data-depth]")];
const rows = new Map();
const still = matchMedia("(prefers-reduced-motion: reduce)");
const number = new Intl.NumberFormat();

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function makeLane(name) {
  const row = document.createElement("li");
  const title = Object.assign(document.createElement("span"), { className: "name", textContent: `#${name}` });
  const bar = Object.assign(document.createElement("progress"), { max: 10, value: 0 });
  bar.setAttribute("aria-label", `Alerts waiting for #${name}`);
  const says = Object.assign(document.createElement("span"), { className: "says" });
  row.append(title, bar, says);
  lanes.append(row);
  rows.set(name, { row, bar, says });
  return rows.get(name);
}

function showLane(lane, faults) {
  const { row, bar, says } = rows.get(lane.name) ?? makeLane(lane.name);
  bar.max = Math.max(bar.max, lane.waiting);
  bar.value = lane.waiting;
  row.dataset.waiting = lane.waiting;
  const waiting = lane.waiting ? `${number.format(lane.waiting)} waiting, ${lane.oldest} s` : "none waiting";
  const posts = lane.posts === 1 ? "1 post" : `${number.format(lane.posts)} posts`;
  const broken = faults.filter((one) => one.fault !== "table" && ["", lane.name].includes(one.channel)).map((one) => one.fault);
  setText(says, `${waiting} · ${posts}${broken.length ? " · " : ""}`);
  if (broken.length) says.append(Object.assign(document.createElement("span"), { className: "fault", textContent: broken.join(", ") }));
}

/** Show the state of the pipeline. */
export function showState(state) {
  for (const one of totals) setText(one, number.format(state.totals[one.dataset.total]));
  for (const one of depths) {
    const depth = state.depths[one.dataset.depth];
    setText(one, number.format(depth));
    one.parentElement.classList.toggle("some", depth > 0);
  }
  lost.classList.toggle("some", state.totals.lost > 0);
  for (const lane of state.lanes) showLane(lane, state.faults);
}

function centre(name, origin) {
  const box = places.get(name).getBoundingClientRect();
  return `${box.left + box.width / 2 - origin.left}px ${box.top + box.height / 2 - origin.top}px`;
}

/** Return the parts that an alert passes between two places. */
function path(from, to) {
  const [start, end] = [WAY.indexOf(from), WAY.indexOf(to)];
  return start >= 0 && end > start ? WAY.slice(start, end + 1) : [from, to];
}

/** Move a mark for each alert that changed its place. */
export function showMoves(moves) {
  if (still.matches || document.hidden) return;
  const origin = stage.getBoundingClientRect();
  const points = new Map([...places.keys()].map((name) => [name, centre(name, origin)]));
  for (const move of moves.slice(0, MOST_MARKS - marks.childElementCount)) {
    const way = path(move.from, move.to).map((name) => ({ translate: points.get(name) }));
    const mark = marks.appendChild(document.createElement("i"));
    mark.animate(way, { duration: STEP * way.length + Math.random() * STEP, easing: "ease-in-out" }).onfinish = () => mark.remove();
  }
}
