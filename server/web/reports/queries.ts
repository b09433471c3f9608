// What the pages of reports ask the service for. A report never changes; of the batch that timestamps it the page looks again
// until it is final.

import { useQuery } from "@tanstack/react-query";
import type { PhilanthropyReport } from "../../programmes/philanthropy/report.ts";
import { toHex, utf8 } from "../../protocol/bytes.ts";
import { canonicalJson } from "../../protocol/details.ts";
import { keccak } from "../../protocol/hash.ts";
import { get, inPath } from "../api/client.ts";
import { usePages } from "../api/use-pages.ts";

export type ReportEntry = {
  readonly number: string;
  readonly hash: string;
  readonly from: string;
  readonly upTo: string;
  readonly batch: string;
  readonly madeAt: string;
};

const REPORTS_A_PAGE = 25;
const LOOK_AGAIN_MS = 3_000;

export const useReports = () => usePages<ReportEntry>("/v1/philanthropy-reports", REPORTS_A_PAGE);

/** A report, and whether what came hashes to its name: reckoned here, whatever the site says. */
export type Read = { readonly report: PhilanthropyReport; readonly isItsHash: boolean };

export const useReport = (hash: string) =>
  useQuery({
    queryKey: ["report", hash],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }): Promise<Read> => {
      const report = await get<PhilanthropyReport>(`/v1/philanthropy-reports/${inPath(hash)}`, { signal });
      const digest = keccak(utf8(canonicalJson(report)));
      return { report, isItsHash: toHex(digest) === hash.toLowerCase() };
    },
  });

export type Notice = { readonly batch: string; readonly state: string };

export const useNotice = (hash: string) =>
  useQuery({
    queryKey: ["report-notice", hash],
    queryFn: ({ signal }) => get<Notice>(`/v1/documents/${inPath(hash)}/notice`, { signal }),
    refetchInterval: ({ state: { data } }) => (data?.state === "final" ? false : LOOK_AGAIN_MS),
  });
