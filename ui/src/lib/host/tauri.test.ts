// What goes over the bridge: JSON commands under one input, photos as raw bytes with ASCII headers.
import { invoke } from "@tauri-apps/api/core";
import { expect, it, vi } from "vitest";
import { tauriHost } from "./tauri";

vi.mock("@tauri-apps/api/core", () => ({ invoke: vi.fn() }));
const invoked = vi.mocked(invoke);

it("wraps the input of a JSON command", async () => {
  invoked.mockResolvedValueOnce("answer");
  await expect(tauriHost.call("session", { sessionId: "s1" })).resolves.toBe("answer");
  expect(invoked).toHaveBeenLastCalledWith("session", { input: { sessionId: "s1" } });
});

it("sends a photo as bytes and its name percent-encoded", async () => {
  invoked.mockResolvedValueOnce({});
  await tauriHost.attachPhoto("s1", "c1", new File([new Uint8Array([1, 2, 3])], "Müller über.jpg"));
  expect(invoked).toHaveBeenLastCalledWith("attach_photo", new Uint8Array([1, 2, 3]), {
    headers: { "session-id": "s1", "criterion-id": "c1", "file-name": "M%C3%BCller%20%C3%BCber.jpg" },
  });
});

it("sends any other file and a picture of a credential with what they belong to", async () => {
  invoked.mockResolvedValue({});
  await tauriHost.attachFile("s1", "c1", new File([new Uint8Array([4])], "log.csv"));
  expect(invoked).toHaveBeenLastCalledWith("attach_file", new Uint8Array([4]), { headers: { "session-id": "s1", "criterion-id": "c1", "file-name": "log.csv" } });
  await tauriHost.attachCredential("s1", "pre1", new File([new Uint8Array([5])], "karta č. 1.png"));
  expect(invoked).toHaveBeenLastCalledWith("attach_credential", new Uint8Array([5]), {
    headers: { "session-id": "s1", "prerequisite-id": "pre1", "file-name": "karta%20%C4%8D.%201.png" },
  });
});

it("sends a pack and a request as bytes", async () => {
  invoked.mockResolvedValue({});
  await tauriHost.lookAtPack(new File([new Uint8Array([7])], "pack.fieldproof"));
  expect(invoked).toHaveBeenLastCalledWith("look_at_pack", new Uint8Array([7]), { headers: { "file-name": "pack.fieldproof" } });
  await tauriHost.readRoster("k1", new File([new Uint8Array([7])], "roster.csv"));
  expect(invoked).toHaveBeenLastCalledWith("read_roster", new Uint8Array([7]), { headers: { "course-id": "k1", "file-name": "roster.csv" } });
  await tauriHost.readRequest(new File([new Uint8Array([8])], "request.png"));
  expect(invoked).toHaveBeenLastCalledWith("read_request", new Uint8Array([8]), { headers: { "file-name": "request.png" } });
});

it("asks about a file in a language", async () => {
  invoked.mockResolvedValueOnce({});
  await tauriHost.verifyFile(new File([new Uint8Array([6])], "a.pdf"), "fi");
  const [command, , options] = invoked.mock.lastCall ?? [];
  expect(command).toBe("verify_file");
  expect(options?.headers).toMatchObject({ language: "fi" });
});

it("rejects with an ErrorView, whatever Tauri rejected with", async () => {
  invoked.mockRejectedValueOnce("command verify_file not found");
  await expect(tauriHost.verifyFile(new File([], "a.pdf"), "en")).rejects.toMatchObject({ code: "unexpected", waitSeconds: null });
});
