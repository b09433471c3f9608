// Ingest: single purchases against an Express handler that parses the same body and does nothing; purchases in bulk
// against PostgreSQL's own COPY of the same rows.

import { once } from "node:events";
import { request as startRequest } from "node:http";
import { LOOPBACK } from "../../server/embedded/free-port.ts";
import { connect, type Database } from "../../server/store/database.ts";
import { answerOf, startNode, stopNode } from "./child-process.ts";
import { type Figure, inTurns, perSecond } from "./figures.ts";
import type { LoadAnswer, LoadOrder } from "./load.ts";
import { orderBody } from "./orders.ts";
import { CopyTables } from "./copy-tables.ts";
import { type BenchedService, startService } from "./service.ts";
import type { Stage } from "./stage.ts";

export type IngestOptions = {
  /** Purchases in one bulk upload. */
  readonly size: number;
  /** How long single requests are sent in one round, to each side. */
  readonly seconds: number;
  readonly rounds: number;
  /** Flags for the service's Node. */
  readonly flags: readonly string[];
};

const CONNECTIONS = 64;
