// What a page shows when it has nothing to show yet, or cannot: loading, nothing there, refused, no connection.

import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { isUnknown, NoAnswer } from "../api/client.ts";
import { useTitle } from "./use-title.ts";

export function Loading() {
  const { t } = useTranslation("shell");
  return (
    <p className="state" role="status">
      {t("states.loading")}
    </p>
  );
}

export function Nothing({ children }: { children: ReactNode }) {
  return <p className="state">{children}</p>;
}

export function NothingHere() {
  const { t } = useTranslation("shell");
  useTitle(t("states.nothingHere"));
  return (
    <section className="state">
      <h1>{t("states.nothingHere")}</h1>
      <p>{t("states.nothingHereWhy")}</p>
    </section>
  );
}

export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation("shell");
  if (isUnknown(error)) return <NothingHere />;
  const isSilent = error instanceof NoAnswer;
  return (
    <section className="state failed" role="alert">
      <h2>{t(isSilent ? "states.noAnswer" : "states.failed")}</h2>
      <p>{isSilent ? t("states.noAnswerWhy") : error instanceof Error ? error.message : String(error)}</p>
      {retry && (
        <button type="button" onClick={retry}>
          {t("states.retry")}
        </button>
      )}
    </section>
  );
}

/** The states of something that is asked for, and the page itself once it is there. */
export function Asked<Answer>({
  query,
  children,
}: {
  query: UseQueryResult<Answer>;
  children: (answer: Answer) => ReactNode;
}) {
  if (query.data !== undefined) return children(query.data);
  if (query.isPending) return <Loading />;
  return <Failed error={query.error} retry={() => void query.refetch()} />;
}
