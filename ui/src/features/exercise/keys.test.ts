// Keys score only when nobody is typing; stop works always.
import { describe, expect, it } from "vitest";
import { keyAction } from "./keys";

function pressed(key: string, target: HTMLElement = document.body, more: KeyboardEventInit = {}) {
  document.body.append(target === document.body ? document.createElement("i") : target);
  let action: ReturnType<typeof keyAction> = null;
  const listen = (event: KeyboardEvent) => (action = keyAction(event));
  window.addEventListener("keydown", listen);
  target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, ...more }));
  window.removeEventListener("keydown", listen);
  return action;
}

function input(type: string) {
  const element = document.createElement("input");
  element.type = type;
  return element;
}

describe("keyAction", () => {
  it.each([["1", "unaided"], ["4", "dangerous"], ["6", "not_applicable"]])("%s scores %s", (key, score) => {
    expect(pressed(key)).toEqual({ do: "score", score });
  });
  it.each([["7"], ["0"], ["s"]])("%s does nothing", (key) => expect(pressed(key)).toBeNull());
  it.each([["text"], ["password"], ["search"]])("scores nothing while typing into a %s field", (type) => {
    expect(pressed("1", input(type))).toBeNull();
    expect(pressed("n", input(type))).toBeNull();
  });
  it("scores nothing while typing into a text area", () => expect(pressed("1", document.createElement("textarea"))).toBeNull());
  it("scores with the focus on a button or a radio", () => {
    expect(pressed("2", document.createElement("button"))).toEqual({ do: "score", score: "prompted" });
    expect(pressed("2", input("radio"))).toEqual({ do: "score", score: "prompted" });
  });
  it("leaves the arrows to a group of radios", () => expect(pressed("ArrowDown", input("radio"))).toBeNull());
  it("stops also while typing", () => expect(pressed("F9", input("text"))).toEqual({ do: "stop" }));
  it("hides also while typing", () => expect(pressed("F4", input("text"))).toEqual({ do: "hide" }));
  it("takes a held key as one press and leaves chords alone", () => {
    expect(pressed("1", document.body, { repeat: true })).toBeNull();
    expect(pressed("1", document.body, { ctrlKey: true })).toBeNull();
  });
});
