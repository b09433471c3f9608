// Whose session it is, until when, and its end.

import { useTranslation } from "react-i18next";
import { useWords } from "../../units/use-words.ts";
import { useDesk } from "./context.ts";
import { signOut } from "./session.ts";

export function SignedIn() {
  const { t } = useTranslation("charity-desk");
  const { time } = useWords();
  const { charity, session, end } = useDesk();
  const { expiresAt } = session;
  const leave = () => {
    end();
    void signOut(session);
  };
  return (
    <p className="signed-in" role="status">
      {expiresAt === null
        ? t("signedIn.byKey", { name: charity.name })
        : t("signedIn.until", { name: charity.name, time: time(expiresAt) })}{" "}
      <button type="button" onClick={leave}>
        {t("signedIn.out")}
      </button>
    </p>
  );
}
