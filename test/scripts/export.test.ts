// `npm run export` as anybody calls it: what it saves, and how it ends.

import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { indexDonors } from "../../server/jobs/publish-people.ts";
import { bareEnvironment } from "../support/environment.ts";
import { type PlayedLedger, playedLedger } from "../support/played-ledger.ts";
import { untilDone } from "../support/publishing.ts";
import { runScript } from "../support/run-script.ts";

const SCRIPT = join(import.meta.dirname, "..", "..", "scripts", "export.ts");

describe("npm run export", function () {
  this.timeout(120_000);
  let played: PlayedLedger;
  let folder: string;

  before(async () => {
    played = await playedLedger();
    await untilDone(() => indexDonors(played.service.sql, played.service.services.ledger));
    folder = await mkdtemp(join(tmpdir(), "export-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const run = (...args: string[]) => {
    const options = { cwd: folder, env: bareEnvironment() };
    return runScript(SCRIPT, ["--service", played.service.url, "--out", "saved", ...args], options);
  };

  it("ends with 2 when the service refuses or is not there, and says why", async () => {
    const refused = await run("360giving", "--from", "2026-02-01", "--up-to", "2026-01-01");
    expect([refused.code, refused.err]).to.satisfy(
      ([code, said]: [number, string]) => code === 2 && said.includes("wanted a day from 2026-02-01 on"),
    );
    const silent = await run("csv", "--service", "http://127.0.0.1:9");
    expect([silent.code, silent.err.includes("no answer")]).to.deep.equal([2, true]);
    expect((await run("everything")).code).to.equal(2);
  });

  it("saves every table in both kinds, the grants and the activities, each whole", async () => {
    const { code, out, err } = await run("all");
    expect(code, err).to.equal(0);
    const saved = await readdir(join(folder, "saved"));
    expect(saved).to.include.members([
      "batches.csv",
      "batches.parquet",
      "360giving.json",
      "360giving.csv",
      "iati.xml",
    ]);
    expect(saved.filter((name) => name.endsWith(".unfinished"))).to.deep.equal([]);
    expect(out.trim().split("\n")).to.have.length(saved.length);
    const { grants } = JSON.parse(await readFile(join(folder, "saved", "360giving.json"), "utf8"));
    expect(grants).to.have.length(1);
  });
});
