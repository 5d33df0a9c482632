// Times, days and codes as people read them. Formatting only: nothing here decides anything.

const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const exact = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const languages = new Intl.DisplayNames("en-GB", { type: "language" });
const relative = new Intl.RelativeTimeFormat("en-GB", { numeric: "auto" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

/** 14:03 */
export const clockTime = (ms: number): string => time.format(ms);

/** 14:03:22 */
export const exactTime = (ms: number): string => exact.format(ms);

/** 3 Nov 2026, 14:03 */
export const dayAndTime = (ms: number): string => `${day.format(ms)}, ${time.format(ms)}`;

/** How long before now: 3 minutes ago, yesterday. A time that lies ahead is now. */
export function ago(ms: number, now: number): string {
  const minutes = Math.max(0, Math.floor((now - ms) / 60_000));
  if (minutes < 1) return relative.format(0, "second");
  if (minutes < 60) return relative.format(-minutes, "minute");
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? relative.format(-hours, "hour") : relative.format(-Math.floor(hours / 24), "day");
}

/** 68,400,000 bytes as 68 MB. Units of a thousand, as disks and the words of Rust count. */
export function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let [value, unit] = [Math.max(0, bytes), 0];
  for (; value >= 1000 && unit < units.length - 1; unit += 1) value /= 1000;
  const places = unit > 0 && value < 9.95 ? 1 : 0;
  // What rounds up to a thousand is one of the next unit.
  if (Number(value.toFixed(places)) >= 1000 && unit < units.length - 1) return `1.0 ${units[unit + 1]}`;
  return `${value.toFixed(places)} ${units[unit]}`;
}

/** 2026-11-03 as 3 Nov 2026, whatever the laptop's time zone. */
export function plainDay(text: string): string {
  const [year = 0, month = 1, date = 1] = text.split("-").map(Number);
  return day.format(new Date(year, month - 1, date));
}

/** Whether a text is a day that exists, such as 2027-03-31. */
export function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** A whole number, or none: what is not one must not become another by dropping its point or sign. */
export function wholeNumber(text: string): number | null {
  return /^\s*\d{1,9}\s*$/.test(text) ? Number(text) : null;
}

/** A number with at most three places as Rust reads it, however it was typed; none while it is not one yet. */
export function decimal(text: string, { negative = false } = {}): string | null {
  const typed = text.trim().replace(",", ".").replace("−", "-");
  const found = /^(-?)0*(\d+)(?:\.(\d{1,3}))?$/.exec(typed);
  if (found === null || (found[1] === "-" && !negative)) return null;
  const [, sign = "", whole = "", places = ""] = found;
  return sign + whole + (places === "" ? "" : `.${places}`);
}

/** The name of a language by its tag. */
export const languageName = (tag: string): string => languages.of(tag) ?? tag;

/** 754 s as 12:34, with hours from an hour on. Never negative. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n: number) => String(n).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const rest = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

/** A digest in groups of four, so that two people can compare it aloud. */
export const grouped = (hex: string): string => hex.match(/.{1,4}/g)?.join(" ") ?? hex;

/** Keeps the digits of what was typed; empty is no number. */
export function digits(text: string): number | null {
  const kept = text.replace(/\D/g, "");
  return kept === "" ? null : Number(kept);
}
