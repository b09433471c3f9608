// Every public table that is exported. Only what the API tells anyone is in them: no receipt's private part, no donor, no
// merchant's turnover.

import { batches, challenges, documents, notices, statements } from "./export-ledger-tables.ts";
import {
  acknowledgements,
  disbursements,
  lineDays,
  lines,
  outcomes,
  payouts,
} from "./export-money-tables.ts";
import { charities, merchantDays, merchants, pledgeAcceptances, pledges } from "./export-party-tables.ts";
import type { ExportTable } from "./export-table.ts";

/** All of them, in the order in which they are listed. */
export const EXPORT_TABLES: readonly ExportTable[] = [
  batches,
  statements,
  notices,
  documents,
  lines,
  lineDays,
  payouts,
  acknowledgements,
  disbursements,
  outcomes,
  charities,
  merchants,
  merchantDays,
  pledges,
  pledgeAcceptances,
  challenges,
];
