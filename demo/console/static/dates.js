// Times in the reader's zone, by the patterns of Slack's date markup.
const format = (options) => new Intl.DateTimeFormat(undefined, options);
const DAY = format({ year: "numeric", month: "long", day: "numeric" });
const SHORT = format({ year: "numeric", month: "short", day: "numeric" });
const LONG = format({ weekday: "long", year: "numeric", month: "long", day: "numeric" });
const NUMBERS = new Intl.DateTimeFormat("sv-SE");
const MINUTES = format({ hour: "2-digit", minute: "2-digit" });
const SECONDS = format({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const A_DAY = 86_400_000;

const midnight = (moment) => new Date(moment).setHours(0, 0, 0, 0);

/** Return "today", "yesterday" or "tomorrow" where it fits, else the date. */
function pretty(moment, date) {
  const days = Math.round((midnight(moment) - midnight(Date.now())) / A_DAY);
  return Math.abs(days) <= 1 ? RELATIVE.format(days, "day") : date.format(moment);
}

function ago(moment) {
  const minutes = Math.round((moment - Date.now()) / 60_000);
  return Math.abs(minutes) < 60 ? RELATIVE.format(minutes, "minute") : RELATIVE.format(Math.round(minutes / 60), "hour");
}

const PARTS = {
  date_num: (moment) => NUMBERS.format(moment),
  date: (moment) => DAY.format(moment),
  date_short: (moment) => SHORT.format(moment),
  date_long: (moment) => LONG.format(moment),
  date_pretty: (moment) => pretty(moment, DAY),
  date_short_pretty: (moment) => pretty(moment, SHORT),
  date_long_pretty: (moment) => pretty(moment, LONG),
  time: (moment) => MINUTES.format(moment),
  time_secs: (moment) => SECONDS.format(moment),
  ago,
};

const CLOCK = format({ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });

/** Show a moment with seconds, in 24 hours. */
export const clock = (moment) => CLOCK.format(moment);

/** Rewrite each time element below a node. */
export function showTimes(node) {
  for (const time of node.querySelectorAll("time[data-pattern]")) {
    const moment = new Date(time.dateTime);
    const shown = time.dataset.pattern.replace(/\{(\w+)\}/g, (whole, name) => PARTS[name]?.(moment) ?? whole);
    time.title = time.textContent;
    time.textContent = shown.charAt(0).toUpperCase() + shown.slice(1);
  }
}
