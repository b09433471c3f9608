// The form of a report: how much of the money, and the parts that it became.

import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { useWords } from "../../units/use-words.ts";
import type { Wrong } from "./checks.ts";
import { type Draft, emptyPart, nextId, type PartDraft, restOf } from "./draft.ts";
import { TextField } from "./field.tsx";
import { AmountField, PartFields } from "./part-fields.tsx";

const MOST_AMOUNT = 25;

type Props = {
  readonly draft: Draft;
  readonly change: (draft: Draft) => void;
  readonly wrong: Wrong;
  readonly isBusy: boolean;
  readonly submit: (form: HTMLFormElement) => void;
};

export function ReportForm({ draft, change, wrong, isBusy, submit }: Props) {
  const { t } = useTranslation("charity-desk");
  const { unit, total, parts } = draft;
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    submit(event.currentTarget);
  };
  return (
    <form className="report-form" onSubmit={send} noValidate>
      <TextField
        label={t("report.total", { unit })}
        field="upTo"
        most={MOST_AMOUNT}
        value={total}
        onChange={(changed) => change({ ...draft, total: changed })}
        wrong={wrong}
        isNumber
      />
      {parts.map((part, index) => (
        <Part key={part.id} {...{ draft, change, wrong, part, index }} />
      ))}
      <div className="buttons">
        <button
          type="button"
          onClick={() => change({ ...draft, parts: [...parts, emptyPart(nextId(parts))] })}
        >
          {t("report.addPart")}
        </button>
        <button type="submit" className="main" disabled={isBusy}>
          {t("report.review")}
        </button>
      </div>
    </form>
  );
}

type PartProps = Pick<Props, "draft" | "change" | "wrong"> & {
  readonly part: PartDraft;
  readonly index: number;
};

function Part({ draft, change, wrong, part, index }: PartProps) {
  const { t } = useTranslation("charity-desk");
  const { parts, unit } = draft;
  const changePart = (changed: PartDraft) =>
    change({ ...draft, parts: parts.map((one) => (one.id === changed.id ? changed : one)) });
  const fields = { part, at: `parts.${index}`, wrong, change: changePart };
  const isOnly = parts.length === 1;
  return (
    <fieldset className="part">
      <legend>{isOnly ? t("report.onlyPart") : t("report.part", { number: index + 1 })}</legend>
      {index < parts.length - 1 && <AmountField {...fields} unit={unit} />}
      {index === parts.length - 1 && !isOnly && <Rest draft={draft} />}
      <PartFields {...fields} />
      {!isOnly && (
        <button
          type="button"
          onClick={() => change({ ...draft, parts: parts.filter(({ id }) => id !== part.id) })}
        >
          {t("report.removePart")}
        </button>
      )}
    </fieldset>
  );
}

function Rest({ draft }: Pick<Props, "draft">) {
  const { t } = useTranslation("charity-desk");
  const { amount } = useWords();
  const rest = restOf(draft);
  return (
    <p>
      {rest === undefined ? t("report.restOpen") : t("report.rest", { amount: amount(rest, draft.unit) })}
    </p>
  );
}
