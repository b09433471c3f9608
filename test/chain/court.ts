// A contract before which statements of any kind are anchored, and that is asked what it makes of evidence. Nothing that is
// asked is kept: each question is a call that is never sent.

import { randomBytes } from "node:crypto";
import {
  decodeFunctionResult,
  encodeAbiParameters,
  encodeFunctionData,
  type Hex,
  keccak256,
  stringToHex,
} from "viem";
import { LEDGER_ABI } from "../../server/chain/abi.ts";
import { connectChain } from "../../server/chain/client.ts";
import { encodeAccusation, statementOf, unitOf } from "../../server/chain/encode.ts";
import { ask, RefusedError } from "../../server/chain/failures.ts";
import { batchTree } from "../../server/protocol/batch-root.ts";
import { fromHex, toHex } from "../../server/protocol/bytes.ts";
import type { StatementArgs } from "../../server/protocol/contract-calls.ts";
import { type Evidence, lineOf } from "../../server/protocol/evidence.ts";
import { type Fault, faultNumbered } from "../../server/protocol/faults.ts";
import { AuditLedger, startAuditChain } from "../audit/ledger.ts";

const WORD = { type: "bytes32" } as const;
const UINT = { type: "uint256" } as const;
const STATEMENT_LEAF = [WORD, WORD, UINT, WORD, WORD, UINT, UINT, UINT, UINT, UINT, WORD] as const;

export class Court {
  readonly ledger: AuditLedger;
  readonly url: string;
  readonly #stop: () => Promise<void>;
  #lastBatch = 0n;

  private constructor(ledger: AuditLedger, url: string, stop: () => Promise<void>) {
    [this.ledger, this.url, this.#stop] = [ledger, url, stop];
  }

  static async open(): Promise<Court> {
    const { chain, operator } = await startAuditChain();
    return new Court(await AuditLedger.make(operator), chain.url, () => chain.stop());
  }

  async close(): Promise<void> {
    await this.ledger.remove();
    await this.#stop();
  }

  get nextBatch(): bigint {
    return this.#lastBatch + 1n;
  }

  /** Anchors these statements as the next batch, with whatever figures they have; answers with the way of each. */
  async anchor(statements: readonly StatementArgs[]): Promise<Hex[][]> {
    const leaves = statements.map((statement) => fromHex(this.#leafOf(statement)));
    const tree = batchTree([...leaves, new Uint8Array(randomBytes(32))]);
    await this.ledger.write("anchor", [this.nextBatch, toHex(tree.root)]);
    this.#lastBatch += 1n;
    return leaves.map((leaf) => tree.proof(leaf).map(toHex));
  }

  /** The fault that the contract would record, null where it finds none; throws what else it refuses it for. */
  async verdictOn(evidence: Evidence): Promise<Fault | null> {
    const { charity, unit } = lineOf(evidence);
    const functionName = "faultOf";
    const look = encodeFunctionData({ abi: LEDGER_ABI, functionName, args: [charity, unitOf(unit)] });
    const { public: client } = connectChain(this.url);
    try {
      const { result } = await ask(() =>
        client.simulateContract({
          ...{ address: this.ledger.contract, abi: LEDGER_ABI, functionName: "multicall" },
          args: [[encodeAccusation(evidence), look]],
        }),
      );
      const data = result[1] as Hex;
      return faultNumbered(decodeFunctionResult({ abi: LEDGER_ABI, functionName, data }) as number);
    } catch (thrown) {
      if (thrown instanceof RefusedError && thrown.error === "NoFault") return null;
      throw thrown;
    }
  }

  /** Of any figures that fit into the contract's types: ours takes only those that an honest ledger may have. */
  #leafOf(args: StatementArgs): Hex {
    const { batch, charity, unit, kind, from, to, previous, receipts, receiptsRoot } = statementOf(args);
    const tag = stringToHex("amanah.statement.v1", { size: 32 });
    const figures = [batch, charity, unit, BigInt(kind), from, to, previous, receipts, receiptsRoot] as const;
    return keccak256(
      keccak256(encodeAbiParameters(STATEMENT_LEAF, [tag, toHex(this.ledger.id), ...figures])),
    );
  }
}
