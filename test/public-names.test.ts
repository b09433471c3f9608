// What names lead to, asked of a real name server, and that one which does not answer holds up nobody.

import { expect } from "chai";
import { type Letter, post } from "../server/jobs/webhooks/post.ts";
import { publicAddresses } from "../server/public-names.ts";
import { NameServer } from "./support/name-server.ts";
import { Receiver } from "./support/webhook-receiver.ts";

const ADDRESS = "93.184.216.34";
const ADDRESS_6 = "2606:4700:4700:0:0:0:0:1111";
const ZONE = {
  "both.example": [ADDRESS, ADDRESS_6],
  "six.example": [ADDRESS_6],
  "empty.example": [],
  "mixed.example": [ADDRESS, "10.0.0.1"],
  "mixed-six.example": [ADDRESS, "fd12:0:0:0:0:0:0:1"],
  "mapped.example": ["0:0:0:0:0:ffff:7f00:1"],
  "own.example": ["127.0.0.1"],
  "failing.example": "failing",
  "only-four.example": [ADDRESS],
  "only-four.example AAAA": "failing",
  "own-half.example": ["10.0.0.1"],
  "own-half.example AAAA": "failing",
  "unknown-half.example": [],
  "unknown-half.example AAAA": "failing",
  "silent.example": "silent",
} as const;
/** More than libuv's pool has threads. */
const MANY = 8;

describe("names on the public internet", () => {
  let server: NameServer;
  beforeEach(async () => {
    server = await new NameServer(ZONE).start();
  });
  afterEach(() => server.stop());

  const never = new AbortController().signal;
  const lookUp = (name: string, signal = never) => publicAddresses(name, signal, [server.address]);
  const failure = async (name: string, signal = never): Promise<string> => {
    const thrown = await lookUp(name, signal).catch((error) => error);
    expect(thrown, name).to.be.an.instanceOf(Error);
    return `${thrown}`;
  };
  const tell = (host: string, more: Partial<Letter> = {}, timeoutMs = 5_000) => {
    const letter = { url: `https://${host}/hook`, headers: {}, body: "{}", ...more };
    const nameServers = [server.address];
    return post(letter, { demonstration: more.url !== undefined, timeoutMs, signal: never, nameServers });
  };

  for (const name of ["mixed", "mixed-six", "mapped", "own"])
    it(`are refused when one address is not public, and that one is not told: ${name}`, async () => {
      expect(await failure(`${name}.example`)).to.equal(
        `Error: ${name}.example leads to an address that is not public`,
      );
    });

  it("are refused without an address, unknown, or when the name server fails", async () => {
    expect(await failure("empty.example")).to.contain("leads to no address");
    expect(await failure("unknown.example")).to.contain("leads to no address");
    expect(await failure("failing.example"))
      .to.contain("no name server says")
      .and.contain("ESERVFAIL");
    const nobody = await publicAddresses("both.example", never, ["127.0.0.1:1"]).catch((error) => error);
    expect(`${nobody}`).to.contain("no name server says what the name leads to");
  });

  it("lead to all their addresses, IPv4 first, each family asked once", async () => {
    expect(await lookUp("both.example")).to.deep.equal([
      { address: ADDRESS, family: 4 },
      { address: "2606:4700:4700::1111", family: 6 },
    ]);
    expect(server.asked).to.have.members(["both.example A", "both.example AAAA"]);
    expect((await lookUp("six.example")).map(({ family }) => family)).to.deep.equal([6]);
  });

  it("lead to what is known of one family where a name server fails for the other, and to nothing else", async () => {
    expect(await lookUp("only-four.example")).to.deep.equal([{ address: ADDRESS, family: 4 }]);
    expect(await failure("own-half.example")).to.contain("not public");
    expect(await failure("unknown-half.example")).to.contain("ESERVFAIL");
  });

  it("are not looked up for whoever has gone, and no longer than he waits", async () => {
    expect(await failure("both.example", AbortSignal.abort())).to.contain("AbortError");
    expect(server.asked).to.deep.equal([]);
    const start = performance.now();
    expect(await failure("silent.example", AbortSignal.timeout(200))).to.contain("TimeoutError");
    expect(performance.now() - start).to.be.below(1_000);
  });

  it("get no message when one address is not public, however many are", async () => {
    const sent = await tell("mixed.example");
    const why = "mixed.example leads to an address that is not public";
    expect(sent).to.deep.equal({ outcome: "failed", why });
  });

  it("that nobody answers for fail within a message's time, and meanwhile others get theirs", async () => {
    const receiver = await new Receiver().start();
    let ended = 0;
    const start = performance.now();
    const silent = Array.from({ length: MANY }, async () => {
      const sent = await tell("silent.example", {}, 1_500);
      ended++;
      return sent;
    });
    // Its name is looked up by the threads that would be waited for.
    const url = receiver.url.replace("127.0.0.1", "localhost");
    expect(await tell("", { url })).to.deep.equal({ outcome: "taken" });
    expect(ended).to.equal(0);
    const why = "no answer within 1500 ms";
    expect(await Promise.all(silent)).to.deep.equal(Array(MANY).fill({ outcome: "failed", why }));
    expect(performance.now() - start).to.be.below(3_000);
    expect(receiver.came).to.have.length(1);
    await receiver.stop();
  });
});
