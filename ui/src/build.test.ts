// @vitest-environment node
// What ships: no fake host, nothing fetched from elsewhere, no inlined assets that the content policy would refuse.
import { build, type Rollup } from "vite";
import { expect, it } from "vitest";

it("ships neither the fake host nor anything from elsewhere", { timeout: 60_000 }, async () => {
  const result = await build({ root: `${import.meta.dirname}/..`, logLevel: "silent", build: { write: false } });
  const outputs = (Array.isArray(result) ? result : [result]).filter((one): one is Rollup.RollupOutput => "output" in one);
  const files = outputs.flatMap((one) => one.output);
  const text = files.map((file) => (file.type === "chunk" ? file.code : typeof file.source === "string" ? file.source : "")).join("\n");
  expect(files.some((file) => file.fileName.endsWith(".woff2"))).toBe(true);
  expect(text).not.toContain("copper lantern");
  expect(text).not.toMatch(/url\(\s*["']?(https?:|data:)/);
  expect(text).not.toMatch(/\b(localStorage|sessionStorage)\b/);
});
