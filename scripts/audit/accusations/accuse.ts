// Accusations: for findings that the contract can be convinced of, the call that does it, ready to be sent by anyone. Each is
// tried on the contract as of the audited block; what it would not take is no accusation.

import type { Hex } from "viem";
import {
  type Accusation as AccusingFunction,
  accusationOf,
  encodeAccusation,
} from "../../../server/chain/encode.ts";
import { sayEvidence } from "../../../server/protocol/fault-wording.ts";
import type { BookSource } from "../books/book-source.ts";
import type { FindingCode } from "../catalogue.ts";
import { type Chain, callOf } from "../chain/chain.ts";
import { type Endpoint, RefusedError } from "../chain/rpc.ts";
import type { Finding } from "../findings.ts";
import { EvidenceSearch } from "./evidence.ts";

/** A call that proves a fault: to this contract, with this data, from any account and with no value. */
export type Accusation = {
  readonly contract: Hex;
  readonly function: AccusingFunction;
  readonly data: Hex;
  /** What it shows, in one sentence. */
  readonly says: string;
};

/** A ledger full of lies is convicted by a few of each kind. */
const MOST_OF_EACH_CODE = 20;

export type AccusationsOptions = {
  readonly findings: readonly Finding[];
  readonly source: BookSource;
  readonly endpoint: Endpoint;
  readonly chain: Pick<Chain, "contract" | "block">;
  readonly onProgress: (done: number, of: number) => void;
};

/** The accusations of the findings that have one. */
export async function accusationsOf(options: AccusationsOptions): Promise<Map<Finding, Accusation>> {
  const { findings, source, onProgress } = options;
  const provable = someOfEach(findings.filter(({ code }) => EvidenceSearch.isProvable(code)));
  const search = new EvidenceSearch(source);
  const accusations = new Map<Finding, Accusation>();
  for (const [done, finding] of provable.entries()) {
    const accusation = await accuse(search, finding, options);
    if (accusation !== null) accusations.set(finding, accusation);
    onProgress(done + 1, provable.length);
  }
  return accusations;
}

function someOfEach(findings: readonly Finding[]): Finding[] {
  const codes = Map.groupBy(findings, ({ code }): FindingCode => code);
  return [...codes.values()].flatMap((ofCode) => ofCode.slice(0, MOST_OF_EACH_CODE));
}

async function accuse(
  search: EvidenceSearch,
  finding: Finding,
  { endpoint, chain }: AccusationsOptions,
): Promise<Accusation | null> {
  const evidence = await search.of(finding);
  if (evidence === null) return null;
  const data = encodeAccusation(evidence);
  if (!(await isTaken(endpoint, chain, data))) return null;
  return { contract: chain.contract, function: accusationOf(evidence), data, says: sayEvidence(evidence) };
}

/** Roots stay for ever: where the endpoint has forgotten the audited block meanwhile, its newest one will do. */
async function isTaken(
  endpoint: Endpoint,
  { contract, block }: AccusationsOptions["chain"],
  data: Hex,
): Promise<boolean> {
  const { method, params } = callOf(contract, data, block.number);
  return (await isAnswered(endpoint, method, params)) || isAnswered(endpoint, method, [params[0], "latest"]);
}

async function isAnswered(endpoint: Endpoint, method: string, params: readonly unknown[]): Promise<boolean> {
  try {
    await endpoint.one(method, params);
    return true;
  } catch (error) {
    if (error instanceof RefusedError) return false;
    throw error;
  }
}
