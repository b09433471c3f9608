// One thing that was bought, in the form: what, how many, of which measure.

import { useTranslation } from "react-i18next";
import type { Wrong } from "./checks.ts";
import type { ThingDraft } from "./draft.ts";
import { TextField } from "./field.tsx";

const MOST = { what: 200, count: 22, measure: 60 };

type Props = {
  readonly thing: ThingDraft;
  /** The beginning of its fields' names: "parts.0.bought.0". */
  readonly at: string;
  readonly wrong: Wrong;
  readonly change: (thing: ThingDraft) => void;
  readonly remove: (() => void) | undefined;
};

export function ThingFields({ thing, at, wrong, change, remove }: Props) {
  const { t } = useTranslation("charity-desk");
  const fieldOf = (name: keyof typeof MOST) => ({
    label: t(`report.${name}`),
    field: `${at}.${name}`,
    most: MOST[name],
    value: thing[name],
    onChange: (value: string) => change({ ...thing, [name]: value }),
    wrong,
  });
  return (
    <div className="row thing">
      <TextField {...fieldOf("count")} isNumber />
      <TextField {...fieldOf("measure")} />
      <TextField {...fieldOf("what")} />
      {remove && (
        <button type="button" onClick={remove}>
          {t("report.removeThing")}
        </button>
      )}
    </div>
  );
}
