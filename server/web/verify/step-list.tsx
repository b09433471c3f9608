// How all of it is known: each step of the verification, what it means, whom one believes in it, and what was found.

import { useTranslation } from "react-i18next";
import { Icon } from "./icon.tsx";
import { Reason } from "./reason.tsx";
import { type ShownStep, type Source, shownSteps } from "./steps.ts";
import type { Check } from "./use-check.ts";

export function StepList({ check, isProof }: { check: Check; isProof: boolean }) {
  const { t } = useTranslation("verify");
  const steps = shownSteps(check.verification, isProof, check.isAsking);
  return (
    <section aria-labelledby="steps">
      <h2 id="steps">{t("steps.heading")}</h2>
      <ol className="steps">
        {steps.map((step) => (
          <StepOf key={`${step.step} ${step.says}`} step={step} check={check} />
        ))}
      </ol>
      <Challenge check={check} />
    </section>
  );
}

function StepOf({ step: { step, state, reason, says, source }, check }: { step: ShownStep; check: Check }) {
  const { t } = useTranslation("verify");
  return (
    <li className={`step ${state}`} data-step={step} data-state={state}>
      <Icon sign={state} />
      <div>
        <p>
          <strong>{t(`steps.${step}.title`)}</strong>{" "}
          <span className="state-word">{t(`state.${state}`)}</span>
        </p>
        {reason === null && says === null ? null : (
          <p>
            {reason === null ? t(`steps.${step}.what`) : <Reason check={check} reason={reason} says={says} />}
          </p>
        )}
        {says === null ? null : (
          <details>
            <summary>{t(`by.${byWhom(source, check)}`, { host: check.host ?? "" })}</summary>
            <p lang="en" className="hash">
              {says}
            </p>
          </details>
        )}
      </div>
    </li>
  );
}

/** Whom one believes in a step: nobody, in what was to be read and was not. */
const byWhom = (source: Source, { host, choice }: Check): "here" | "nobody" | "site" | "visitor" =>
  source === "here" ? "here" : host === null ? "nobody" : (choice?.by ?? "site");

/** What the holder of a broken promise can do. */
function Challenge({ check: { verification, choice } }: { check: Check }) {
  const { t } = useTranslation("verify");
  if (verification.reason !== "promise-overdue") return null;
  const [endpoint = "URL"] = choice?.rpcUrls ?? [];
  return (
    <div className="card">
      <p>{t("challenge")}</p>
      <code>
        npm run challenge -- FILE --rpc {endpoint} --contract {choice?.contract ?? "0x…"} --key-file KEY
      </code>
    </div>
  );
}
