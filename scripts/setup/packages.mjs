// Installs the packages of package-lock.json by npm itself, when they are not all there. npm must run on a Node that
// fits: it leaves out native packages whose `engines` do not admit the Node it runs on, and says nothing.

import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { runStep } from "./child.mjs";
import { findNode, nodePackage, runningNodeFits } from "./node.mjs";
import { announce, inRoot, SetupError } from "./root.mjs";

const LOCK_FILE = inRoot("package-lock.json");
const STAMP = inRoot("node_modules", ".amanah-installed");
/** What npm itself writes as the last step of an install. */
const NPMS_RECORD = inRoot("node_modules", ".package-lock.json");
/** Development packages too, whatever NODE_ENV says: the contracts are compiled here. */
const NPM_FLAGS = ["ci", "--include=dev", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
const NPM_SCRIPT = "npm-cli.js";

/** Installs unless all is there; afterwards a stamp tells that this lock file's packages are. */
export async function ensurePackages() {
  if (arePackagesInstalled()) return;
  announce("installing packages (a minute or two, once)");
  // First of all: an install that is interrupted must not look like a finished one.
  fs.rmSync(STAMP, { force: true });
  fs.rmSync(NPMS_RECORD, { force: true });
  if (!(await install())) throw failed();
  fs.writeFileSync(STAMP, stamp());
}

/** Whether the lock file's packages are all there, by us or by a person who ran npm. Changes nothing. */
export function arePackagesInstalled() {
  const locked = packagesIn(LOCK_FILE);
  return (textOf(STAMP) === stamp() || isRecorded(locked)) && arePresent(locked);
}

/** Of the machine too: a folder carried from another kind of machine has the wrong native packages. */
function stamp() {
  const hash = createHash("sha256").update(fs.readFileSync(LOCK_FILE)).digest("hex");
  return `${hash} ${process.platform}-${process.arch}`;
}

/** Whether npm's own record of the last install names every package of the lock file that is meant for this machine. */
function isRecorded(locked) {
  const recorded = packagesIn(NPMS_RECORD);
  return Object.entries(locked).every(([folder, entry]) => {
    if (folder === "" || entry.version === recorded[folder]?.version) return true;
    return entry.optional === true && !fitsMachine(entry);
  });
}

/** Whether each folder is there: somebody may have been deleting them when the power went. */
function arePresent(locked) {
  return Object.entries(locked).every(
    ([folder, entry]) =>
      folder === "" || entry.optional === true || fs.existsSync(inRoot(folder, "package.json")),
  );
}

function fitsMachine({ os: systems, cpu, libc }) {
  return (
    admits(systems, process.platform) &&
    admits(cpu, process.arch) &&
    (process.platform !== "linux" || admits(libc, libcName()))
  );
}

/** npm's rule for `os`, `cpu` and `libc`: one name or several, or names with "!" for all but these. */
function admits(names, name) {
  const list = [names ?? []].flat();
  if (list.length === 0) return true;
  return list.includes(name) || (list.every((other) => other.startsWith("!")) && !list.includes(`!${name}`));
}

function libcName() {
  return process.report.getReport().header.glibcVersionRuntime === undefined ? "musl" : "glibc";
}

async function install() {
  const node = findNode();
  if (node === undefined) return await installOnFetchedNode();
  if (runningNodeFits) return await runNpm(node, NPM_FLAGS);
  return await onCopyOf(node, (copy) => runNpm(copy, NPM_FLAGS));
}

/** The very first install on an old Node: npm fetches a Node that fits into its own cache, and runs itself on it. */
async function installOnFetchedNode() {
  const { optionalDependencies } = JSON.parse(fs.readFileSync(inRoot("package.json"), "utf8"));
  const carrier =
    nodePackage === undefined ? "node@24" : `${nodePackage}@${optionalDependencies[nodePackage]}`;
  const exec = ["exec", "--yes", `--package=${carrier}`, "--", "node", requireNpm()];
  return await runNpm(process.execPath, [...exec, ...NPM_FLAGS]);
}

/** Lends a copy of `node`, since an install removes the package that it lies in, and Windows keeps what runs. */
async function onCopyOf(node, work) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "amanah-node-"));
  try {
    const copy = path.join(folder, path.basename(node));
    fs.copyFileSync(node, copy);
    return await work(copy);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function runNpm(node, args) {
  return await runStep(node, [requireNpm(), ...args]);
}

/** npm's own script: the one that has started us, the one beside the running Node, or the first on the PATH. */
function requireNpm() {
  const beside = path.dirname(process.execPath);
  const candidates = [
    process.env.npm_execpath,
    path.join(beside, "..", "lib", "node_modules", "npm", "bin", NPM_SCRIPT),
    path.join(beside, "node_modules", "npm", "bin", NPM_SCRIPT),
    ...(process.env.PATH ?? "").split(path.delimiter).map((folder) => path.join(folder, "npm")),
  ];
  const found = candidates.find((file) => file !== undefined && isNpm(file));
  if (found !== undefined) return fs.realpathSync(found);
  throw new SetupError("npm was not found: install Node.js together with npm, and start by `npm run …`");
}

/** `npm` on the PATH is a link to the script; another package manager's is not. */
function isNpm(file) {
  return fs.existsSync(file) && path.basename(fs.realpathSync(file)) === NPM_SCRIPT;
}

function failed() {
  return new SetupError(
    "the packages could not be installed; npm's own message is above. The first start needs a network connection " +
      "(or npm's cache filled before), about 1 GB of free disk and the right to write here. Then run the same command again.",
  );
}

function textOf(file) {
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
}

/** The packages by folder, of a lock file or of npm's record in the same form; none when there is no file. */
function packagesIn(file) {
  return JSON.parse(textOf(file) || "{}").packages ?? {};
}
