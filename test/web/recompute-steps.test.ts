// The steps of a recomputed book and what a contract says of it, without a browser: ledgers that have moved, history that was
// rewritten on the way, and what remains undecided.

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { expect } from "chai";
import { openBook } from "../../server/books/read.ts";
import { UnavailableError } from "../../server/errors.ts";
import { fastKeccak } from "../../server/hashing.ts";
import { type Hex, ZERO32 } from "../../server/protocol/bytes.ts";
import type { ContractReader } from "../../server/verifier/contract-reader.ts";
import { type RootReading, readRoots } from "../../server/verifier/follow.ts";
import { readContract } from "../../server/web/batches/recompute/contract.ts";
import type { Recomputed } from "../../server/web/batches/recompute/messages.ts";
import { recomputeBook } from "../../server/web/batches/recompute/recompute-book.ts";
import { stepsOf, verdictOf } from "../../server/web/batches/recompute/steps.ts";
import { startAt } from "../../server/web/ledger/start.ts";
import { bytesOfBook, LEDGER, smallBook } from "../books/making.ts";
import { bytesOf } from "../protocol/making.ts";

const NOTHING_SHOWN = { number: null, batch: undefined };
const OLD = "0x0000000000000000000000000000000000000001";
const NEW = "0x0000000000000000000000000000000000000002";

/** An endpoint that says which chain it is of, and knows nothing else. */
async function endpointOf(chainId: number) {
  const server = createServer(async (request, response) => {
    const { id } = (await json(request)) as { id: number };
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({ jsonrpc: "2.0", id, result: `0x${chainId.toString(16)}` }));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server[Symbol.asyncDispose]() };
}

describe("a recomputed book before a contract", () => {
  let book: Recomputed;
  before(async () => {
    book = recomputeBook(await bytesOfBook(smallBook()), fastKeccak, () => {});
  });

  const reading = (given: Partial<RootReading> = {}): RootReading => ({
    ...{ ledger: LEDGER, root: book.root, previousRoot: bytesOf("the root before"), successors: [] },
    ...given,
  });
  const judged = (given: Partial<RootReading>) => {
    const steps = stepsOf(book, NOTHING_SHOWN, { kind: "read", reading: reading(given) });
    const wrong = steps.filter(({ ok }) => ok !== true).map(({ step, reason }) => `${step} ${reason}`);
    return [verdictOf(steps), ...wrong];
  };
  const successor = (given: object = {}) => ({
    ...{ chainId: 1n, contract: NEW as Hex, lastGoodBatch: 20n, ledger: LEDGER, root: book.root },
    ...given,
  });

  it("is good when the contract keeps its root, its ledger and the root before", () => {
    expect(judged({})).to.deep.equal(["good"]);
    expect(judged({ successors: [successor()] })).to.deep.equal(["good"]);
  });

  it("is bad before a contract of another ledger, with another root, or with another root before it", () => {
    expect(judged({ ledger: bytesOf("another") })).to.deep.equal(["bad", "ledger another-ledger"]);
    expect(judged({ root: bytesOf("another") })).to.deep.equal(["bad", "anchored root-differs"]);
    expect(judged({ previousRoot: bytesOf("another") })).to.deep.equal(["bad", "previous previous-differs"]);
  });

  it("is bad when history was rewritten as the ledger moved, or the successor is of another ledger", () => {
    const rewritten = ["bad", "anchored rewritten"];
    expect(judged({ successors: [successor({ root: bytesOf("another") })] })).to.deep.equal(rewritten);
    expect(judged({ successors: [successor({ ledger: bytesOf("another") })] })).to.deep.equal(rewritten);
    // Of batches behind the last good one the successor alone decides.
    const later = successor({ lastGoodBatch: 3n, root: bytesOf("another") });
    expect(judged({ successors: [later] })).to.deep.equal(["good"]);
  });

  it("stays open when the contract knows no root yet, or was not read", () => {
    expect(judged({ root: ZERO32 })).to.deep.equal(["open", "anchored not-anchored"]);
    const unread = stepsOf(book, NOTHING_SHOWN, { kind: "unread", reason: "no-endpoint", says: "" });
    expect(verdictOf(unread)).to.equal("open");
  });

  it("says why nothing was read: no contract, no endpoint, no answer", async () => {
    const choice = { contract: OLD as Hex, chainId: null, rpcUrls: [] as string[], by: "visitor" as const };
    expect(await readContract(null, 1n)).to.include({ kind: "unread", reason: "no-contract" });
    expect(await readContract(choice, 1n)).to.include({ kind: "unread", reason: "no-endpoint" });
    const dead = { ...choice, rpcUrls: ["http://127.0.0.1:9"] };
    expect(await readContract(dead, 1n)).to.include({ kind: "unread", reason: "no-answer" });
  }).timeout(20_000);

  it("is read at the endpoint of the contract's chain, wherever it stands; a dead one beside it hinders nothing", async () => {
    const [other, own] = [await endpointOf(7), await endpointOf(8)];
    try {
      const rpcUrls = ["http://127.0.0.1:9", other.url, own.url];
      const choice = { contract: OLD as Hex, chainId: 8, rpcUrls, by: "site" as const };
      const { place, readers, host } = await startAt(choice);
      expect([place.reader.chainId, host]).to.deep.equal([8, new URL(own.url).host]);
      expect(readers.map(({ chainId }) => chainId)).to.deep.equal([7, 8]);
      const nowhere = await readContract({ ...choice, rpcUrls: [other.url] }, 1n);
      expect(nowhere).to.include({ kind: "unread", reason: "another-chain" });
    } finally {
      await Promise.all([other.close(), own.close()]);
    }
  }).timeout(20_000);

  it("is the same whichever way the bytes lie in memory", async () => {
    const bytes = await bytesOfBook(smallBook());
    const shifted = new Uint8Array(bytes.length + 3).subarray(3);
    shifted.set(bytes);
    expect(openBook(shifted).root).to.deep.equal(book.namedRoot);
    expect(recomputeBook(shifted, fastKeccak, () => {}).root).to.deep.equal(book.root);
  });
});

describe("reading the roots of a batch", () => {
  const rootOf = (contract: string, batch: bigint) => bytesOf(`${contract} ${batch}`);
  const reader = (chainId: number, next: Hex | null, lastGoodBatch = 5n): ContractReader =>
    ({
      chainId,
      ledger: async () => LEDGER,
      root: async (contract: Hex, batch: bigint) => rootOf(contract, batch),
      successor: async (contract: Hex) =>
        contract === OLD && next !== null ? { chainId: 2n, ledgerContract: next, lastGoodBatch } : null,
    }) as unknown as ContractReader;

  it("is of the chosen contract while it stands for the batch, and of its successor behind that", async () => {
    const [first, second] = [reader(1, NEW), reader(2, null)];
    const place = { reader: first, contract: OLD as Hex };
    const at = (batch: bigint) => readRoots(place, [first, second], batch);
    expect((await at(5n)).root).to.deep.equal(rootOf(OLD, 5n));
    const behind = await at(6n);
    expect(behind.root).to.deep.equal(rootOf(NEW, 6n));
    expect(behind.previousRoot).to.deep.equal(rootOf(OLD, 5n));
    expect((await at(1n)).previousRoot, "batch 1 names the ledger").to.deep.equal(LEDGER);
  });

  it("is refused where the ledger has moved to a chain of which no endpoint is known", async () => {
    const first = reader(1, NEW);
    const place = { reader: first, contract: OLD as Hex };
    const refused = await readRoots(place, [first], 6n).catch((thrown) => thrown);
    expect(refused).to.be.instanceOf(UnavailableError);
    expect(refused.code).to.equal("successor-elsewhere");
  });
});
