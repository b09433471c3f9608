// How the pages are built: everything in files of our own, nothing inline, so that the strictest policy of a browser holds.

import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const ROOM = import.meta.dirname;

export default defineConfig({
  root: ROOM,
  plugins: [react()],
  build: {
    outDir: `${ROOM}/../../dist/web`,
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    target: "es2022",
  },
  worker: { format: "es" },
});
