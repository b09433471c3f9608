// The command `verify` on receipts that bring their terms along: the amount is recomputed, and the terms' notice is sought in
// the contract; whatever was changed is found at its step.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type Charity, type Gift, give, openCharity } from "../support/charity.ts";
import { call } from "../support/client.ts";
import { runScript } from "../support/run-script.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { wanted } from "../support/shop.ts";

const COMMAND = join(import.meta.dirname, "../../scripts/verify.ts");

type File = { terms: { document: Record<string, unknown>; batch: string } } & Record<string, unknown>;

describe("npm run verify, of a receipt with its terms", function () {
  this.timeout(120_000);
  let service: TestService;
  let charity: Charity;
  let folder: string;
  let file: File;
  let chosen: string[];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "amanah-terms-"));
    service = await startTestService({
      chain: true,
      settings: { PROVE_EVERY_SECONDS: "0", SETTLE_EVERY_SECONDS: "0" },
    });
    charity = await openCharity(service);
    const [gift] = await give(service, charity, [1_300]);
    file = await fileOf(gift as Gift);
    const { contract } = await wanted(200, call(`${service.url}/v1/ledger`));
    chosen = ["--rpc", service.rpcUrl, "--contract", contract];
  });
  after(async () => {
    await service.stop();
    await rm(folder, { recursive: true });
  });

  const fileOf = ({ id, key }: Gift) =>
    wanted(200, call(`${service.url}/v1/receipts/${id}`, { headers: { Authorization: `Receipt ${key}` } }));

  async function verify(content: object) {
    const path = join(folder, "receipt.json");
    await writeFile(path, JSON.stringify(content));
    const env = { ...process.env, AMANAH_HOME: folder };
    return await runScript(COMMAND, [path, ...chosen], { env });
  }

  it("recomputes the amount, and finds the terms in an earlier batch that the contract keeps", async () => {
    const { code, out } = await verify(file);
    expect(code).to.equal(0);
    expect(out).to.match(/✓ terms .+, noticed in batch 1, before the receipt's, 2/);
    expect(out).to.match(/✓ amount .+ exactly 1300 smallest units of CNY/);
    expect(out).to.match(/✓ noticed .+ keeps the root of batch 1/);
  });

  it("is valid without them, and says that nothing was checked", async () => {
    const { code, out } = await verify({ ...file, terms: null });
    expect(code).to.equal(0);
    expect(out).to.match(/– terms {5}not checked: the file holds no terms/);
  });

  it("exits 1 at the terms when these were changed, or are said to be of the receipt's own batch", async () => {
    const { terms } = file;
    const share = { basisPoints: 5 };
    const changed = await verify({ ...file, terms: { ...terms, document: { ...terms.document, share } } });
    expect([changed.code, changed.out]).to.satisfy(
      ([code, out]: [number, string]) => code === 1 && out.includes('(terms-differ), at the step "terms"'),
    );
    const late = await verify({ ...file, terms: { ...terms, batch: file.batch } });
    expect([late.code, late.out.includes("(terms-not-before)")]).to.deep.equal([1, true]);
  });

  it("exits 1 at the contract when the notice is not in the batch that is named", async () => {
    const { code, out } = await verify({ ...file, terms: { ...file.terms, batch: "0" } });
    expect([code, out.includes('(terms-root-differs), at the step "noticed"')]).to.deep.equal([1, true]);
  });
});
