// Starts the window: the app on the host that reaches the Rust side.
import { mount } from "svelte";
import App from "./App.svelte";
import { toHostError } from "./lib/host";
import type { Host } from "./lib/host";
import { tauriHost } from "./lib/host/tauri";
import "./styles/fonts.css";
import "./styles/tokens.css";
import "./styles/base.css";

// MODE is a constant while building, so the shipped bundle does not contain the fake host; build.test.ts checks that.
async function chooseHost(): Promise<Host> {
  if (import.meta.env.MODE !== "fake") return tauriHost;
  const { fakeHost } = await import("./lib/host/fake/fake");
  return fakeHost({ takes: 4000 });
}

const target = document.getElementById("app");
if (target === null) throw toHostError(null);
const host = await chooseHost();
mount(App, { target, props: { host } });
