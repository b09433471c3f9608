// What all steps of the set-up share: where the project is, how they speak, and the error that they end with.
// Plain JavaScript without dependencies, since it runs before there are any.

import path from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder; no step depends on where it is started from. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What went wrong in words for the person at the keyboard, with what to do; shown without a stack. */
export class SetupError extends Error {}

/** One line before a step that takes long. On standard error, so that a command's own output stays clean. */
export function announce(step) {
  console.error(`amanah: ${step} …`);
}

/** A path inside the project. */
export function inRoot(...parts) {
  return path.join(ROOT, ...parts);
}
