// /steps: how steps are counted, how many were donated to whom, what was held, and who turns them into money.

import { useTranslation } from "react-i18next";
import { useTitle } from "../shell/use-title.ts";
import { Donated } from "./donated.tsx";
import { Held } from "./held.tsx";
import { Pools } from "./pools.tsx";
import { CountingRules } from "./rules.tsx";
import "./steps.css";

const SECTIONS = [
  ["donated", Donated],
  ["pools", Pools],
  ["rules", CountingRules],
  ["held", Held],
] as const;

export default function StepsPage() {
  const { t } = useTranslation("steps");
  useTitle(t("title"));
  return (
    <>
      <h1>{t("title")}</h1>
      <p>{t("what")}</p>
      {SECTIONS.map(([name, Section]) => (
        <section key={name} aria-labelledby={`steps-${name}`}>
          <h2 id={`steps-${name}`}>{t(`${name}.title`)}</h2>
          <Section />
        </section>
      ))}
    </>
  );
}
