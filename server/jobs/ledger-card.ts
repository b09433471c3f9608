// `ledger.json` beside the books: what somebody who audits needs to begin. It proves nothing: whoever audits takes contract
// and signers from a source of their own, and compares.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Hex, toHex, utf8 } from "../protocol/bytes.ts";
import { canonicalJson } from "../protocol/details.ts";
import { lastPublished } from "../store/books.ts";
import type { Queries } from "../store/database.ts";
import { deploymentOf } from "../store/deployment.ts";
import { earlierHomes } from "../store/moves.ts";
import { type Charity, charitiesAfter } from "../store/parties.ts";
import { writeWhole } from "./book-files.ts";

export const LEDGER_FORMAT = "amanah-ledger/1";
export const LEDGER_FILE = "ledger.json";

/**
 * `lastBatch` is that of the newest book; chain and contract are null until the ledger is deployed. `earlier` are the
 * contracts that the ledger lived in before, the oldest first: what each keeps stands up to its `lastGoodBatch`.
 */
export type LedgerCard = {
  readonly format: typeof LEDGER_FORMAT;
  readonly ledger: Hex;
  readonly chainId: number | null;
  readonly contract: Hex | null;
  readonly earlier: readonly {
    readonly chainId: number;
    readonly contract: Hex;
    readonly lastGoodBatch: string;
  }[];
  readonly charities: readonly {
    readonly registration: string;
    readonly name: string;
    readonly website: string | null;
    readonly signer: Hex | null;
    readonly payee: Hex | null;
  }[];
  readonly lastBatch: string | null;
};

/** Writes the file where it is not as it should be; false when it is. */
export async function writeLedgerCard(sql: Queries, ledger: Uint8Array, folder: string): Promise<boolean> {
  const path = join(folder, LEDGER_FILE);
  const text = canonicalJson(await ledgerCard(sql, ledger));
  if ((await readFile(path, "utf8").catch(() => null)) === text) return false;
  await writeWhole(path, (write) => write(pieces(text)));
  return true;
}

async function* pieces(text: string): AsyncGenerator<Uint8Array> {
  yield utf8(text);
}

async function ledgerCard(sql: Queries, ledger: Uint8Array): Promise<LedgerCard> {
  const [deployment, last] = [await deploymentOf(sql), await lastPublished(sql)];
  return {
    format: LEDGER_FORMAT,
    ledger: toHex(ledger),
    chainId: deployment === undefined ? null : Number(deployment.chain_id),
    contract: deployment === undefined ? null : toHex(deployment.contract),
    earlier: (await earlierHomes(sql)).map(({ from_chain, from_contract, last_good_batch }) => ({
      chainId: Number(from_chain),
      contract: toHex(from_contract),
      lastGoodBatch: `${last_good_batch}`,
    })),
    charities: (await allCharities(sql)).map(({ registration, name, website, signer, payee }) => ({
      registration,
      name,
      website,
      signer: signer && toHex(signer),
      payee: payee && toHex(payee),
    })),
    lastBatch: last === null ? null : `${last}`,
  };
}

const CHARITIES_AT_ONCE = 1_000;

async function allCharities(sql: Queries): Promise<Charity[]> {
  const all: Charity[] = [];
  for (;;) {
    const page = await charitiesAfter(sql, all.at(-1)?.registration ?? "", CHARITIES_AT_ONCE);
    all.push(...page);
    if (page.length < CHARITIES_AT_ONCE) return all;
  }
}
