// How the verify page is built: script, style, fonts and checker in one file that works alone, and the small one beside it.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { defineConfig, type Plugin, type Rollup } from "vite";

const CHECKER = new URL("../target/wasm32-unknown-unknown/page/fieldproof_page.wasm", import.meta.url);
const here = (name: string) => readFileSync(new URL(`verify/${name}`, import.meta.url), "utf8");
const digest = (text: string) => createHash("sha256").update(text).digest();
const allowed = (text: string) => `'sha256-${digest(text).toString("base64")}'`;

function oneFile(): Plugin {
  return {
    name: "one-file",
    generateBundle(_options: Rollup.NormalizedOutputOptions, bundle: Rollup.OutputBundle) {
      const files = Object.values(bundle);
      const script = files.flatMap((file) => (file.type === "chunk" ? [file.code.trim()] : [])).join("\n");
      const style = files.flatMap((file) => (file.type === "asset" && file.fileName.endsWith(".css") ? [String(file.source).trim()] : [])).join("\n");
      for (const name of Object.keys(bundle)) Reflect.deleteProperty(bundle, name);
      if (/<\/script|<!--/i.test(script) || /<\/style/i.test(style)) this.error("script or style would end its own element");
      const policy = [
        "default-src 'none'", `script-src ${allowed(script)} 'wasm-unsafe-eval'`, `style-src ${allowed(style)}`, "font-src data:",
        "connect-src 'self'", "worker-src 'self'", "base-uri 'none'", "form-action 'none'",
      ].join("; ");
      const inside: Record<string, string> = { POLICY: policy, STYLE: style, SCRIPT: script, CHECKER: readFileSync(CHECKER).toString("base64") };
      const page = here("index.html").replace(/%([A-Z]+)%/g, (_all, name: string) => inside[name] ?? this.error(`nothing for ${name}`));
      const version = digest(page).toString("hex").slice(0, 16);
      this.emitFile({ type: "asset", fileName: "verify.html", source: page });
      this.emitFile({ type: "asset", fileName: "sw.js", source: here("sw.js").replace("%VERSION%", version) });
    },
  };
}

export default defineConfig({
  plugins: [oneFile()],
  base: "./",
  build: {
    target: "safari16.4", assetsInlineLimit: 1 << 20, outDir: "dist-verify", emptyOutDir: true, modulePreload: { polyfill: false },
    rollupOptions: { input: new URL("verify/main.ts", import.meta.url).pathname },
  },
});
