// How the package entry `amanah/verify` is built: one file of plain JavaScript that imports nothing, and its types.

import fs from "node:fs";
import { inRoot } from "./root.mjs";

const ENTRY = inRoot("server", "verifier", "package");

const types = {
  name: "package-types",
  generateBundle() {
    const source = `${fs.readFileSync(`${ENTRY}/types.ts`, "utf8")}\nexport declare const verifyReceipt: VerifyReceipt;\n`;
    this.emitFile({ type: "asset", fileName: "index.d.ts", source });
  },
};

export default {
  root: ENTRY,
  publicDir: false,
  plugins: [types],
  build: {
    outDir: inRoot("dist", "verify"),
    emptyOutDir: true,
    reportCompressedSize: false,
    target: "es2022",
    minify: true,
    lib: { entry: `${ENTRY}/index.ts`, formats: ["es"], fileName: () => "index.js" },
    rollupOptions: { output: { codeSplitting: false, minify: true } },
  },
};
