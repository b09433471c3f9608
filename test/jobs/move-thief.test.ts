// Moving a ledger away from a thief of the anchor's key, who has a line convicted by a false batch of his own and hides from
// the operator how: that holds up no move, and the line is free of it at the successor.

import { expect } from "chai";
import { createWalletClient, encodeFunctionData, type Hex, http, parseAbi, zeroHash } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { LEDGER_ABI } from "../../server/chain/abi.ts";
import { statementOf } from "../../server/chain/encode.ts";
import { newAddress } from "../../server/jobs/move/move.ts";
import { toHex } from "../../server/protocol/bytes.ts";
import { charityId } from "../../server/protocol/ids.ts";
import { statementLeaf } from "../../server/protocol/statement.ts";
import { toArgs } from "../../server/store/anchoring.ts";
import { lastMove } from "../../server/store/moves.ts";
import { STRANGER } from "../chain/challenges.ts";
import { Hands } from "../chain/hands.ts";
import { Moving } from "../chain/moving.ts";
import { CHARITY, charityHex, unitHex } from "../chain/world.ts";
import { eventually } from "../support/eventually.ts";

const ANCHOR = 1;
const CALL_BACK = parseAbi(["function callBack(address target, bytes data)"]);
const LINE = { charity: charityId(CHARITY), unit: "CNY", kind: 0 as const };

describe("moving a ledger whose line a thief has convicted by a false batch", function () {
  this.timeout(120_000);
  let moving: Moving;
  let accusation: Hex;
  beforeEach(async () => {
    moving = await Moving.make();
    moving.run();
    await moving.give([50n]);
    await eventually("all final", () => moving.world.areAllFinal());
    await moving.stop();
    accusation = await anchorMalformed();
  });
  afterEach(() => moving.close());

  /** A false second batch that is one malformed statement of our line; answers with the call that shows it. */
  async function anchorMalformed(): Promise<Hex> {
    const figures = { from: 9n, to: 9n, previous: 0n, receipts: 1n, receiptsRoot: Buffer.alloc(32, 1) };
    const statement = { batch: 2n, ...LINE, ...figures };
    const root = toHex(statementLeaf(moving.world.ledger.id, statement));
    await moving.promised.write(ANCHOR, "anchor", [2n, root]);
    return callOf("proveMalformed", [statementOf(toArgs(statement)), []]);
  }

  const callOf = (functionName: string, args: readonly unknown[]): Hex =>
    encodeFunctionData({ abi: LEDGER_ABI, functionName, args } as never);

  /** Another accusation of the line, of good batches, which no contract would take. */
  function decoy(): Hex {
    const figures = { from: 0n, to: 50n, previous: 0n, receipts: 1n, receiptsRoot: Buffer.alloc(32, 2) };
    const statement = statementOf(toArgs({ batch: 1n, ...LINE, ...figures }));
    return callOf("proveContradiction", [statement, [], statement, [zeroHash]]);
  }

  async function send(to: Hex, data: Hex, value = 0n): Promise<void> {
    const { accounts, url } = moving.world.chain;
    const account = privateKeyToAccount(accounts[STRANGER]!.privateKey);
    const wallet = createWalletClient({ account, transport: http(url) });
    const hash = await wallet.sendTransaction({ to, data, value, gas: 1_000_000n, chain: null });
    const mined = await moving.promised.client.waitForTransactionReceipt({ hash, pollingInterval: 10 });
    expect(mined.status).to.equal("success");
  }

  const faultAt = (chain: typeof moving.next, contract: Hex) =>
    moving.ask(chain, contract, [{ functionName: "faultOf", args: [charityHex(), unitHex("CNY")] }]);

  async function isLeftBehind(): Promise<void> {
    expect(await faultAt(moving.world.chain, moving.promised.contract)).to.deep.equal(["Malformed"]);
    const { left, move } = await moving.move({ lastGoodBatch: 1n });
    expect((await lastMove(moving.world.sql))?.state).to.equal("succeeded");
    expect(left.join()).to.match(/the fault of line .* CNY: it rests on a batch behind the last good one/);
    expect(await faultAt(moving.next, newAddress(move) as Hex)).to.deep.equal(["none"]);
  }

  it("is not held up by an accusation that stands beside the true one in its transaction", async () => {
    await send(moving.promised.contract, `${accusation}${decoy().slice(2)}`);
    await isLeftBehind();
  });

  it("is not held up by one that its transaction does not show", async () => {
    const hands = new Hands(moving.world.chain.url);
    const hidden = await hands.deployToken("Challenger");
    await send(hidden, encodeFunctionData({ abi: CALL_BACK, args: [moving.promised.contract, accusation] }));
    await send(hidden, "0x", 1n);
    await isLeftBehind();
  });
});
