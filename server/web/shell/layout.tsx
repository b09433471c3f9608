// What surrounds every page: the name, the ways to the other pages, the language, and what nobody proves.

import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { LanguageChoice } from "./language-choice.tsx";

export function Layout({ children }: { children: ReactNode }) {
  const { t } = useTranslation("shell");
  return (
    <>
      <a className="skip" href="#content">
        {t("skip")}
      </a>
      <header className="top">
        <Link href="/" className="brand">
          Amanah
        </Link>
        <nav aria-label={t("nav.label")}>
          <Link href="/verify">{t("nav.verify")}</Link>
          <Link href="/charities">{t("nav.charities")}</Link>
          <Link href="/batches">{t("nav.batches")}</Link>
        </nav>
        <LanguageChoice />
      </header>
      <main id="content">{children}</main>
      <footer>
        <p>{t("footer.notProven")}</p>
        <p>
          <a href="/docs">{t("footer.api")}</a> · <Link href="/operator">{t("footer.operator")}</Link>
        </p>
      </footer>
    </>
  );
}
