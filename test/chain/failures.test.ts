// What a failed request means: the contract's refusal, or no answer at all, which says nothing.

import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { expect } from "chai";
import { encodeFunctionData, getAddress, parseAbi } from "viem";
import { type Chain, connectChain } from "../../server/chain/client.ts";
import { encodeCalls } from "../../server/chain/encode.ts";
import { RefusedError, TooLargeError } from "../../server/chain/failures.ts";
import { ledgerReader } from "../../server/chain/ledger-reader.ts";
import { type EmbeddedChain, startChain } from "../../server/embedded/chain.ts";
import { UnavailableError } from "../../server/errors.ts";
import { freePort } from "../support/ports.ts";
import { FaultyEndpoint } from "./faulty-endpoint.ts";
import { Hands } from "./hands.ts";

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (thrown) => thrown,
  );

describe("what a failed request means", () => {
  let embedded: EmbeddedChain;
  let chain: Chain;
  before(async () => {
    embedded = await startChain();
    chain = connectChain(embedded.url);
  });
  after(() => embedded.stop());

  it("is no answer, which says nothing, when nobody listens; the URL with its key is not told", async () => {
    const dead = connectChain(`http://127.0.0.1:${await freePort()}/v2/secret-key`);
    const failure = await failureOf(dead.head());
    expect(failure).to.be.instanceOf(UnavailableError);
    expect(String((failure as Error).message)).not.to.contain("secret-key");
    expect(await failureOf(dead.send("0x00"))).to.be.instanceOf(UnavailableError);
  });

  it("is no answer when the line is cut after the request has arrived", async () => {
    const endpoint = await FaultyEndpoint.before(embedded.url);
    endpoint.fault = () => "unheard";
    expect(await failureOf(connectChain(endpoint.url).head())).to.be.instanceOf(UnavailableError);
    await endpoint.close();
  });

  it("is no answer, in bounded time, when an endpoint accepts and never speaks", async () => {
    const mute = createServer(() => {}).listen(0, "127.0.0.1");
    await once(mute, "listening");
    const { port } = mute.address() as AddressInfo;
    expect(await failureOf(connectChain(`http://127.0.0.1:${port}`, 300).head())).to.be.instanceOf(
      UnavailableError,
    );
    mute.close();
  });

  it("is a refusal that names the contract's own error", async () => {
    const [admin] = embedded.accounts;
    const from = admin!.address;
    const ledger = `0x${"00".repeat(32)}` as const;
    const deployment = encodeCalls([
      { kind: "deploy", args: { ledger, admin: from, adminDelay: "0", challengeBond: "0" } },
    ]);
    const refused = await failureOf(chain.gas({ from, to: null, data: deployment }));
    expect(refused).to.be.instanceOf(RefusedError);
    expect((refused as RefusedError).error).to.equal("ZeroLedger");
  });

  it("is a refusal in the token's own words, where the ledger hands them on", async () => {
    const hands = new Hands(embedded.url);
    const token = await hands.deployToken("TestToken", [2]);
    const [admin, other] = embedded.accounts.map(({ address }) => address);
    const abi = parseAbi(["function transferFrom(address from, address to, uint256 amount)"]);
    const data = encodeFunctionData({ abi, functionName: "transferFrom", args: [other!, admin!, 5n] });
    const refused = (await failureOf(chain.gas({ from: admin!, to: token, data }))) as RefusedError;
    expect(refused.error).to.equal("ERC20InsufficientAllowance");
    expect(refused.message).to.equal(`ERC20InsufficientAllowance(${getAddress(admin!)}, 0, 5)`);
  });

  it("is too much for one transaction when it takes more gas than a block may", async () => {
    const from = embedded.accounts[0]!.address;
    const failure = await failureOf(chain.gas({ from, to: from, data: `0x${"11".repeat(600_000)}` }));
    expect(failure).to.be.instanceOf(TooLargeError);
  });

  it("is an answer when the endpoint takes bytes for no transaction", async () => {
    const answer = await chain.send("0x02");
    expect(answer.accepted).to.equal(false);
  });

  it("is no answer when there is no contract to read", async () => {
    const reader = ledgerReader(chain, embedded.accounts[3]!.address);
    expect(await failureOf(reader.lastBatch())).to.be.instanceOf(UnavailableError);
  });
});
