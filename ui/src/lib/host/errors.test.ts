// Whatever a command rejects with, a screen gets an ErrorView.
import { describe, expect, it } from "vitest";
import { words } from "../words";
import { HostError, toHostError } from "./errors";

describe("toHostError", () => {
  it("keeps an ErrorView as it came", () => {
    const error = toHostError({ code: "disk_full", message: "The disk is full.", next: "Free some space.", waitSeconds: null });
    expect(error).toBeInstanceOf(HostError);
    expect({ code: error.code, message: error.message, next: error.next, waitSeconds: error.waitSeconds }).toEqual({
      code: "disk_full", message: "The disk is full.", next: "Free some space.", waitSeconds: null,
    });
  });

  it("keeps the seconds to wait", () => {
    expect(toHostError({ code: "wait_before_next_try", message: "Wait.", next: "", waitSeconds: 30 }).waitSeconds).toBe(30);
  });

  it.each([[undefined], [null], ["invalid args `input`"], [new Error("boom")], [{}], [{ code: 3, message: "x" }], [{ code: "rule", message: "" }]])(
    "turns %o into a sentence that helps", (thrown) => {
      const error = toHostError(thrown);
      expect(error.code).toBe("unexpected");
      expect(error.message).toBe(words.error.unexpected);
      expect(error.next).toBe(words.error.unexpectedNext);
    },
  );

  it("shows the message of a code it does not know, as unexpected", () => {
    const error = toHostError({ code: "toString", message: "A new trouble.", next: "Do this.", waitSeconds: null });
    expect(error.code).toBe("unexpected");
    expect(error.message).toBe("A new trouble.");
  });
});
