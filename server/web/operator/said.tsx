// What became of something that was asked for. Whoever asked is led here: what they pressed may be gone.

import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { isRefused, NoAnswer } from "../api/client.ts";

export function Said({ children }: { children: ReactNode }) {
  const shown = useRef<HTMLParagraphElement>(null);
  useEffect(() => shown.current?.focus(), []);
  return (
    <p ref={shown} className="said" role="status" tabIndex={-1}>
      {children}
    </p>
  );
}

/** What has ended here, each thing once: as it has ended last. */
export function useEnded<Ended>(nameOf: (ended: Ended) => string) {
  const [ended, end] = useState<readonly Ended[]>([]);
  const tell = (last: Ended) => end((all) => [...all.filter((one) => nameOf(one) !== nameOf(last)), last]);
  return { ended, tell };
}

/** Why it was not done: in the reader's language where the reason has a name; else as the service has put it. */
export function NotDone({ error }: { error: unknown }) {
  const { t } = useTranslation("operator");
  return (
    <p className="failed" role="alert">
      {error instanceof NoAnswer ? t("notDone.noAnswer") : <Refused error={error} />}
    </p>
  );
}

function Refused({ error }: { error: unknown }) {
  const { t } = useTranslation("operator");
  const named = isRefused(error) ? t(`notDone.${error.code}`, { defaultValue: "" }) : "";
  if (named !== "") return named;
  return <span lang="en">{error instanceof Error ? error.message : String(error)}</span>;
}
