// How the pages are built: everything in files of our own, nothing inline, so that the strictest policy of a browser holds.

import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { receiptDocument } from "./receipt-document.ts";

const ROOM = import.meta.dirname;

export default defineConfig({
  root: ROOM,
  plugins: [react(), receiptDocument()],
  build: {
    outDir: `${ROOM}/../../dist/web`,
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    target: "es2022",
    rollupOptions: {
      input: { index: `${ROOM}/index.html`, badge: `${ROOM}/badge/badge.ts` },
      // Other sites name the badge's script in their pages: it goes by one name for ever, and is one file.
      output: { entryFileNames: ({ name }) => (name === "badge" ? "badge.js" : "assets/[name]-[hash].js") },
    },
  },
  worker: { format: "es" },
});
