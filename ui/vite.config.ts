// How the screen is built and tested. The window serves ui/dist, so every asset stays a file of our own.
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [svelte(), svelteTesting()],
  // The window's content policy refuses data: fonts, so nothing is inlined.
  build: { target: "safari16.4", assetsInlineLimit: 0, outDir: "dist", emptyOutDir: true },
  // The fonts live outside this folder, with the paper's fonts.
  server: { host: "127.0.0.1", port: 5173, strictPort: true, fs: { allow: [".", "../assets/fonts"] } },
  // No test is about time: on a busy machine one takes as long as it takes.
  test: { environment: "happy-dom", include: ["src/**/*.test.ts"], restoreMocks: true, testTimeout: 120_000 },
});
