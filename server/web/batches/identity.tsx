// What the batch is known by: its root, where that is recorded on the chain, the root before it, and its book.

import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { bytesText } from "../units/bytes.ts";
import { useWords } from "../units/use-words.ts";
import { previousOf } from "./notices-by-kind.ts";
import { bookPath, hasBook, useBookBytes, type WholeBatch } from "./queries.ts";

export function Identity({ batch }: { batch: WholeBatch }) {
  const { t } = useTranslation("batches");
  const { count } = useWords();
  const { root, transaction, block } = batch;
  return (
    <section aria-labelledby="identity">
      <h2 id="identity">{t("identity.title")}</h2>
      <dl className="identity">
        <Entry name={t("identity.root")}>{root === null ? t("identity.noRoot") : <Hash of={root} />}</Entry>
        <Entry name={t("identity.transaction")}>
          {transaction === null ? t("identity.notSent") : <Hash of={transaction} />}
        </Entry>
        {block !== null && <Entry name={t("identity.block")}>{count(block)}</Entry>}
        <Previous batch={batch} />
        <Entry name={t("identity.book")}>
          <Book batch={batch} />
        </Entry>
      </dl>
    </section>
  );
}

const Entry = ({ name, children }: { name: string; children: ReactNode }) => (
  <>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </>
);

const Hash = ({ of }: { of: string }) => <code className="hash">{of}</code>;

function Previous({ batch: { number, notices } }: { batch: WholeBatch }) {
  const { t } = useTranslation("batches");
  const { count } = useWords();
  const previous = previousOf(notices);
  if (previous === undefined) return null;
  const before = BigInt(number) - 1n;
  return (
    <Entry name={t(before === 0n ? "identity.ledger" : "identity.previous")}>
      <Hash of={previous.content} />
      {before > 0n && (
        <>
          {" "}
          <Link href={`/batches/${before}`}>{t("number", { number: count(before) })}</Link>
        </>
      )}
    </Entry>
  );
}

function Book({ batch }: { batch: WholeBatch }) {
  const { t } = useTranslation("batches");
  const { language } = useWords();
  const { data: bytes } = useBookBytes(batch);
  if (!hasBook(batch)) return t("identity.noBook");
  return (
    <>
      <a href={bookPath(batch.number)} download>
        {batch.number}.arrow
      </a>
      {bytes !== undefined && ` (${bytesText(bytes, language)})`}
      <p className="quiet">{t("identity.bookHolds")}</p>
    </>
  );
}
