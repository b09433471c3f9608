// One field of a form: its name, what is written in it, and what is wrong with it.

import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import type { Wrong } from "./checks.ts";

/** What an input is given, so that those who hear the page know what is wrong with it. */
export type InputProps = {
  readonly id: string;
  readonly name: string;
  readonly "aria-invalid": boolean;
  readonly "aria-describedby": string | undefined;
};

type Props = {
  readonly label: string;
  /** As the API names it. */
  readonly field: string;
  readonly wrong: Wrong;
  readonly children: (input: InputProps) => ReactNode;
};

export function Field({ label, field, wrong, children }: Props) {
  const { t } = useTranslation("charity-desk");
  const id = useId();
  const fault = wrong.get(field);
  const input = {
    id,
    name: field,
    "aria-invalid": fault !== undefined,
    "aria-describedby": fault && `${id}-wrong`,
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children(input)}
      {fault && (
        <p id={`${id}-wrong`} className="wrong">
          {t([`report.wanted.${fault.about}`, "report.wanted.other"])}
          {fault.says !== null && <span className="quiet small"> {fault.says}</span>}
        </p>
      )}
    </div>
  );
}

type TextProps = Omit<Props, "children"> & {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly most: number;
  readonly isNumber?: boolean;
};

export const TextField = ({ value, onChange, most, isNumber = false, ...field }: TextProps) => (
  <Field {...field}>
    {(input) => (
      <input
        {...input}
        value={value}
        maxLength={most}
        inputMode={isNumber ? "decimal" : "text"}
        autoComplete="off"
        onChange={({ target }) => onChange(target.value)}
      />
    )}
  </Field>
);
