// What the resources are given to work with. Nothing here talks to the chain: reads must survive a dead endpoint.

import type { Logger } from "pino";
import type { Ingest } from "../ingest/ingest.ts";
import type { Settings } from "../settings.ts";
import type { Database } from "../store/database.ts";
import type { Ledger } from "../store/ledger.ts";
import type { NoticeFirst } from "../store/notice-first.ts";
import type { Proofs } from "../store/proofs.ts";
import type { CampaignWatch } from "./campaign-watch.ts";
import type { OverviewWatch } from "./overview-watch.ts";

/** The published files, in a folder. A book that is lost is made again when it is asked for. */
export type PublishedFiles = {
  readonly folder: string;
  hasLedgerCard(): Promise<boolean>;
  /** A book's name in the folder and the SHA-256 of its bytes; undefined while its batch is not sealed. */
  book(batch: bigint): Promise<{ readonly name: string; readonly sha256: Buffer } | undefined>;
  /** A public document's name in the folder; undefined when none of this hash is published. */
  document(hash: Uint8Array): Promise<string | undefined>;
};

export type Services = {
  readonly sql: Database;
  readonly ledger: Ledger;
  readonly ingest: Ingest;
  /** Has terms stand in an earlier batch than what follows from them. */
  readonly noticeFirst: NoticeFirst;
  readonly proofs: Proofs;
  readonly books: PublishedFiles;
  readonly overview: OverviewWatch;
  readonly campaigns: CampaignWatch;
  readonly settings: Settings;
  /** An endpoint of the chain that visitors may read, as a hint; null when none is named. */
  readonly publicRpcUrl: string | null;
  readonly log: Logger;
};
