// The documents that the batch timestamps: named where they are public, counted where only their hash is.

import { useTranslation } from "react-i18next";
import { useWords } from "../units/use-words.ts";
import { isPublished, noticesByKind } from "./notices-by-kind.ts";
import type { Notice, WholeBatch } from "./queries.ts";

const MOST_LINKS = 20;

export function Notices({ batch: { notices } }: { batch: WholeBatch }) {
  const { t } = useTranslation("batches");
  const groups = noticesByKind(notices);
  if (groups.length === 0) return null;
  return (
    <section aria-labelledby="notices">
      <h2 id="notices">{t("notices.title")}</h2>
      <p className="quiet">{t("notices.what")}</p>
      <ul className="notices">
        {groups.map(({ kind, own }) => (
          <NoticesOfKind key={kind} kind={kind} own={own} />
        ))}
      </ul>
    </section>
  );
}

function NoticesOfKind({ kind, own }: { kind: string; own: readonly Notice[] }) {
  const { t, i18n } = useTranslation("batches");
  const { count } = useWords();
  const facts = { count: own.length, shown: count(own.length), kind };
  const isKnown = i18n.exists(`batches:notices.kinds.${kind}_other`);
  return (
    <li>
      {isKnown ? t(`notices.kinds.${kind}`, facts) : t("notices.otherKind", facts)}
      {isPublished(kind) && (
        <ul>
          {own.slice(0, MOST_LINKS).map(({ content }) => (
            <li key={content}>
              <a href={`/v1/documents/${content}`} className="hash">
                {content}
              </a>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}
