// The files of a folder, for fingerprints of what something was made from.

import fs from "node:fs";
import path from "node:path";

/** The file itself, or all files below the folder, in an order that is the same everywhere; none when it is not there. */
export function filesIn(place) {
  if (!fs.existsSync(place)) return [];
  if (!fs.statSync(place).isDirectory()) return [place];
  const entries = fs.readdirSync(place, { withFileTypes: true });
  return entries.flatMap((entry) => filesIn(path.join(place, entry.name))).sort();
}
