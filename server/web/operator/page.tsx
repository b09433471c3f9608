// /operator: what whoever runs the service has to see and to do. Nothing of it is shown without the operator's key.

import "./operator.css";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useTitle } from "../shell/use-title.ts";
import { Bank } from "./bank.tsx";
import { Challenges } from "./challenges.tsx";
import { Disputes } from "./disputes.tsx";
import { Health } from "./health.tsx";
import { HeldSteps } from "./held-steps.tsx";
import { KeyProvider, keepKey, keptKey } from "./key.ts";
import { KeyForm } from "./key-form.tsx";
import { isOperators } from "./queries.ts";
import { Settlements } from "./settlements.tsx";
import { Webhooks } from "./webhooks.tsx";

export default function OperatorPage() {
  const { t } = useTranslation("operator");
  const [key, setKey] = useState(keptKey);
  const queries = useQueryClient();
  const change = (next: string | null) => {
    keepKey(next);
    queries.removeQueries({ predicate: isOperators });
    setKey(next);
  };
  useTitle(t("title"));
  return (
    <>
      <h1>{t("title")}</h1>
      {key === null ? <KeyForm take={change} /> : <Console operatorKey={key} forget={() => change(null)} />}
    </>
  );
}

function Console({ operatorKey, forget }: { operatorKey: string; forget: () => void }) {
  const { t } = useTranslation("operator");
  return (
    <KeyProvider value={operatorKey}>
      <p>
        <button type="button" onClick={forget}>
          {t("key.forget")}
        </button>
      </p>
      <Health />
      <Settlements />
      <Bank />
      <Challenges />
      <HeldSteps />
      <Disputes />
      <Webhooks />
    </KeyProvider>
  );
}
