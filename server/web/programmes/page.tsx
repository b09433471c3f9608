// /programmes: the ways in which gifts come about, and where each is told.

import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useTitle } from "../shell/use-title.ts";
import "./programmes.css";

const PROGRAMMES = [
  ["goodsForGood", "/merchants"],
  ["charityShops", "/shops"],
  ["threeHours", "/activities"],
  ["steps", "/steps"],
  ["campaigns", "/campaigns"],
  ["reports", "/reports"],
  ["data", "/data"],
] as const;

export default function ProgrammesPage() {
  const { t } = useTranslation("programmes");
  useTitle(t("title"));
  return (
    <>
      <h1>{t("title")}</h1>
      <p>{t("what")}</p>
      <ul className="programmes">
        {PROGRAMMES.map(([programme, path]) => (
          <li key={programme}>
            <h2>
              <Link href={path}>{t(`${programme}.name`)}</Link>
            </h2>
            <p>{t(`${programme}.what`)}</p>
          </li>
        ))}
      </ul>
    </>
  );
}
