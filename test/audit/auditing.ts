// Runs audits in tests, in this process, and tells what they found.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FindingCode } from "../../scripts/audit/catalogue.ts";
import { NO_PROGRESS } from "../../scripts/audit/progress.ts";
import type { AuditReport } from "../../scripts/audit/report.ts";
import { type AuditOptions, audit } from "../../scripts/audit/run.ts";
import type { AuditLedger } from "./ledger.ts";

export async function auditOf(
  ledger: Pick<AuditLedger, "contract" | "books">,
  rpc: string,
  more: Partial<AuditOptions> = {},
): Promise<AuditReport> {
  const state = more.state ?? (await mkdtemp(join(tmpdir(), "amanah-audit-state-")));
  try {
    return await audit({
      ...{
        rpc,
        contract: ledger.contract.toLowerCase() as AuditOptions["contract"],
        books: ledger.books,
        state,
      },
      ...{ fromBlock: 0n, signers: null, merchants: [], orders: null, workers: 1, resume: true },
      ...{ signal: new AbortController().signal, progress: NO_PROGRESS },
      ...more,
    });
  } finally {
    if (more.state === undefined) await rm(state, { recursive: true, force: true });
  }
}

export const codesOf = ({ counts }: Pick<AuditReport, "counts">): FindingCode[] =>
  counts.map(({ code }) => code).sort();

/** The codes found at a charity or a batch. */
export function codesAt(
  { findings }: AuditReport,
  place: { charity?: string; batch?: bigint },
): FindingCode[] {
  const here = findings.filter(
    ({ charity, batch }) =>
      (place.charity === undefined || charity === place.charity) &&
      (place.batch === undefined || batch === `${place.batch}`),
  );
  return [...new Set(here.map(({ code }) => code))].sort();
}
