// A session bus and, on it, the GNOME keyring, unlocked: the key store that most Linux desktops have.
import { execFileSync, spawn } from "node:child_process";
import { endGroup, until } from "./running.mjs";

/** How many secrets of ours the keyring holds. */
export function secrets(world) {
  const said = ask(world, "org.freedesktop.secrets", "/org/freedesktop/secrets", "org.freedesktop.Secret.Service.SearchItems", "dict:string:string:service,Fieldproof");
  return said.split("object path").length - 1;
}

/** Starts both for whatever the world opens from now on; gives what ends both. */
export async function startKeyring(world) {
  const bus = start(world, "dbus-daemon", ["--session", "--nofork", "--print-address=1"]);
  let keyring = null;
  const end = () => [keyring, bus].forEach((started) => started && endGroup(started.child));
  try {
    world.env.DBUS_SESSION_BUS_ADDRESS = await until("the session bus to say where it is", () => /^unix:.*$/mu.exec(bus.said())?.[0]);
    keyring = start(world, "gnome-keyring-daemon", ["--foreground", "--components=secrets", "--unlock"], "what the session is logged in with");
    const owner = () => ask(world, "org.freedesktop.DBus", "/", "org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets");
    await until("the keyring to be on the bus", () => owner().includes("true"));
  } catch (error) {
    end();
    throw error;
  }
  return end;
}

function start(world, program, args, input) {
  const child = spawn(program, args, { env: world.env, detached: true, stdio: [input ? "pipe" : "ignore", "pipe", "ignore"] });
  let said = "";
  child.stdout.on("data", (data) => (said += data));
  child.stdin?.end(input);
  return { child, said: () => said };
}

function ask(world, name, path, ...question) {
  return execFileSync("dbus-send", ["--session", "--print-reply", `--dest=${name}`, path, ...question], { env: world.env, encoding: "utf8" });
}
