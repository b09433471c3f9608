// One part of a report in the form: the project, the place, what was bought, and how much of the money it took.

import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { COUNTRY_CODES } from "../../../programmes/countries.ts";
import { useWords } from "../../units/use-words.ts";
import { countryName } from "../names.ts";
import type { Wrong } from "./checks.ts";
import { emptyThing, nextId, type PartDraft, type ThingDraft } from "./draft.ts";
import { Field, TextField } from "./field.tsx";
import { ThingFields } from "./thing-fields.tsx";

const MOST = { text: 200, note: 2_000, amount: 25, people: 11 };

type Props = {
  readonly part: PartDraft;
  /** The beginning of its fields' names: "parts.0". */
  readonly at: string;
  readonly wrong: Wrong;
  readonly change: (part: PartDraft) => void;
};

export function PartFields({ part, at, wrong, change }: Props) {
  const { t } = useTranslation("charity-desk");
  return (
    <>
      <TextField
        label={t("report.project")}
        field={`${at}.project`}
        most={MOST.text}
        value={part.project}
        onChange={(project) => change({ ...part, project })}
        wrong={wrong}
      />
      <div className="row">
        <CountryField {...{ part, at, wrong, change }} />
        <TextField
          label={t("report.placeName")}
          field={`${at}.place.name`}
          most={MOST.text}
          value={part.place}
          onChange={(place) => change({ ...part, place })}
          wrong={wrong}
        />
      </div>
      <Things {...{ part, at, wrong, change }} />
      <TextField
        label={t("report.people")}
        field={`${at}.beneficiaries`}
        most={MOST.people}
        value={part.people}
        onChange={(people) => change({ ...part, people })}
        wrong={wrong}
        isNumber
      />
      <Field label={t("report.note")} field={`${at}.note`} wrong={wrong}>
        {(input) => (
          <textarea
            {...input}
            rows={2}
            maxLength={MOST.note}
            value={part.note}
            onChange={({ target }) => change({ ...part, note: target.value })}
          />
        )}
      </Field>
    </>
  );
}

export function AmountField({ part, at, wrong, change, unit }: Props & { readonly unit: string }) {
  const { t } = useTranslation("charity-desk");
  return (
    <TextField
      label={t("report.amount", { unit })}
      field={`${at}.upTo`}
      most={MOST.amount}
      value={part.amount}
      onChange={(amount) => change({ ...part, amount })}
      wrong={wrong}
      isNumber
    />
  );
}

function CountryField({ part, at, wrong, change }: Props) {
  const { t } = useTranslation("charity-desk");
  const { language } = useWords();
  const countries = useMemo(() => countriesIn(language), [language]);
  return (
    <Field label={t("report.country")} field={`${at}.place.country`} wrong={wrong}>
      {(input) => (
        <select
          {...input}
          value={part.country}
          onChange={({ target }) => change({ ...part, country: target.value })}
        >
          <option value="">{t("report.chooseCountry")}</option>
          {countries.map(([code, name]) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function countriesIn(language: string): [code: string, name: string][] {
  const { compare } = new Intl.Collator(language);
  return COUNTRY_CODES.map((code): [string, string] => [code, countryName(code, language)]).sort(
    ([, a], [, b]) => compare(a, b),
  );
}

function Things({ part, at, wrong, change }: Props) {
  const { t } = useTranslation("charity-desk");
  const { bought } = part;
  const changeThing = (changed: ThingDraft) =>
    change({ ...part, bought: bought.map((one) => (one.id === changed.id ? changed : one)) });
  const remove = ({ id }: ThingDraft) => change({ ...part, bought: bought.filter((one) => one.id !== id) });
  return (
    <fieldset>
      <legend>{t("report.bought")}</legend>
      {bought.map((thing, index) => (
        <ThingFields
          key={thing.id}
          thing={thing}
          at={`${at}.bought.${index}`}
          wrong={wrong}
          change={changeThing}
          remove={bought.length > 1 ? () => remove(thing) : undefined}
        />
      ))}
      <button
        type="button"
        onClick={() => change({ ...part, bought: [...bought, emptyThing(nextId(bought))] })}
      >
        {t("report.addThing")}
      </button>
    </fieldset>
  );
}
