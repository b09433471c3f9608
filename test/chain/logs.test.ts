// Reading logs from endpoints that limit how many blocks one question may span: all blocks are asked for, each once.

import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { connectChain } from "../../server/chain/client.ts";
import { eventsWithin, inRanges } from "../../server/chain/logs.ts";
import { UnavailableError } from "../../server/errors.ts";

const CONTRACT = `0x${"01".repeat(20)}` as const;

type Range = readonly [bigint, bigint];

/** Reads blocks from an endpoint that takes at most so many at once; answers with the ranges that it was given. */
async function rangesUnder(most: bigint, [from, to]: Range): Promise<Range[]> {
  const given: Range[] = [];
  const within = async (start: bigint, end: bigint) =>
    end - start < most ? ([start, end] as const) : undefined;
  for await (const { found, to: end } of inRanges(from, to, within)) {
    expect(found[1]).to.equal(end);
    given.push(found);
  }
  return given;
}

describe("logs in ranges", () => {
  it("asks for nothing when there is no block", async () => {
    expect(await rangesUnder(10n, [5n, 4n])).to.deep.equal([]);
  });

  it("asks for all blocks, each once, whatever the endpoint's limit", async () => {
    for (const most of [1n, 2n, 7n, 1_000n, 10_000n, 10_000_000n]) {
      const span: Range = [3n, 3n + (most < 1_000n ? 60n : 250_000n)];
      const ranges = await rangesUnder(most, span);
      expect(ranges[0]![0]).to.equal(span[0]);
      expect(ranges.at(-1)![1]).to.equal(span[1]);
      for (const [i, [start]] of ranges.slice(1).entries()) expect(start).to.equal(ranges[i]![1] + 1n);
    }
  });

  it("grows again: a limit in one place does not make the rest slow", async () => {
    let asked = 0;
    const within = async (start: bigint, end: bigint) => {
      asked += 1;
      return start < 100n && end - start > 10n ? undefined : true;
    };
    const ends: bigint[] = [];
    for await (const { to } of inRanges(0n, 5_000_000n, within)) ends.push(to);
    expect(ends.at(-1)).to.equal(5_000_000n);
    expect(asked).to.be.below(100);
  });

  it("says so when not even one block is given", async () => {
    const refused = await rangesUnder(0n, [1n, 2n]).catch((thrown: unknown) => thrown);
    expect(refused).to.be.instanceOf(UnavailableError);
    expect((refused as Error).message).to.match(/refuses the logs of block 1/);
  });

  describe("of an endpoint", () => {
    let server: Server;
    let answer: { status: number; body: object | null };
    before(async () => {
      server = createServer(async (request, response) => {
        const asked = JSON.parse(await text(request)) as { id: number }[];
        if (answer.body === null) return void response.destroy();
        const each = [asked].flat().map(({ id }) => ({ jsonrpc: "2.0", id, ...answer.body }));
        response.writeHead(answer.status, { "content-type": "application/json" });
        response.end(JSON.stringify(Array.isArray(asked) ? each : each[0]));
      }).listen(0, "127.0.0.1");
      await once(server, "listening");
    });
    after(() => server.close());

    const events = () => {
      const chain = connectChain(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
      return eventsWithin(chain, CONTRACT, ["Challenged"], [0n, 99n]);
    };
    const error = (code: number, message: string) => ({ error: { code, message } });

    it("takes every answer that is an error for a refusal of so many blocks", async () => {
      for (const said of [
        error(-32005, "query returned more than 10000 results"),
        error(-32602, "block range too large"),
        error(-32000, "exceed maximum block range: 50"),
      ]) {
        answer = { status: 200, body: said };
        expect(await events()).to.equal(undefined);
        answer = { status: 400, body: said };
        expect(await events()).to.equal(undefined);
      }
    });

    it("takes silence for no answer", async () => {
      for (const silent of [
        { status: 200, body: null },
        { status: 503, body: {} },
      ]) {
        answer = silent;
        expect(await events().catch((thrown: unknown) => thrown)).to.be.instanceOf(UnavailableError);
      }
    });

    it("gives no events where there are none", async () => {
      answer = { status: 200, body: { result: [] } };
      expect(await events()).to.deep.equal([]);
    });
  });
});
