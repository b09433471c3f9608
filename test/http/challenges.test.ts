// /v1/challenges: what the contract says of promises that were challenged, for anyone, page by page; and an alarm in
// /health for one that cannot be answered.

import { expect } from "chai";
import { raiseAlarm } from "../../server/store/alarms.ts";
import { type ChallengeEvent, keepReading, readUpTo } from "../../server/store/challenge-watch.ts";
import { noteProblem } from "../../server/store/challenges.ts";
import { call } from "../support/client.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { wanted } from "../support/shop.ts";

const CONTRACT = Buffer.alloc(20, 1);
const bytes = (length: number, fill: number) => Buffer.alloc(length, fill);
const hex = (length: number, fill: number) => `0x${bytes(length, fill).toString("hex")}`;
const DUE = 1_790_000_000n;

const promised = (fill: number) => ({
  promise: bytes(32, fill),
  leaf: bytes(32, fill + 100),
  charity: bytes(32, 3),
  unit: "CNY",
  kind: 0,
  amount: 2n ** 64n - 1n,
});

const challenged = (fill: number, block: bigint): ChallengeEvent => ({
  what: "challenged",
  block,
  ...promised(fill),
  deadline: DUE - 86_400n,
  promiser: bytes(20, 5),
  promiserUntil: 2n ** 48n - 1n,
  challenger: bytes(20, 6),
  dueAt: DUE,
});

describe("/v1/challenges", () => {
  let service: TestService;
  before(async () => {
    service = await startTestService();
    const watched = { chainId: 1n, contract: CONTRACT };
    const before = await readUpTo(service.sql, watched);
    const events: ChallengeEvent[] = [
      ...[1, 2, 3].map((fill) => challenged(fill, BigInt(fill))),
      { what: "answered", block: 4n, promise: bytes(32, 1), batch: 17n, by: bytes(20, 7) },
      { what: "breached", block: 5n, ...promised(2) },
      { what: "answered", block: 6n, promise: bytes(32, 2), batch: 18n, by: bytes(20, 7) },
      { what: "breached", block: 7n, ...promised(4) },
    ];
    await keepReading(service.sql, watched, { from: 0n, before, to: 9n, at: 1n, events });
  });
  after(() => service.stop());

  const list = (query = "") => wanted(200, call(`${service.url}/v1/challenges${query}`));

  it("lists them newest first, with their state and who has answered", async () => {
    const { items, next } = await list();
    expect(next).to.equal(null);
    expect(items.map(({ state }: { state: string }) => state)).to.deep.equal([
      "breached",
      "open",
      "answeredLate",
      "answered",
    ]);
    expect(items[3]).to.deep.equal({
      number: "1",
      promise: hex(32, 1),
      leaf: hex(32, 101),
      charity: hex(32, 3),
      unit: "CNY",
      kind: 0,
      amount: "18446744073709551615",
      deadline: new Date(Number(DUE - 86_400n) * 1000).toISOString(),
      promiser: hex(20, 5),
      challenger: hex(20, 6),
      dueAt: new Date(Number(DUE) * 1000).toISOString(),
      state: "answered",
      answeredFrom: "17",
      answeredBy: hex(20, 7),
      problem: null,
    });
  });

  it("tells nothing of a challenge where a breach was carried over", async () => {
    const [carried] = (await list("?limit=1")).items;
    const { challenger, promiser, dueAt, deadline, answeredBy } = carried;
    expect({ challenger, promiser, dueAt, deadline, answeredBy }).to.deep.equal({
      challenger: null,
      promiser: null,
      dueAt: null,
      deadline: null,
      answeredBy: null,
    });
  });

  it("comes in pages", async () => {
    const first = await list("?limit=3");
    expect(first.items).to.have.length(3);
    const second = await list(`?limit=3&after=${first.next}`);
    expect(second.items.map(({ number }: { number: string }) => number)).to.deep.equal(["1"]);
    expect(second.next).to.equal(null);
  });

  it("says why an open one is not answered, and so does /health", async () => {
    await noteProblem(service.sql, 3n, "no such promise");
    await raiseAlarm(service.sql, "challenge-unanswered", "no such promise");
    expect((await list()).items[1].problem).to.equal("no such promise");
    const { status, body } = await call(`${service.url}/health`);
    expect(status).to.equal(503);
    expect(body.problems).to.include("no such promise");
  });
});
