// Helpers of the component tests: the whole window on the fake host, and things found by their test id.
import { fireEvent, render, screen } from "@testing-library/svelte";
import { tick } from "svelte";
import { vi } from "vitest";
import App from "../App.svelte";
import { fakeHost, fresh, type FakeHost, type FakeOptions } from "../lib/host/fake/fake";
import { fullGate } from "../lib/host/fake/fixtures";
import { withGate } from "../lib/host/fake/session";
import type { SessionView } from "../lib/host";

export const at = (testid: string): HTMLElement => screen.getByTestId(testid);
export const there = (testid: string): boolean => screen.queryByTestId(testid) !== null;

export function field(testid: string): HTMLInputElement | HTMLTextAreaElement {
  const element = at(testid);
  if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) return element;
  throw new Error(`${testid} is not a field`);
}

export function ticked(testid: string): boolean {
  const element = field(testid);
  return element instanceof HTMLInputElement && element.checked;
}

export function button(testid: string): HTMLButtonElement {
  const element = at(testid);
  if (element instanceof HTMLButtonElement) return element;
  throw new Error(`${testid} is not a button`);
}

export async function press(testid: string): Promise<void> {
  at(testid).click();
  await settled();
}

export async function type(testid: string, text: string): Promise<void> {
  const element = field(testid);
  element.value = text;
  element.dispatchEvent(new Event("input", { bubbles: true }));
  await settled();
}

/** Chooses an option of a list by its value. */
export async function choose(testid: string, value: string): Promise<void> {
  await fireEvent.change(at(testid), { target: { value } });
  await settled();
}

/** Chooses a file in a file input. */
export async function attach(testid: string, file: File): Promise<void> {
  const input = field(testid);
  Object.defineProperty(input, "files", { value: [file], configurable: true });
  input.dispatchEvent(new Event("change", { bubbles: true }));
  await settled();
}

export async function key(name: string, target: EventTarget = document.body): Promise<void> {
  target.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true }));
  await settled();
}

/** Lets every answer that is ready arrive, without waiting for any clock. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  await tick();
}

export const unlocked = { id: "a1", name: "Aino Korhonen", hasPin: false };

/** The window, unlocked, showing one session. */
export async function showSession(session: SessionView): Promise<FakeHost> {
  const host = fakeHost({ status: { unlocked }, sessions: [session], rows: [] });
  await showWindow(host, { rows: [session.id] });
  return host;
}

/** The window as it starts on this host; with `rows`, opens the first of them. */
export async function showWindow(host: FakeHost, { rows = [] }: { rows?: string[] } = {}): Promise<void> {
  render(App, { host });
  await settled();
  const [id] = rows;
  if (id !== undefined) await press(`session-open-${id}`);
}

export async function showHome(options: FakeOptions = {}): Promise<FakeHost> {
  const host = fakeHost({ status: { unlocked }, ...options });
  await showWindow(host);
  return host;
}

/** The office of a coordinator's laptop. */
export async function showOffice(options: FakeOptions = {}): Promise<FakeHost> {
  const host = await showHome({ rows: [], office: {}, ...options });
  await press("home-office");
  return host;
}

export const inExercise = (more: Partial<SessionView> = {}): SessionView => ({
  ...withGate(fresh("x1"), fullGate), phase: "exercise", startedAt: Date.now(), ...more,
});

/** Every input a command was asked with, in order. */
export const asked = (host: FakeHost, command: string): unknown[] => host.asked.filter((one) => one.command === command).map((one) => one.input);

/** A clock that only moves when told to, for countdowns and rests. */
export function stillClock(): void {
  vi.useFakeTimers({ toFake: ["Date", "setInterval", "clearInterval", "setTimeout", "clearTimeout"] });
}
