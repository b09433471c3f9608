// The form with which a visitor chooses the contract that they believe, and the endpoints at which they read it. What they leave
// empty stays as the site says.

import "./choice-form.css";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { isContract, isEndpoint, type OwnChoice } from "./choice.ts";

type Fault = "contract" | "endpoints";

type Props = { readonly own: OwnChoice; readonly onChoose: (choice: OwnChoice) => void };

export default function ChoiceForm({ own, onChoose }: Props) {
  const { t } = useTranslation("ledger");
  const [contract, setContract] = useState<string>(own.contract ?? "");
  const [endpoints, setEndpoints] = useState(own.rpcUrls.join("\n"));
  const [faults, setFaults] = useState<readonly Fault[]>([]);
  const [isKept, setKept] = useState(false);
  const keep = (event: FormEvent) => {
    event.preventDefault();
    const { choice, wrong } = read(contract, endpoints);
    setFaults(wrong);
    setKept(wrong.length === 0);
    if (wrong.length === 0) onChoose(choice);
  };
  const reset = () => {
    setContract("");
    setEndpoints("");
    setFaults([]);
    setKept(false);
    onChoose({ contract: null, rpcUrls: [] });
  };
  return (
    <form className="choice" onSubmit={keep} noValidate>
      <Field name="contract" value={contract} onChange={setContract} isWrong={faults.includes("contract")} />
      <Field
        name="endpoints"
        value={endpoints}
        onChange={setEndpoints}
        isWrong={faults.includes("endpoints")}
      />
      <div className="ways">
        <button type="submit" className="main">
          {t("keep")}
        </button>
        <button type="button" onClick={reset}>
          {t("reset")}
        </button>
      </div>
      <p role="status">{isKept ? t("kept") : null}</p>
    </form>
  );
}

function read(contract: string, endpoints: string): { choice: OwnChoice; wrong: readonly Fault[] } {
  const address = contract.trim();
  const urls = endpoints.split(/\s+/).filter((url) => url !== "");
  const wrong: Fault[] = [];
  if (address !== "" && !isContract(address)) wrong.push("contract");
  if (!urls.every(isEndpoint)) wrong.push("endpoints");
  return { choice: { contract: isContract(address) ? address : null, rpcUrls: urls }, wrong };
}

function Field({
  name,
  value,
  onChange,
  isWrong,
}: {
  readonly name: Fault;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly isWrong: boolean;
}) {
  const { t } = useTranslation("ledger");
  const [id, says] = [useId(), useId()];
  const common = {
    id,
    value,
    "aria-describedby": says,
    "aria-invalid": isWrong,
    autoComplete: "off",
    spellCheck: false,
    onChange: ({ target }: { target: { value: string } }) => onChange(target.value),
  };
  return (
    <p>
      <label htmlFor={id}>{t(`${name}.label`)}</label>
      {name === "endpoints" ? <textarea rows={2} {...common} /> : <input {...common} />}
      <small id={says} className={isWrong ? "bad" : "quiet"} role={isWrong ? "alert" : undefined}>
        {t(isWrong ? `${name}.wrong` : `${name}.help`)}
      </small>
    </p>
  );
}
