// The shop's badge as it is seen elsewhere, and the line of HTML to copy.

import { useTranslation } from "react-i18next";
import type { Language } from "../../programmes/languages.ts";
import { inPath } from "../api/client.ts";
import { CopyButton } from "../shell/copy-button.tsx";
import { useWords } from "../units/use-words.ts";
import type { Merchant } from "./queries.ts";
import { FORMS, type Form, snippetOf } from "./snippets.ts";

export function BadgeSnippet({ merchant: { id, name } }: { merchant: Merchant }) {
  const { t } = useTranslation("merchant");
  const { language } = useWords();
  const alt = t("badge.alt", { name });
  return (
    <section aria-labelledby="badge">
      <h2 id="badge">{t("badge.title")}</h2>
      <p>{t("badge.what")}</p>
      <img className="badge" src={`/badges/${inPath(id)}.svg?lang=${language}`} alt={alt} />
      {FORMS.map((form) => (
        <Snippet
          key={form}
          form={form}
          text={snippetOf(form, window.location.origin, id, language as Language, alt)}
        />
      ))}
    </section>
  );
}

function Snippet({ form, text }: { form: Form; text: string }) {
  const { t } = useTranslation("merchant");
  return (
    <div className="snippet">
      <p>{t(`badge.${form}`)}</p>
      <code className="hash">{text}</code>
      <CopyButton text={text} copied={t("badge.copied")} notCopied={t("badge.notCopied")}>
        {t("badge.copy")}
        <span className="unseen"> ({t(`badge.${form}Name`)})</span>
      </CopyButton>
    </div>
  );
}
