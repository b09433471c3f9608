// What surrounds every page: the name, the ways to the other pages, the language, and what nobody proves.

import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import { currentOf } from "./current.ts";
import { LanguageChoice } from "./language-choice.tsx";

const PAGES = ["verify", "programmes", "charities", "merchants", "batches"] as const;

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
          {PAGES.map((page) => (
            <PageLink key={page} page={page} />
          ))}
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

function PageLink({ page }: { page: (typeof PAGES)[number] }) {
  const { t } = useTranslation("shell");
  const [path] = useLocation();
  return (
    <Link href={`/${page}`} aria-current={currentOf(page, path)}>
      {t(`nav.${page}`)}
    </Link>
  );
}
