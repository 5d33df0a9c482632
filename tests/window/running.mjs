// Waiting for something, free ports, and ending programs with everything they started.
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

const PATIENCE_MS = 20_000;
const ASK_AGAIN_MS = 25;

/** Asks until the answer is true or anything like it; fails saying what was waited for and what was seen last. */
export async function until(what, ask, patience = PATIENCE_MS) {
  const end = Date.now() + patience;
  let seen;
  for (;;) {
    try {
      seen = await ask();
      if (seen) return seen;
    } catch (error) {
      if (!error.mayPass) throw error;
      seen = error.message;
    }
    if (Date.now() >= end) assert.fail(`Waited ${patience / 1000} s in vain for: ${what}. Seen last: ${seen}`);
    await pause(ASK_AGAIN_MS);
  }
}

/** A port nobody listens on. */
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

/** Ends a process with everything it started; no complaint when it has ended already. */
export function endGroup(child, signal = "SIGKILL") {
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}
