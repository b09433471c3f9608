// A report on its way from the form to what is signed: begun, checked here, filed with the service, reviewed.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { decimalOf } from "../../../programmes/currency.ts";
import type { SpendingReport } from "../../../programmes/spending-report.ts";
import { isRefused } from "../../api/client.ts";
import { type Line, moving } from "../queries.ts";
import { checkDraft, NOTHING_WRONG, refusedFields, type Wrong } from "./checks.ts";
import { useDesk } from "./context.ts";
import { type Draft, emptyPart, reportOf } from "./draft.ts";
import { disbursementUnderWay, fileReport, type ToDisburse } from "./signing.ts";

type Filed = Extract<ToDisburse, { taken: null }>;

/** All that is signed for and not reported, in one part; the parts of a draft before are kept. */
function draftOf({ unit, watermarks }: Line, before: Draft | null): Draft {
  const from = BigInt(watermarks.spent);
  const total = decimalOf(BigInt(watermarks.acknowledged) - from, unit);
  return { unit, from, total, parts: before?.parts ?? [emptyPart(0)] };
}

export function useReporting(line: Line) {
  const { charity, session, add } = useDesk();
  const queries = useQueryClient();
  const [draft, setDraft] = useState<Draft | null>(null);
  const [wrong, setWrong] = useState<Wrong>(NOTHING_WRONG);
  const filing = useMutation({
    mutationFn: (report: SpendingReport) => fileReport(charity, report, session),
    onSuccess: (filed) => {
      if (filed.taken !== null) add(disbursementUnderWay(charity, filed.taken));
    },
    onError: (error) => {
      if (!isRefused(error)) return;
      setWrong(refusedFields(error, draft?.parts.length ?? 1));
      // What it contradicts may have moved meanwhile.
      void queries.invalidateQueries({ queryKey: moving(charity.id) });
    },
  });
  const file = (form: HTMLFormElement) => {
    const signed = { acknowledged: BigInt(line.watermarks.acknowledged), spent: (draft as Draft).from };
    const checked = checkDraft(reportOf(draft as Draft), signed);
    setWrong(checked.wrong ?? NOTHING_WRONG);
    if (checked.wrong === undefined) filing.mutate(checked.report);
    else focusFirst(form, checked.wrong);
  };
  return {
    draft,
    change: setDraft,
    wrong,
    filed: filing.data?.taken === null ? (filing.data as Filed) : null,
    /** What is not shown at a field. */
    failure: filing.error,
    isBusy: filing.isPending,
    submit: file,
    begin: () => {
      filing.reset();
      setWrong(NOTHING_WRONG);
      setDraft(draftOf(line, draft));
    },
    edit: () => filing.reset(),
  };
}

/** The first field in the form that something is wrong with. */
function focusFirst(form: HTMLFormElement, wrong: Wrong): void {
  const fields = [...form.elements] as HTMLInputElement[];
  fields.find(({ name }) => wrong.has(name))?.focus();
}
