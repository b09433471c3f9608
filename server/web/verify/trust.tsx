// Whom one believes here: which contract, read where, and who named them; what nobody proves; and the form to choose oneself.

import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { toHex } from "../../protocol/bytes.ts";
import type { OwnChoice } from "../ledger/choice.ts";
import { Boundary } from "../shell/boundary.tsx";
import { Loading } from "../shell/states.tsx";
import { notProven } from "./steps.ts";
import type { Check } from "./use-check.ts";

const ChoiceForm = lazy(() => import("../ledger/choice-form.tsx"));

type Props = {
  readonly check: Check;
  readonly own: OwnChoice | undefined;
  readonly choose: (choice: OwnChoice) => void;
};

export function Trust({ check, own, choose }: Props) {
  const { t } = useTranslation("verify");
  const [isOpen, setOpen] = useState(false);
  const { choice, verification } = check;
  const named = verification.file === null ? null : toHex(verification.file.ledger.contract);
  return (
    <section className="card" aria-labelledby="trust">
      <h2 id="trust">{t("trust.heading")}</h2>
      <dl className="trust">
        <div>
          <dt>{t("trust.contract")}</dt>
          <dd>
            <code>{choice?.contract ?? t("trust.none")}</code>{" "}
            {choice === null ? null : t(`trust.by.${choice.by}`)}
          </dd>
        </div>
        <div>
          <dt>{t("trust.endpoint")}</dt>
          <dd>
            <code>{choice?.rpcUrls.join(", ") || t("trust.none")}</code>{" "}
            {choice === null || choice.rpcUrls.length === 0
              ? null
              : t(`trust.by.${(own?.rpcUrls.length ?? 0) > 0 ? "visitor" : "site"}`)}
          </dd>
        </div>
      </dl>
      {choice?.by === "visitor" ? null : <p>{t("trust.hint")}</p>}
      {check.ground === "demonstration" ? <p>{t("trust.demonstration")}</p> : null}
      {choice === null && named !== null ? <p>{t("trust.fileNames", { contract: named })}</p> : null}
      <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {t("trust.choose")}
      </button>
      {isOpen && own !== undefined ? (
        <Boundary>
          <Suspense fallback={<Loading />}>
            <ChoiceForm own={own} onChoose={choose} />
          </Suspense>
        </Boundary>
      ) : null}
      <h3>{t("notProven.heading")}</h3>
      <ul>
        {notProven(verification).map((what) => (
          <li key={what}>{t(`notProven.${what}`)}</li>
        ))}
      </ul>
    </section>
  );
}
