// What the resources are given to work with. Nothing here talks to the chain: reads must survive a dead endpoint.

import type { Logger } from "pino";
import type { Ingest } from "../ingest/ingest.ts";
import type { Settings } from "../settings.ts";
import type { Database } from "../store/database.ts";
import type { Ledger } from "../store/ledger.ts";
import type { Proofs } from "../store/proofs.ts";

export type Services = {
  readonly sql: Database;
  readonly ledger: Ledger;
  readonly ingest: Ingest;
  readonly proofs: Proofs;
  readonly settings: Settings;
  readonly log: Logger;
};
