// An endpoint that knows one contract with nothing but roots: what an audit of books asks of a chain, without a chain that
// would have to hold them.

import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import {
  encodeAbiParameters,
  encodeEventTopics,
  encodeFunctionData,
  type Hex,
  pad,
  parseAbiParameters,
  toHex,
} from "viem";
import { LEDGER_ABI } from "../../server/chain/abi.ts";

type Request = { readonly id: number; readonly method: string; readonly params: readonly never[] };

export const CONTRACT = "0x00000000000000000000000000000000000000aa";
const CHAIN_ID = 1;
const BLOCK = { number: "0x1", hash: `0x${"11".repeat(32)}`, timestamp: "0x6ab13b80" };

const NO_SUCCESSOR = pad("0x", { size: 96 });

const selector = (functionName: "ledger" | "lastBatch" | "successor") =>
  encodeFunctionData({ abi: LEDGER_ABI, functionName });

export class AnchoredRoots {
  readonly #server: Server;
  readonly #ledger: Uint8Array;
  #roots: readonly Uint8Array[] = [];

  private constructor(ledger: Uint8Array) {
    this.#ledger = ledger;
    this.#server = createServer(async (request, response) => {
      const asked = JSON.parse(await text(request)) as Request | Request[];
      const answered = Array.isArray(asked) ? asked.map((each) => this.#answer(each)) : this.#answer(asked);
      response.setHeader("content-type", "application/json").end(JSON.stringify(answered));
    });
  }

  static async listen(ledger: Uint8Array): Promise<AnchoredRoots> {
    const roots = new AnchoredRoots(ledger);
    roots.#server.listen(0, "127.0.0.1");
    await once(roots.#server, "listening");
    return roots;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** From batch 1 on. */
  anchor(roots: readonly Uint8Array[]): void {
    this.#roots = roots;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #answer({ id, method, params }: Request): object {
    return { jsonrpc: "2.0", id, result: this.#resultOf(method, params[0]) };
  }

  #resultOf(method: string, first: { readonly data?: Hex } | undefined): unknown {
    if (method === "eth_chainId") return toHex(CHAIN_ID);
    if (method === "eth_getBlockByNumber") return BLOCK;
    if (method === "eth_getLogs") return this.#roots.map((root, i) => logOf(BigInt(i + 1), root));
    return this.#call(first?.data ?? "0x");
  }

  #call(data: Hex): Hex {
    if (data === selector("ledger")) return toHex(this.#ledger);
    if (data === selector("lastBatch")) return pad(toHex(this.#roots.length));
    if (data === selector("successor")) return NO_SUCCESSOR;
    return toHex(this.#roots[Number(BigInt(`0x${data.slice(10)}`)) - 1] ?? new Uint8Array(32));
  }
}

const logOf = (batch: bigint, root: Uint8Array) => ({
  address: CONTRACT,
  topics: encodeEventTopics({ abi: LEDGER_ABI, eventName: "BatchAnchored", args: { batch } }),
  data: encodeAbiParameters(parseAbiParameters("bytes32"), [toHex(root)]),
  ...{ blockNumber: "0x1", logIndex: toHex(batch), transactionHash: BLOCK.hash },
});
