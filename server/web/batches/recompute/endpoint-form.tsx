// With which contract a recomputed root is compared, and at which endpoint that is read: what the visitor trusts.

import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { isContract, isEndpoint } from "../../ledger/choice.ts";
import type { useLedgerChoice } from "../../ledger/use-ledger.ts";

type Props = {
  readonly ledger: ReturnType<typeof useLedgerChoice>;
  /** Whether nothing could be compared as things are: then it stands open. */
  readonly isAsked: boolean;
};

export function EndpointForm({ ledger: { choice, own, choose }, isAsked }: Props) {
  const { t } = useTranslation("batches");
  const [contract, setContract] = useState(own?.contract ?? choice?.contract ?? "");
  const [url, setUrl] = useState(choice?.rpcUrls[0] ?? "");
  const isFit = isContract(contract) && isEndpoint(url);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isContract(contract) && isEndpoint(url)) choose({ contract, rpcUrls: [url] });
  };
  return (
    <details className="endpoint" open={isAsked}>
      <summary>
        {t(`endpoint.by.${choice?.by ?? "nobody"}`)}
        {choice !== null && <code className="hash"> {choice.contract}</code>}
      </summary>
      <form onSubmit={submit}>
        <p className="quiet">{t("endpoint.why")}</p>
        <label>
          {t("endpoint.contract")}
          <input
            value={contract}
            onChange={({ target }) => setContract(target.value.trim())}
            placeholder="0x…"
          />
        </label>
        <label>
          {t("endpoint.url")}
          <input
            type="url"
            value={url}
            onChange={({ target }) => setUrl(target.value.trim())}
            placeholder="https://…"
          />
        </label>
        <button type="submit" disabled={!isFit}>
          {t("endpoint.compare")}
        </button>
      </form>
    </details>
  );
}
