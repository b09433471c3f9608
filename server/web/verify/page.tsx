// /verify and /r/{id}: a receipt, checked in the visitor's own browser.

import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useParams } from "wouter";
import { useLocationProperty } from "wouter/use-browser-location";
import { isUnknown } from "../api/client.ts";
import { Failed, Loading } from "../shell/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { keyIn, linkIn } from "./link.ts";
import { TEXTS } from "./needs.ts";
import { Doors } from "./open/doors.tsx";
import { type Opened, openText, otherThan } from "./open/opened.ts";
import { isWrongKey, type ServedReceipt, useReceipt } from "./queries.ts";
import { useReasonsAhead } from "./reason.tsx";
import { Result } from "./result.tsx";
import "./verify.css";

export default function VerifyPage() {
  const { id } = useParams();
  const { t } = useTranslation(TEXTS);
  const [brought, setBrought] = useState<Opened>();
  const [elsewhere, setElsewhere] = useState<string>();
  const [, go] = useLocation();
  useTitle(t("title"));

  const take = (text: string) => {
    const link = linkIn(text);
    setElsewhere(link !== null && link.origin !== window.location.origin ? text.trim() : undefined);
    if (link === null) return setBrought(openText(text));
    if (link.origin !== window.location.origin) return;
    setBrought(undefined);
    go(`/r/${link.id}${link.key === null ? "" : `#${link.key}`}`);
  };

  const isAtLink = id !== undefined && brought === undefined;
  useReasonsAhead(!isAtLink);
  const doors = (
    <Doors onText={take} note={elsewhere === undefined ? null : <Elsewhere link={elsewhere} />} />
  );
  return (
    <div className="verify">
      <h1>{t("title")}</h1>
      {isAtLink ? <AtLink key={id} id={id} /> : null}
      {brought === undefined ? null : <Result key={brought.number} opened={brought} served={null} />}
      {isAtLink || brought !== undefined ? (
        <details className="another">
          <summary>{t("open.another")}</summary>
          {doors}
        </details>
      ) : (
        <>
          <p className="lead">{t("lead")}</p>
          {doors}
        </>
      )}
    </div>
  );
}

/** Never opened unasked: whoever made the code may have meant another site. */
const Elsewhere = ({ link }: { link: string }) => {
  const { t } = useTranslation("verify");
  return (
    <p role="alert">
      {t("open.elsewhere", { host: new URL(link).host })} <a href={link}>{t("open.goThere")}</a>
    </p>
  );
};

/**
 * The key stands in the fragment, which browsers send nowhere; the visitor may keep the address with it. A link that is pasted
 * here changes it without the browser's saying so.
 */
const useKey = (): string | null => keyIn(useLocationProperty(() => window.location.hash));

function AtLink({ id }: { id: string }) {
  const { t } = useTranslation("verify");
  const key = useKey();
  const [wrongKey, goWithout] = useState<string | null>(null);
  const query = useReceipt(id, key === wrongKey ? null : key);
  const { data, error } = query;
  const other = data === undefined ? null : otherThan(id, data);
  if (other !== null) return <OtherReceipt came={other} />;
  if (data !== undefined) return <Served served={data} />;
  if (query.isPending) return <Loading />;
  if (isWrongKey(error))
    return (
      <section className="verdict invalid" role="alert">
        <h2>{t("wrongKey.title")}</h2>
        <p>{t("wrongKey.why")}</p>
        <button type="button" onClick={() => goWithout(key)}>
          {t("wrongKey.without")}
        </button>
      </section>
    );
  return <Failed error={error} {...(isUnknown(error) ? {} : { retry: () => void query.refetch() })} />;
}

/** Not the receipt that was asked for, however genuine it may be. */
function OtherReceipt({ came }: { came: string }) {
  const { t } = useTranslation("verify");
  return (
    <section className="verdict invalid" role="alert">
      <div>
        <h2>{t("otherReceipt.title")}</h2>
        <p className="hash">{t("otherReceipt.why", { came })}</p>
      </div>
    </section>
  );
}

function Served({ served }: { served: ServedReceipt }) {
  // What became of the money is told anew with each look: what was read of the receipt holds all the same.
  const proof = JSON.stringify({ ...served, status: null });
  const { number } = useMemo(() => openText(proof), [proof]);
  const opened = useMemo(() => ({ number, text: JSON.stringify(served, null, 2) }), [number, served]);
  return <Result opened={opened} served={served} />;
}
