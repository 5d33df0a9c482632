// Lint rules that keep the rooms apart: only lib/host talks to Tauri, features do not import each other,
// nothing is kept in the web view's unencrypted storage, and no blocking browser window is opened.
import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

const features = ["unlock", "recovery", "home", "laptop", "new", "gate", "exercise", "decision", "seal", "sealed", "practice", "verify", "begin", "enrol", "office"];
const tauri = {
  group: ["@tauri-apps/*"],
  message: "Only src/lib/host talks to Tauri; ask the host instead.",
};
const fake = { group: ["**/fake", "**/fake/*"], message: "The fake host is for tests and for looking at screens." };

export default ts.config(
  { ignores: ["dist", "dist-verify", "node_modules", "src/lib/host/generated.ts"] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: globals.browser },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "max-lines": ["error", { max: 300 }],
      "max-depth": ["error", 4],
      "no-console": "error",
      "no-restricted-globals": ["error", "localStorage", "sessionStorage", "alert", "confirm", "prompt", "fetch"],
      "no-restricted-properties": [
        "error",
        { object: "window", property: "localStorage" },
        { object: "window", property: "sessionStorage" },
        { object: "window", property: "print" },
        { object: "window", property: "alert" },
        { object: "window", property: "confirm" },
        { object: "window", property: "prompt" },
        { object: "document", property: "cookie" },
      ],
      "no-restricted-imports": ["error", { patterns: [tauri, fake] }],
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: {
      parserOptions: { parser: ts.parser, extraFileExtensions: [".svelte"], svelteConfig },
    },
    rules: { "svelte/require-each-key": "error", "svelte/button-has-type": "error", "svelte/no-at-html-tags": "error" },
  },
  // The catalogue is data and may be as long as the screens need.
  { files: ["src/lib/words.ts"], rules: { "max-lines": "off" } },
  ...features.map((feature) => ({
    files: [`src/features/${feature}/**`],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            tauri,
            fake,
            ...features
              .filter((other) => other !== feature)
              .map((other) => ({
                group: [`**/${other}/*`],
                message: "Features do not import each other; share through src/lib.",
              })),
          ],
        },
      ],
    },
  })),
  // Tests stand on the fake host; the host itself is the one door to Tauri.
  { files: ["src/lib/host/**", "src/**/*.test.ts", "src/testing/**", "src/main.ts"], rules: { "no-restricted-imports": "off" } },
  // The verify page runs in a browser of its own: it prints there, asks for newer lists there, and is kept there.
  { files: ["verify/words.ts"], rules: { "max-lines": "off" } },
  { files: ["verify/trust.ts"], rules: { "no-restricted-globals": ["error", "localStorage", "sessionStorage"] } },
  { files: ["verify/sw.js"], languageOptions: { globals: globals.serviceworker }, rules: { "no-restricted-globals": "off" } },
  { files: ["*.js", "vite.config.ts", "vite.verify.config.ts"], languageOptions: { globals: globals.node } },
);
