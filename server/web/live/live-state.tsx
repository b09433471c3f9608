// Whether the figures are as they are this second, and if not, of when.

import "./live.css";
import { useTranslation } from "react-i18next";
import { useWords } from "../units/use-words.ts";
import type { Connection } from "./feed.ts";

type Props = {
  readonly connection: Connection;
  readonly heardAt: number | undefined;
  /** Whose texts say it, under `live`. */
  readonly page: string;
};

export function LiveState({ connection, heardAt, page }: Props) {
  const { t } = useTranslation(page);
  const { time } = useWords();
  const since = heardAt === undefined ? "" : time(new Date(heardAt));
  return (
    <p className={`live live-${connection}`} role="status">
      <span className="dot" aria-hidden="true" />
      {t(`live.${connection}`, { since })}
    </p>
  );
}
