// Why something was not done, in plain words, and the way back.

import { useTranslation } from "react-i18next";
import { AmanahError, UnavailableError } from "../../../errors.ts";
import { isRefused, NoAnswer, type RefusedByService } from "../../api/client.ts";
import { isRejected } from "./wallet.ts";

/** Refusals of the service that have words of their own here. */
const KNOWN = [
  "wrong-signature",
  "unknown-signer",
  "unknown-key",
  "wrong-subject",
  "wrong-role",
  "wrong-signer",
  "wrong-domain",
  "wrong-uri",
  "expired",
  "old-nonce",
  "no-contract",
  "no-signer",
  "nothing-to-sign",
  "stale-acknowledgement",
  "stale-report",
  "refused-by-contract",
] as const;

type Why = { readonly key: string; readonly says: string | null };

function whyOf(error: unknown): Why {
  if (isRejected(error)) return { key: "rejected", says: null };
  if (error instanceof NoAnswer) return { key: "noAnswer", says: null };
  if (error instanceof UnavailableError) return { key: "noEndpoint", says: error.message };
  if (isRefused(error)) return { key: keyOf(error), says: error.message };
  if (error instanceof AmanahError) return { key: "differs", says: error.message };
  return { key: "other", says: firstLine(error) };
}

const keyOf = ({ code }: RefusedByService): string =>
  (KNOWN as readonly string[]).includes(code) ? `code.${code}` : "refused";

/** Wallets' libraries tell the whole of a request behind the first line. */
const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";

export function NotDone({ error, again }: { error: unknown; again?: () => void }) {
  const { t } = useTranslation("charity-desk");
  const { key, says } = whyOf(error);
  return (
    <div className="not-done" role="alert">
      <p>{t(`failure.${key}`)}</p>
      {says !== null && <p className="quiet small">{says}</p>}
      {again && (
        <button type="button" onClick={again}>
          {t("failure.again")}
        </button>
      )}
    </div>
  );
}
