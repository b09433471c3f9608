// Builds the pages, and the package entry `amanah/verify` from the same sources, when the built ones are missing or belong
// to other sources, other packages or another configuration. How they are built is written in the two configurations.

import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { runStep } from "./child.mjs";
import { filesIn } from "./files.mjs";
import { announce, inRoot, SetupError } from "./root.mjs";

const PACKAGE_CONFIGURATION = inRoot("scripts", "setup", "verify-package.config.mjs");
const CONFIGURATIONS = [inRoot("server", "web", "vite.config.ts"), PACKAGE_CONFIGURATION];
const BUILT = [inRoot("dist", "web", "index.html"), inRoot("dist", "verify", "index.js")];
const STAMP = inRoot("dist", ".amanah-built");
const VITE = inRoot("node_modules", "vite", "bin", "vite.js");
/** The rooms that pages are made of: their own, and what they share with the service. */
const SOURCES = ["web", "protocol", "programmes", "books", "verifier", "errors.ts"];

/** Builds unless that has been done. */
export async function ensurePages(node) {
  if (arePagesBuilt()) return;
  announce("building the pages");
  fs.rmSync(STAMP, { force: true });
  for (const configuration of CONFIGURATIONS) await build(node, configuration);
  fs.writeFileSync(STAMP, fingerprint());
}

async function build(node, configuration) {
  const built = await runStep(node, [VITE, "build", "--config", configuration, "--logLevel", "warn"], {
    quiet: true,
  });
  if (!built) throw new SetupError("the pages could not be built; the bundler's own message is above");
}

/** Whether the built pages are those of these very sources. Changes nothing. */
export function arePagesBuilt() {
  return (
    BUILT.every((file) => fs.existsSync(file)) &&
    fs.existsSync(STAMP) &&
    fs.readFileSync(STAMP, "utf8") === fingerprint()
  );
}

function fingerprint() {
  const hash = createHash("sha256").update(fs.readFileSync(inRoot("package-lock.json")));
  hash.update(fs.readFileSync(PACKAGE_CONFIGURATION));
  for (const file of SOURCES.flatMap((source) => filesIn(inRoot("server", source)))) {
    const content = fs.readFileSync(file);
    hash.update(`${path.relative(inRoot(), file)} ${content.length}\n`).update(content);
  }
  return hash.digest("hex");
}
